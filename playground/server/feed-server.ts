import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Figures, SideFigures } from '../protocol/control.ts';
import { type FeedMessage, SIDES, type Side } from '../protocol/feed.ts';
import { HEARTBEAT, HEARTBEAT_INTERVAL } from '../protocol/heartbeat.ts';
import { type AttentionOptions, isOpen, payAttention } from './attention.ts';
import {
  accept,
  type ClientService,
  clientOf,
  closeAll,
  createSocketServer,
  queryOf,
  send,
  toBytes,
} from './service.ts';

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
  const server = createSocketServer(1_024);
  const listeners = new Map<WebSocket, Listener>();
  const attention = payAttention(server.clients, { silentAfter, idleAfter });
  let number = 0;

  const pushes = setInterval(() => {
    number += 1;
    const push = toBytes({ type: 'push', number, at: Date.now() } satisfies FeedMessage);
    for (const socket of listeners.keys()) say(socket, push);
  }, every).unref();

  return {
    handleUpgrade: (...upgrade) => accept(server, upgrade, (socket) => join(socket, upgrade[0])),
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
      if (String(data) === HEARTBEAT) say(socket, HEARTBEAT);
    });
    socket.on('close', () => listeners.delete(socket));
    say(socket, toBytes({ type: 'welcome', at: Date.now() } satisfies FeedMessage));
  }

  function say(socket: WebSocket, text: string | Buffer): void {
    if (!isMuted(listeners.get(socket)?.client ?? '')) send(socket, text);
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
