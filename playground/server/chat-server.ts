import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type ChatRequest, MAX_NAME, MAX_TEXT, type Person, ROOMS, type ServerMessage } from '../protocol/chat.ts';
import { HEARTBEAT } from '../protocol/heartbeat.ts';
import { type AttentionOptions, isOpen, payAttention } from './attention.ts';
import { type ClientService, clientOf, closeAll, queryOf, tell } from './service.ts';

export interface ChatServerOptions extends Partial<AttentionOptions> {
  /** Whether the server says nothing to this client, neither messages nor answers to its heartbeats. */
  isMuted?: (client: string) => boolean;
}

/** One page, whatever the number of its connections. */
interface Client {
  readonly id: string;
  name: string;
  /** The room of each of its connections. */
  readonly sockets: Map<WebSocket, string>;
}

/** Room for the longest text with each of its characters escaped (`\u0000`), and for what is around it. */
const MAX_PAYLOAD = MAX_TEXT * 6 + 1_024;

/**
 * Chat rooms that can be mounted on any http server. It counts the live connections of each client, tells who has gone
 * silent, and cuts those that are idle: what a heartbeat is for.
 */
export function createChatServer(options: ChatServerOptions = {}): ClientService {
  const { silentAfter = 8_000, idleAfter = 60_000, isMuted = () => false } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD });
  const clients = new Map<string, Client>();
  const attention = payAttention(server.clients, { silentAfter, idleAfter }, tellSilence);
  let lastTold = '';
  let guests = 0;
  let seq = 0;

  return {
    handleUpgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (accepted) => join(accepted, request));
    },
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
    const room = clean(queryOf(request).get('room')) || ROOMS[0];
    client.sockets.set(socket, room);
    attention.heard(socket);
    socket.on('message', (data, isBinary) => {
      attention.heard(socket);
      answer(client, room, socket, data, isBinary);
    });
    // A frame that is too large or makes no sense ends its socket. Unheard, the error would end the server.
    socket.on('error', () => {});
    socket.on('close', () => {
      client.sockets.delete(socket);
      if (!client.sockets.size) clients.delete(client.id);
      tellPeople();
    });
    say(client, socket, { type: 'welcome', room, ...personOf(client) });
    tellPeople();
  }

  /** One that says no id is a new guest. */
  function identify(request: IncomingMessage): Client {
    const id = clientOf(request) || randomUUID();
    const name = clean(queryOf(request).get('name'));
    const client = clients.get(id) ?? { id, name: name || `Guest ${++guests}`, sockets: new Map() };
    if (name) client.name = name;
    clients.set(id, client);
    return client;
  }

  function answer(client: Client, room: string, socket: WebSocket, data: RawData, isBinary: boolean): void {
    const text = String(data);
    if (!isBinary && text === HEARTBEAT) {
      if (!isMuted(client.id)) socket.send(HEARTBEAT);
      return;
    }
    const request = isBinary ? 'Text messages only, please.' : readRequest(text);
    if (typeof request === 'string') {
      say(client, socket, { type: 'error', message: request });
      return;
    }
    seq += 1;
    const { id, name } = client;
    broadcast({ ...request, id, name, at: Date.now(), seq }, (other) => other === room);
  }

  function say({ id }: Client, socket: WebSocket, message: ServerMessage): void {
    if (!isMuted(id)) tell(socket, message);
  }

  function broadcast(message: ServerMessage, isFor: (room: string) => boolean): void {
    for (const client of clients.values()) {
      for (const [socket, room] of client.sockets) if (isFor(room)) say(client, socket, message);
    }
  }

  /** The people of each room. One that has said goodbye counts no more, though its `close` event is still to come. */
  function peopleByRoom(): Map<string, Person[]> {
    const rooms = new Map<string, Person[]>();
    for (const client of clients.values()) {
      const entered = new Set([...client.sockets].filter(([socket]) => isOpen(socket)).map(([, room]) => room));
      for (const room of entered) rooms.set(room, [...(rooms.get(room) ?? []), personOf(client)]);
    }
    return rooms;
  }

  function tellPeople(): void {
    lastTold = look();
    const byRoom = peopleByRoom();
    const rooms = Object.fromEntries([...byRoom].map(([room, people]) => [room, people.length]));
    for (const [room, people] of byRoom) broadcast({ type: 'people', people, rooms }, (other) => other === room);
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

/** A name, without what cannot be seen. */
function clean(given: string | null): string {
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
