import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { type ChatRequest, MAX_NAME, MAX_TEXT, type Person, ROOMS, type ServerMessage } from '../protocol/chat.ts';
import { HEARTBEAT } from '../protocol/heartbeat.ts';
import { createAllowance } from './allowance.ts';
import { type AttentionOptions, isOpen, payAttention } from './attention.ts';
import { MESSAGE_COST, NAMES_PER_MS, TALK, TALK_OF_ALL } from './bounds.ts';
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
import { together } from './together.ts';

export interface ChatServerOptions extends Partial<AttentionOptions> {
  /** Whether the server says nothing to this client, neither messages nor answers to its heartbeats. */
  isMuted?: (client: string) => boolean;
  /** The least ms between two messages that tell who is here. */
  tellEvery?: number;
}

/** One page, whatever the number of its connections. */
interface Client {
  readonly id: string;
  name: string;
  /** The room of each of its connections. */
  readonly sockets: Map<WebSocket, string>;
  /** Whether the client may say so many bytes more. */
  readonly mayTalk: (bytes: number) => boolean;
}

/** Room for the longest text with each of its characters escaped (`\u0000`), and for what is around it. */
const MAX_PAYLOAD = MAX_TEXT * 6 + 1_024;

/**
 * Chat rooms that can be mounted on any http server. It counts the live connections of each client, tells who has gone
 * silent, and cuts those that are idle: what a heartbeat is for.
 */
export function createChatServer(options: ChatServerOptions = {}): ClientService {
  const { silentAfter = 8_000, idleAfter = 60_000, isMuted = () => false, tellEvery = 100 } = options;
  const server = createSocketServer(MAX_PAYLOAD);
  const clients = new Map<string, Client>();
  const attention = payAttention(server.clients, { silentAfter, idleAfter }, tellSilence);
  // Every visitor is told of every other one. One message for each who comes or goes would make cubic traffic.
  const tellPeople = together(tellPeopleNow);
  const mayAllTalk = createAllowance(TALK_OF_ALL.burst, TALK_OF_ALL.perSecond);
  let lastTold = '';
  let guests = 0;
  let seq = 0;

  return {
    handleUpgrade: (...upgrade) => accept(server, upgrade, (socket) => join(socket, upgrade[0])),
    closeClient(client, code, reason) {
      for (const socket of clients.get(client)?.sockets.keys() ?? []) socket.close(code, reason);
    },
    async close() {
      attention.end();
      await closeAll(server);
    },
  };

  function join(socket: WebSocket, request: IncomingMessage): void {
    const client = identify(request);
    const room = ROOMS.find((known) => known === queryOf(request).get('room')) ?? ROOMS[0];
    client.sockets.set(socket, room);
    attention.heard(socket);
    socket.on('message', (data, isBinary) => {
      attention.heard(socket);
      answer(client, room, socket, data, isBinary);
    });
    socket.on('close', () => {
      client.sockets.delete(socket);
      if (!client.sockets.size) clients.delete(client.id);
      tellPeople();
    });
    say(client, socket, toBytes({ type: 'welcome', room, ...personOf(client) } satisfies ServerMessage));
    tellPeople();
  }

  /** One that says no id is a new guest. */
  function identify(request: IncomingMessage): Client {
    const id = clientOf(request) || randomUUID();
    const name = clean(queryOf(request).get('name'));
    const client = clients.get(id) ?? newClient(id, name || `Guest ${++guests}`);
    if (name) client.name = name;
    clients.set(id, client);
    return client;
  }

  function answer(client: Client, room: string, socket: WebSocket, data: RawData, isBinary: boolean): void {
    const text = String(data);
    if (!isBinary && text === HEARTBEAT) {
      say(client, socket, HEARTBEAT);
      return;
    }
    const bytes = Buffer.byteLength(text) + MESSAGE_COST;
    const mayTalk = client.mayTalk(bytes) && mayAllTalk(bytes);
    const request = mayTalk ? readRequest(text, isBinary) : 'That was too much at once: it was not passed on.';
    if (typeof request === 'string') {
      say(client, socket, toBytes({ type: 'error', message: request } satisfies ServerMessage));
      return;
    }
    seq += 1;
    const { id, name } = client;
    broadcast({ ...request, id, name, at: Date.now(), seq }, room);
  }

  function say({ id }: Client, socket: WebSocket, text: string | Buffer): void {
    if (!isMuted(id)) send(socket, text);
  }

  function broadcast(message: ServerMessage, to: string): void {
    const text = toBytes(message);
    for (const client of clients.values()) {
      for (const [socket, room] of client.sockets) if (room === to) say(client, socket, text);
    }
  }

  /** The people of each room. One that has said goodbye counts no more, though its `close` event is still to come. */
  function peopleByRoom(): Map<string, Person[]> {
    const rooms = new Map<string, Person[]>();
    for (const client of clients.values()) {
      const entered = new Set([...client.sockets].filter(([socket]) => isOpen(socket)).map(([, room]) => room));
      for (const room of entered) {
        const people = rooms.get(room);
        if (people) people.push(personOf(client));
        else rooms.set(room, [personOf(client)]);
      }
    }
    return rooms;
  }

  /** Answers with how long that is enough for, in ms: the longer the more there was to tell. */
  function tellPeopleNow(): number {
    lastTold = look();
    const byRoom = peopleByRoom();
    const rooms = Object.fromEntries([...byRoom].map(([room, people]) => [room, people.length]));
    for (const [room, people] of byRoom) broadcast({ type: 'people', people, rooms }, room);
    return tellEvery + (clients.size * server.clients.size) / NAMES_PER_MS;
  }

  function personOf({ id, name, sockets }: Client): Person {
    const open = [...sockets.keys()].filter(isOpen);
    const silent = open.filter(attention.isSilent);
    return {
      id,
      name,
      connections: open.length - silent.length,
      isSilent: open.length > 0 && silent.length === open.length,
    };
  }

  function look(): string {
    return JSON.stringify([...clients.values()].map(personOf));
  }

  /** Silence is no event: somebody has to look. */
  function tellSilence(): void {
    if (look() !== lastTold) tellPeople();
  }
}

const newClient = (id: string, name: string): Client => ({
  id,
  name,
  sockets: new Map(),
  mayTalk: createAllowance(TALK.burst, TALK.perSecond),
});

/** A name, without what cannot be seen. */
function clean(given: string | null): string {
  const visible = (given ?? '').replace(/\p{C}/gu, '').trim();
  return [...visible].slice(0, MAX_NAME).join('');
}

/** The request in a message, or what is wrong with it. */
function readRequest(message: string, isBinary: boolean): ChatRequest | string {
  if (isBinary) return 'Text messages only, please.';
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
