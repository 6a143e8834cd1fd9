import { WebSocket } from 'ws';

export interface AttentionOptions {
  /** ms without a message after which a connection counts as silent: two heartbeats were missed. */
  silentAfter: number;
  /** ms without a message after which a connection is cut. */
  idleAfter: number;
}

/** Who of the connected was heard from lately. A dead link says nothing about its death: silence is all a server sees. */
export interface Attention {
  heard(socket: WebSocket): void;
  isSilent(socket: WebSocket): boolean;
  end(): void;
}

/** Cuts the sockets that are idle. `swept` is called after each look at them. */
export function payAttention(
  sockets: Iterable<WebSocket>,
  { silentAfter, idleAfter }: AttentionOptions,
  swept: () => void = () => {},
): Attention {
  const heardAt = new WeakMap<WebSocket, number>();
  // Not Date.now(): a laptop that has slept would find everybody idle.
  const now = (): number => performance.now();
  const quietFor = (socket: WebSocket): number => now() - (heardAt.get(socket) ?? 0);

  const sweep = (): void => {
    for (const socket of sockets) if (quietFor(socket) >= idleAfter) socket.terminate();
    swept();
  };
  const timer = setInterval(sweep, Math.min(silentAfter, idleAfter) / 6).unref();

  return {
    heard: (socket) => void heardAt.set(socket, now()),
    isSilent: (socket) => quietFor(socket) >= silentAfter,
    end: () => clearInterval(timer),
  };
}

export const isOpen = ({ readyState }: WebSocket): boolean => readyState === WebSocket.OPEN;
