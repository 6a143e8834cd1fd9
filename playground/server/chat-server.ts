import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { Person, ServerMessage } from '../protocol/chat.ts';
import { HEARTBEAT } from '../protocol/heartbeat.ts';
import { createAllowance } from './allowance.ts';
import { type AttentionOptions, isOpen, payAttention } from './attention.ts';
import { MESSAGE_COST, NAMES_PER_MS, TALK, TALK_OF_ALL } from './bounds.ts';
import { cleanName, MAX_REQUEST, readRequest } from './chat-request.ts';
import { createRooms, type Room, type Rooms } from './rooms.ts';
import { newsFor, type Seat, takeSeat } from './seat.ts';
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
  /** What was said. A server that is given the rooms of the one before it goes on with them. */
  rooms?: Rooms;
}

/** One page, whatever the number of its connections. */
interface Client {
  readonly id: string;
  name: string;
  readonly sockets: Map<WebSocket, Seat>;
  /** Whether the client may say so many bytes more. */
  readonly mayTalk: (bytes: number) => boolean;
}

/**
 * Chat rooms that can be mounted on any http server. It counts the live connections of each client, tells who has gone
 * silent, and cuts those that are idle: what a heartbeat is for.
 */
export function createChatServer(options: ChatServerOptions = {}): ClientService {
  const { silentAfter = 8_000, idleAfter = 60_000, tellEvery = 100 } = options;
  const { isMuted = () => false, rooms = createRooms() } = options;
  const server = createSocketServer(MAX_REQUEST);
  const clients = new Map<string, Client>();
  const attention = payAttention(server.clients, { silentAfter, idleAfter }, tellSilence);
  // Every visitor is told of every other one. One message for each who comes or goes would make cubic traffic.
  const tellPeople = together(tellPeopleNow);
  const mayAllTalk = createAllowance(TALK_OF_ALL.burst, TALK_OF_ALL.perSecond);
  let lastTold = '';
  let guests = 0;

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
    const seat = takeSeat(rooms, queryOf(request));
    client.sockets.set(socket, seat);
    attention.heard(socket);
    socket.on('message', (data, isBinary) => {
      attention.heard(socket);
      answer(client, seat.room, socket, data, isBinary);
      // Who was told nothing for a while is told what was said meanwhile.
      tellNews(client, socket, seat);
    });
    socket.on('close', () => {
      client.sockets.delete(socket);
      if (!client.sockets.size) clients.delete(client.id);
      tellPeople();
    });
    tellNews(client, socket, seat);
    tellPeople();
  }

  /** Sends a connection what was said and not sent to it yet. */
  function tellNews(client: Client, socket: WebSocket, seat: Seat): void {
    // What is muted is sent later.
    if (isMuted(client.id)) return;
    if (!seat.isWelcomed) {
      const where = { room: seat.room.name, epoch: rooms.epoch, number: seat.upTo };
      send(socket, toBytes({ type: 'welcome', ...where, ...personOf(client) } satisfies ServerMessage));
      seat.isWelcomed = true;
    }
    for (const news of newsFor(seat)) send(socket, news);
  }

  /** One that says no id is a new guest. */
  function identify(request: IncomingMessage): Client {
    const id = clientOf(request) || randomUUID();
    const name = cleanName(queryOf(request).get('name'));
    const client = clients.get(id) ?? newClient(id, name || `Guest ${++guests}`);
    if (name) client.name = name;
    clients.set(id, client);
    return client;
  }

  function answer(client: Client, room: Room, socket: WebSocket, data: RawData, isBinary: boolean): void {
    const text = String(data);
    if (!isBinary && text === HEARTBEAT) {
      say(client, socket, HEARTBEAT);
      return;
    }
    const request = readRequest(text, isBinary);
    if (typeof request === 'string') {
      say(client, socket, toBytes({ type: 'error', message: request } satisfies ServerMessage));
      return;
    }
    const { key } = request;
    const { id, name } = client;
    const mark = key === undefined ? undefined : `${id} ${key}`;
    // Its sender could not know that it had come, and sent it again.
    if (room.has(mark)) return;
    const bytes = Buffer.byteLength(text) + MESSAGE_COST;
    if (!(client.mayTalk(bytes) && mayAllTalk(bytes))) {
      const message = 'That was too much at once: it was not passed on.';
      say(client, socket, toBytes({ type: 'error', message, ...(key && { key }) } satisfies ServerMessage));
      return;
    }
    room.add({ ...request, id, name, at: Date.now() }, mark);
    forEachIn(room, tellNews);
  }

  function say({ id }: Client, socket: WebSocket, text: string | Buffer): void {
    if (!isMuted(id)) send(socket, text);
  }

  function forEachIn(room: Room, act: (client: Client, socket: WebSocket, seat: Seat) => void): void {
    for (const client of clients.values()) {
      for (const [socket, seat] of client.sockets) if (seat.room === room) act(client, socket, seat);
    }
  }

  /** The people of each room. One that has said goodbye counts no more, though its `close` event is still to come. */
  function peopleByRoom(): Map<Room, Person[]> {
    const byRoom = new Map<Room, Person[]>();
    for (const client of clients.values()) {
      const entered = new Set([...client.sockets].filter(([socket]) => isOpen(socket)).map(([, seat]) => seat.room));
      for (const room of entered) {
        const people = byRoom.get(room);
        if (people) people.push(personOf(client));
        else byRoom.set(room, [personOf(client)]);
      }
    }
    return byRoom;
  }

  /** Answers with how long that is enough for, in ms: the longer the more there was to tell. */
  function tellPeopleNow(): number {
    lastTold = look();
    const byRoom = peopleByRoom();
    const counts = Object.fromEntries([...byRoom].map(([{ name }, people]) => [name, people.length]));
    for (const [room, people] of byRoom) {
      const text = toBytes({ type: 'people', people, rooms: counts } satisfies ServerMessage);
      forEachIn(room, (client, socket) => say(client, socket, text));
    }
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
