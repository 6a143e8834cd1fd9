import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import {
  CHAT_PATH,
  type ChatRequest,
  HEARTBEAT,
  MAX_NAME,
  MAX_TEXT,
  type Person,
  type ServerMessage,
} from './chat-protocol.ts';

export interface ChatServerOptions {
  /** ms without a message after which a connection is cut. Default 60_000, as many proxies have it. */
  idleAfter?: number;
}

export interface ChatServer {
  /** Takes over a request to upgrade: give it what an http server's `upgrade` event brings. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes each connection with 1012 (service restart), and resolves once all are gone. */
  close(): Promise<void>;
}

/** One page, whatever the number of its connections. */
interface Client {
  readonly id: string;
  name: string;
  readonly sockets: Set<WebSocket>;
}

/** Room for the longest text with each of its characters escaped (`\u0000`), and for what is around it. */
const MAX_PAYLOAD = MAX_TEXT * 6 + 1_024;
/** How long `close()` waits for clients that do not answer, in ms. */
const CLOSE_GRACE = 1_000;

const pathAndQuery = ({ url = '/' }: IncomingMessage): string[] => url.split('?', 2);

/** Whether a request is for the chat, and not for something else on the same http server. */
export const isChatRequest = (request: IncomingMessage): boolean => pathAndQuery(request)[0] === CHAT_PATH;

/**
 * A chat room that can be mounted on any http server. It counts the live connections of each client, and cuts those that
 * are idle: what a heartbeat is for.
 */
export function createChatServer({ idleAfter = 60_000 }: ChatServerOptions = {}): ChatServer {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD });
  const clients = new Map<string, Client>();
  const heardAt = new WeakMap<WebSocket, number>();
  let guests = 0;
  let seq = 0;

  // Not Date.now(): a laptop that has slept would find everybody idle.
  const now = (): number => performance.now();
  const sweep = setInterval(() => {
    for (const socket of server.clients) if (now() - (heardAt.get(socket) ?? 0) >= idleAfter) socket.terminate();
  }, idleAfter / 6).unref();

  return {
    handleUpgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (accepted) => join(accepted, request));
    },
    async close() {
      clearInterval(sweep);
      for (const socket of server.clients) socket.close(1012, 'restarting');
      const grace = setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, CLOSE_GRACE);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(grace);
    },
  };

  function join(socket: WebSocket, request: IncomingMessage): void {
    const client = identify(new URLSearchParams(pathAndQuery(request)[1]));
    client.sockets.add(socket);
    heardAt.set(socket, now());
    socket.on('message', (data, isBinary) => {
      heardAt.set(socket, now());
      answer(client, socket, data, isBinary);
    });
    // A frame that is too large or makes no sense ends its socket. Unheard, the error would end the server.
    socket.on('error', () => {});
    socket.on('close', () => {
      client.sockets.delete(socket);
      if (!client.sockets.size) clients.delete(client.id);
      broadcast(people());
    });
    tell(socket, { type: 'welcome', ...personOf(client) });
    broadcast(people());
  }

  /** A client is who it says it is: this is a playground. One that says nothing is a new guest. */
  function identify(query: URLSearchParams): Client {
    const id = query.get('client')?.slice(0, 64) || randomUUID();
    const name = cleanName(query.get('name'));
    const client = clients.get(id) ?? { id, name: name || `Guest ${++guests}`, sockets: new Set() };
    if (name) client.name = name;
    clients.set(id, client);
    return client;
  }

  function answer(client: Client, socket: WebSocket, data: RawData, isBinary: boolean): void {
    const text = String(data);
    if (!isBinary && text === HEARTBEAT) {
      socket.send(HEARTBEAT);
      return;
    }
    const request = isBinary ? 'Text messages only, please.' : readRequest(text);
    if (typeof request === 'string') {
      tell(socket, { type: 'error', message: request });
      return;
    }
    seq += 1;
    broadcast({ ...request, id: client.id, name: client.name, at: Date.now(), seq });
  }

  function people(): ServerMessage {
    return { type: 'people', people: [...clients.values()].map(personOf).filter(({ connections }) => connections) };
  }

  function broadcast(message: ServerMessage): void {
    for (const socket of server.clients) tell(socket, message);
  }
}

function tell(socket: WebSocket, message: ServerMessage): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** One that has said goodbye counts no more, though its `close` event is still to come: the next may be here before it. */
function personOf({ id, name, sockets }: Client): Person {
  const live = [...sockets].filter(({ readyState }) => readyState === WebSocket.OPEN);
  return { id, name, connections: live.length };
}

function cleanName(given: string | null): string {
  const visible = (given ?? '').replace(/\p{C}/gu, '').trim();
  return [...visible].slice(0, MAX_NAME).join('');
}

/** The request in a message, or what is wrong with it. */
function readRequest(message: string): ChatRequest | string {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return 'That was not JSON.';
  }
  const { type, text, key } = Object(value) as Partial<Record<keyof ChatRequest, unknown>>;
  if (type !== 'chat') return "The type must be 'chat'.";
  if (typeof text !== 'string' || !text.trim()) return 'The text must be a string that says something.';
  if (text.length > MAX_TEXT) return `The text must have ${MAX_TEXT} characters at most.`;
  return { type, text, ...(typeof key === 'string' && { key: key.slice(0, 64) }) };
}
