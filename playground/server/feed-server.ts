import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Figures, SideFigures } from '../protocol/control.ts';
import { type FeedMessage, SIDES, type Side } from '../protocol/feed.ts';
import { HEARTBEAT, HEARTBEAT_INTERVAL } from '../protocol/heartbeat.ts';
import { type AttentionOptions, isOpen, payAttention } from './attention.ts';
import { type ClientService, clientOf, closeAll, queryOf, tell } from './service.ts';

export interface FeedServerOptions extends Partial<AttentionOptions> {
  /** ms between two pushes. */
  every?: number;
  /** Whether the server says nothing to this client, neither pushes nor answers to its heartbeats. */
  isMuted?: (client: string) => boolean;
}

export interface FeedServer extends ClientService {
  /** The connections counted for a client, on each side. */
  figures(client: string): Figures;
}

interface Listener {
  readonly client: string;
  readonly side: Side;
  readonly joinedAt: number;
}

/**
 * ms. The end of one connection and the start of the next come by different TCP connections, in any order: a connection
 * counts once it has stood so long.
 */
const MOMENT = 100;

/** Pushes a number each second to everybody, and counts who is connected. */
export function createFeedServer(options: FeedServerOptions = {}): FeedServer {
  const { every = 1_000, silentAfter = 2 * HEARTBEAT_INTERVAL, idleAfter = 20_000, isMuted = () => false } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  const listeners = new Map<WebSocket, Listener>();
  const attention = payAttention(server.clients, { silentAfter, idleAfter });
  let number = 0;

  const pushes = setInterval(() => {
    number += 1;
    const push: FeedMessage = { type: 'push', number, at: Date.now() };
    for (const socket of listeners.keys()) say(socket, push);
  }, every).unref();

  return {
    handleUpgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (accepted) => join(accepted, request));
    },
    figures: (client) => Object.fromEntries(SIDES.map((side) => [side, count(client, side)])) as Figures,
    closeClient(client, code, reason) {
      for (const [socket, listener] of listeners) if (listener.client === client) socket.close(code, reason);
    },
    async close() {
      attention.end();
      clearInterval(pushes);
      await closeAll(server);
    },
  };

  function join(socket: WebSocket, request: IncomingMessage): void {
    const side = SIDES.find((known) => known === queryOf(request).get('side')) ?? 'ours';
    listeners.set(socket, { client: clientOf(request), side, joinedAt: performance.now() });
    attention.heard(socket);
    socket.on('message', (data) => {
      attention.heard(socket);
      if (String(data) === HEARTBEAT && !isMuted(clientOf(request))) socket.send(HEARTBEAT);
    });
    socket.on('error', () => {});
    socket.on('close', () => listeners.delete(socket));
    say(socket, { type: 'welcome', at: Date.now() });
  }

  function say(socket: WebSocket, message: FeedMessage): void {
    if (!isMuted(listeners.get(socket)?.client ?? '')) tell(socket, message);
  }

  function count(client: string, side: Side): SideFigures {
    const settled = performance.now() - MOMENT;
    const open = [...listeners]
      .filter(([socket, of]) => of.client === client && of.side === side && of.joinedAt <= settled && isOpen(socket))
      .map(([socket]) => socket);
    const silent = open.filter(attention.isSilent).length;
    return { live: open.length - silent, silent };
  }
}
