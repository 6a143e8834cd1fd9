/** Who is connected to the chat of this process. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Person } from '../protocol/chat.ts';
import { createAllowance } from './allowance.ts';
import { isOpen } from './attention.ts';
import { TALK } from './bounds.ts';
import { cleanName } from './chat-request.ts';
import type { Room } from './rooms.ts';
import type { Seat } from './seat.ts';
import { clientOf, queryOf } from './service.ts';

/** One page, whatever the number of its connections. */
export interface Client {
  readonly id: string;
  name: string;
  readonly sockets: Map<WebSocket, Seat>;
  /** Whether the client may say so many bytes more. */
  readonly mayTalk: (bytes: number) => boolean;
}

export function createClients(isSilent: (socket: WebSocket) => boolean) {
  const clients = new Map<string, Client>();
  let guests = 0;

  function personOf({ id, name, sockets }: Client): Person {
    const open = [...sockets.keys()].filter(isOpen);
    const silent = open.filter(isSilent);
    return {
      id,
      name,
      connections: open.length - silent.length,
      isSilent: open.length > 0 && silent.length === open.length,
    };
  }

  return {
    personOf,
    get: (id: string): Client | undefined => clients.get(id),
    /** The client of a request: one that says no id is a new guest. */
    identify(request: IncomingMessage): Client {
      const id = clientOf(request) || randomUUID();
      const name = cleanName(queryOf(request).get('name'));
      const client = clients.get(id) ?? newClient(id, name || `Guest ${++guests}`);
      if (name) client.name = name;
      clients.set(id, client);
      return client;
    },
    /** A connection of a client has ended. */
    leave(client: Client, socket: WebSocket): void {
      client.sockets.delete(socket);
      if (!client.sockets.size) clients.delete(client.id);
    },
    people: (): Person[] => [...clients.values()].map(personOf),
    /** The people of each room. One that has said goodbye counts no more, though its `close` event is still to come. */
    peopleByRoom(): Map<string, Person[]> {
      const byRoom = new Map<string, Person[]>();
      for (const client of clients.values()) {
        const entered = new Set(
          [...client.sockets].filter(([socket]) => isOpen(socket)).map(([, { room }]) => room.name),
        );
        for (const room of entered) {
          const people = byRoom.get(room);
          if (people) people.push(personOf(client));
          else byRoom.set(room, [personOf(client)]);
        }
      }
      return byRoom;
    },
    /** Acts on each connection in a room. Without a room: in all. */
    forEachIn(room: Room | undefined, act: (client: Client, socket: WebSocket, seat: Seat) => void): void {
      for (const client of clients.values()) {
        for (const [socket, seat] of client.sockets) if (!room || seat.room === room) act(client, socket, seat);
      }
    },
  };
}

const newClient = (id: string, name: string): Client => ({
  id,
  name,
  sockets: new Map(),
  mayTalk: createAllowance(TALK.burst, TALK.perSecond),
});
