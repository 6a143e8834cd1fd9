import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { ServerMessage } from '../protocol/chat.ts';
import { HEARTBEAT } from '../protocol/heartbeat.ts';
import { createAllowance } from './allowance.ts';
import { type AttentionOptions, payAttention } from './attention.ts';
import { MESSAGE_COST, NAMES_PER_MS, TALK_OF_ALL } from './bounds.ts';
import { type Neighbours, NO_NEIGHBOURS } from './bus/neighbours.ts';
import { markOf } from './bus/shared-rooms.ts';
import { MAX_REQUEST, readPlace, readRequest } from './chat-request.ts';
import { type Client, createClients } from './clients.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { newsFor, type Seat, takeSeat } from './seat.ts';
import { accept, type ClientService, closeAll, createSocketServer, queryOf, send, tell, toBytes } from './service.ts';
import { together } from './together.ts';

export interface ChatServerOptions extends Partial<AttentionOptions> {
  /** Whether the server says nothing to this client, neither messages nor answers to its heartbeats. */
  isMuted?: (client: string) => boolean;
  /** The least ms between two messages that tell who is here. */
  tellEvery?: number;
  /** What was said. A server that is given the rooms of the one before it goes on with them. */
  rooms?: Rooms;
  /** Who is at the other processes of the same server. */
  neighbours?: Neighbours;
}

/**
 * Chat rooms that can be mounted on any http server. It counts the live connections of each client, tells who has gone
 * silent, and cuts those that are idle: what a heartbeat is for.
 */
export function createChatServer(options: ChatServerOptions = {}): ClientService {
  const { silentAfter = 8_000, idleAfter = 60_000, tellEvery = 100 } = options;
  const { isMuted = () => false, rooms = createRooms(), neighbours = NO_NEIGHBOURS } = options;
  const server = createSocketServer(MAX_REQUEST);
  const attention = payAttention(server.clients, { silentAfter, idleAfter }, tellSilence);
  const clients = createClients(attention.isSilent);
  // Every visitor is told of every other one. One message for each who comes or goes would make cubic traffic.
  const tellPeople = together(tellPeopleNow);
  const mayAllTalk = createAllowance(TALK_OF_ALL.burst, TALK_OF_ALL.perSecond);
  let lastTold = '';
  let isClosing = false;
  rooms.listen((room, from) => {
    // What is said at other processes counts as well.
    if (from && !clients.get(from.id)) mayAllTalk(from.size + MESSAGE_COST);
    clients.forEachIn(room, tellNews);
  });
  neighbours.listen(tellPeople);

  return {
    handleUpgrade(...upgrade) {
      const enter = (): void => accept(server, upgrade, (socket) => join(socket, upgrade[0]));
      const caughtUp = rooms.catchUp(readPlace(queryOf(upgrade[0])));
      if (caughtUp) void caughtUp.then(enter);
      else enter();
    },
    closeClient(client, code, reason) {
      for (const socket of clients.get(client)?.sockets.keys() ?? []) socket.close(code, reason);
    },
    async close() {
      attention.end();
      // Another chat server may take this one's place, and tell of its own people, before the last socket of this one has ended.
      isClosing = true;
      neighbours.tell(new Map());
      await closeAll(server);
    },
  };

  function join(socket: WebSocket, request: IncomingMessage): void {
    const client = clients.identify(request);
    const seat = takeSeat(rooms, queryOf(request));
    client.sockets.set(socket, seat);
    attention.heard(socket);
    socket.on('message', (data, isBinary) => {
      attention.heard(socket);
      answer(client, seat, socket, data, isBinary);
      // Who was told nothing for a while is told what was said meanwhile.
      tellNews(client, socket, seat);
    });
    socket.on('close', () => {
      clients.leave(client, socket);
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
      tell(socket, { type: 'welcome', ...where, ...clients.personOf(client) } satisfies ServerMessage);
      seat.isWelcomed = true;
    }
    const { isReachable } = rooms;
    if (seat.toldReachable !== isReachable) tell(socket, { type: 'reach', isReachable } satisfies ServerMessage);
    seat.toldReachable = isReachable;
    for (const news of newsFor(seat)) send(socket, news);
  }

  function answer(client: Client, seat: Seat, socket: WebSocket, data: RawData, isBinary: boolean): void {
    const text = String(data);
    if (!isBinary && text === HEARTBEAT) {
      // The answer proves that what was said before it is kept.
      if (seat.saying) void seat.saying.then(() => say(client, socket, HEARTBEAT));
      else say(client, socket, HEARTBEAT);
      return;
    }
    const request = readRequest(text, isBinary);
    if (typeof request === 'string') {
      say(client, socket, toBytes({ type: 'error', message: request } satisfies ServerMessage));
      return;
    }
    const { id, name } = client;
    const { key } = request;
    const mark = markOf({ id, ...(key !== undefined && { key }) });
    // Its sender could not know that it had come, and sent it again.
    if (seat.room.has(mark)) return;
    const refuse = (message: string): void =>
      say(client, socket, toBytes({ type: 'error', message, ...(key && { key }) } satisfies ServerMessage));
    const bytes = Buffer.byteLength(text) + MESSAGE_COST;
    if (client.mayTalk(bytes) && mayAllTalk(bytes)) {
      const kept = rooms.say(seat.room, { ...request, id, name, at: Date.now() }, mark);
      if (kept) waitFor(kept, seat, refuse);
    } else refuse('That was too much at once: it was not passed on.');
  }

  function waitFor(kept: Promise<void>, seat: Seat, refuse: (message: string) => void): void {
    const settled = kept.catch(({ message }: Error) => refuse(message));
    const saying = Promise.all([seat.saying, settled]).then(() => {
      if (seat.saying === saying) seat.saying = undefined;
    });
    seat.saying = saying;
  }

  function say({ id }: Client, socket: WebSocket, text: string | Buffer): void {
    if (!isMuted(id)) send(socket, text);
  }

  /** Answers with how long that is enough for, in ms: the longer the more there was to tell. */
  function tellPeopleNow(): number {
    if (isClosing) return 0;
    lastTold = look();
    const here = clients.peopleByRoom();
    neighbours.tell(here);
    const all = neighbours.together(here);
    const counts = Object.fromEntries([...all].map(([name, people]) => [name, people.length]));
    const names = Object.values(counts).reduce((sum, count) => sum + count, 0);
    for (const [name, people] of all) {
      const text = toBytes({ type: 'people', people, rooms: counts } satisfies ServerMessage);
      clients.forEachIn(rooms.get(name), (client, socket) => say(client, socket, text));
    }
    return tellEvery + (names * server.clients.size) / NAMES_PER_MS;
  }

  function look(): string {
    return JSON.stringify(clients.people());
  }

  /** Silence is no event: somebody has to look. */
  function tellSilence(): void {
    if (look() !== lastTold) tellPeople();
  }
}
