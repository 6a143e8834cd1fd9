import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { HEARTBEAT, HEARTBEAT_INTERVAL } from '../protocol/heartbeat.ts';
import { MAX_TAB_NAME, MAX_TAB_TEXT, type TabsMessage, type TabsRequest } from '../protocol/tabs.ts';
import { createAllowance } from './allowance.ts';
import { type AttentionOptions, isOpen, payAttention } from './attention.ts';
import { MESSAGE_COST, TALK, TALK_OF_ALL } from './bounds.ts';
import { cleanName } from './chat-request.ts';
import {
  accept,
  type ClientService,
  clientOf,
  closeAll,
  createSocketServer,
  queryOf,
  send,
  tell,
  toBytes,
} from './service.ts';

export interface TabsServerOptions extends Partial<AttentionOptions> {
  /** Whether the server says nothing to this client. */
  isMuted?: (client: string) => boolean;
}

interface Listener {
  readonly client: string;
  /** The browser whose tabs share the socket. */
  readonly browser: string;
  readonly joinedAt: number;
  readonly mayTalk: (cost: number) => boolean;
  /** The number that the socket was told last, and when. */
  told: number;
  toldAt: number;
}

/** ms between two looks at the numbers, and between two messages of the same number. */
const LOOK = 100;
const EVERY = 1_000;

/** ms. One socket ends and another one begins by different TCP connections, in any order: a socket counts once it has stood so long. */
const MOMENT = 100;

/** Tells each socket how many sockets its browser has, and passes on what a tab says to all sockets of the same browser. */
export function createTabsServer(options: TabsServerOptions = {}): ClientService {
  const { silentAfter = 2 * HEARTBEAT_INTERVAL, idleAfter = 20_000, isMuted = () => false } = options;
  const server = createSocketServer(4_096);
  const listeners = new Map<WebSocket, Listener>();
  const attention = payAttention(server.clients, { silentAfter, idleAfter });
  const mayAllTalk = createAllowance(TALK_OF_ALL.burst, TALK_OF_ALL.perSecond);

  const looks = setInterval(tellCounts, LOOK).unref();

  return {
    handleUpgrade: (...upgrade) => accept(server, upgrade, (socket) => join(socket, upgrade[0])),
    closeClient(client, code, reason) {
      for (const [socket, listener] of listeners) if (listener.client === client) socket.close(code, reason);
    },
    async close() {
      attention.end();
      clearInterval(looks);
      await closeAll(server);
    },
  };

  function join(socket: WebSocket, request: IncomingMessage): void {
    const listener: Listener = {
      client: clientOf(request),
      browser: (queryOf(request).get('browser') ?? '').slice(0, 64),
      joinedAt: performance.now(),
      mayTalk: createAllowance(TALK.burst, TALK.perSecond),
      told: 0,
      toldAt: 0,
    };
    listeners.set(socket, listener);
    attention.heard(socket);
    socket.on('message', (data, isBinary) => {
      attention.heard(socket);
      const text = String(data);
      if (!isBinary && text === HEARTBEAT) {
        if (!isMuted(listener.client)) send(socket, HEARTBEAT);
      } else if (!isBinary) passOn(listener, text);
    });
    socket.on('close', () => listeners.delete(socket));
  }

  /** What makes no sense, or is too much at once, is passed on to nobody. */
  function passOn({ browser, mayTalk }: Listener, given: string): void {
    const request = readRequest(given);
    const cost = Buffer.byteLength(given) + MESSAGE_COST;
    if (!request || !mayTalk(cost) || !mayAllTalk(cost)) return;
    const { text, from } = request;
    const said = toBytes({ type: 'said', text, from, at: Date.now() } satisfies TabsMessage);
    for (const [socket, other] of listeners) {
      if (other.browser === browser && !isMuted(other.client)) send(socket, said);
    }
  }

  function tellCounts(): void {
    const now = performance.now();
    const settled = [...listeners].filter(([socket, { joinedAt }]) => joinedAt <= now - MOMENT && isOpen(socket));
    const counts = new Map<string, number>();
    for (const [socket, { browser }] of settled) {
      if (!attention.isSilent(socket)) counts.set(browser, (counts.get(browser) ?? 0) + 1);
    }
    for (const [socket, listener] of settled) {
      const sockets = counts.get(listener.browser) ?? 0;
      const isNews = sockets !== listener.told || now - listener.toldAt >= EVERY;
      if (!isNews || isMuted(listener.client)) continue;
      listener.told = sockets;
      listener.toldAt = now;
      tell(socket, { type: 'count', sockets } satisfies TabsMessage);
    }
  }
}

function readRequest(given: string): TabsRequest | undefined {
  let value: Partial<Record<keyof TabsRequest, unknown>>;
  try {
    value = Object(JSON.parse(given));
  } catch {
    return undefined;
  }
  const { type, text, from } = value;
  if (type !== 'say' || typeof text !== 'string' || !text.trim() || text.length > MAX_TAB_TEXT) return undefined;
  return { type, text, from: typeof from === 'string' ? cleanName(from).slice(0, MAX_TAB_NAME) : '' };
}
