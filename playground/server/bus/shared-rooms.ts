/** The rooms of several processes: each process reads the log of the bus into rooms of its own, and all have the same numbers. */
import { ROOMS } from '../../protocol/chat.ts';
import { createRoom, find, type Room, type Rooms, type RoomsListener } from '../rooms.ts';
import { BUS_PATIENCE, type Bus } from './bus.ts';
import { readSaid, type Said, writeSaid } from './bus-words.ts';

export interface SharedRooms extends Rooms {
  /** Calls the listener when the bus has lost its log and another one has begun: who is here has to come anew. */
  onLost(listener: () => void): void;
}

/** What the sender calls a message; the same at each process. */
export const markOf = ({ id, key }: Pick<Said, 'id' | 'key'>): string | undefined =>
  key === undefined ? undefined : `${id} ${key}`;

/** Resolves once all that is in the log is here. */
export async function createSharedRooms(bus: Bus): Promise<SharedRooms> {
  let epoch = '';
  let rooms: Room[] = [];
  let last = 0;
  const waiting = createWaiting();
  let tell: RoomsListener = () => {};
  let lost = (): void => {};

  function begin(nextEpoch: string, forgotten: number): void {
    const isFirst = !rooms.length;
    epoch = nextEpoch;
    last = forgotten;
    rooms = ROOMS.map((name) => createRoom(name, epoch, forgotten));
    waiting.letIn(Infinity);
    if (!isFirst) lost();
  }

  /**
   * What makes no sense takes up its number and is told to nobody, and so does what comes again: all processes read the same
   * order, and so drop the same.
   */
  function read(number: number, name: string, bytes: Uint8Array): void {
    if (number <= last) return;
    // The log has lost the numbers that it leaves out, and nobody knows in which rooms they were.
    if (number > last + 1) for (const room of rooms) room.forget(number - 1);
    last = number;
    const room = rooms.find((one) => one.name === name);
    const said = readSaid(bytes);
    const mark = said && markOf(said);
    if (room && said && !room.has(mark)) room.add(said, mark, number);
    for (const one of rooms) one.pass(number);
    waiting.letIn(last);
    if (room && said) tell(room, { id: said.id, size: bytes.length });
  }

  await bus.follow({ begin, read, reach: () => tell(undefined) });

  return {
    get epoch() {
      return epoch;
    },
    get isReachable() {
      return bus.isReachable;
    },
    get: (name) => find(rooms, name),
    say: (room, said) => append(bus, room.name, said),
    catchUp(place) {
      const isAhead = place?.epoch === epoch && place.number > last && Number.isFinite(place.number);
      if (!isAhead || !bus.isReachable) return undefined;
      return waiting.until(place.number);
    },
    listen(listener) {
      tell = listener;
    },
    onLost(listener) {
      lost = listener;
    },
  };
}

/**
 * Clients that wait until the rooms have read up to a number. They wait for a short time only, since a client can show any
 * number.
 */
function createWaiting() {
  const waiting = new Map<() => void, number>();
  return {
    until: (number: number): Promise<void> =>
      new Promise((resolve) => {
        waiting.set(resolve, number);
        setTimeout(() => {
          waiting.delete(resolve);
          resolve();
        }, BUS_PATIENCE).unref();
      }),
    letIn(upTo: number): void {
      for (const [resolve, number] of waiting) {
        if (number > upTo) continue;
        waiting.delete(resolve);
        resolve();
      }
    },
  };
}

/** Puts a message into the log. The error of one that is not put there has a sentence for the sender. */
async function append(bus: Bus, room: string, said: Said): Promise<void> {
  if (!bus.isReachable) throw new Error('The server cannot reach the others: it was not passed on.');
  try {
    await bus.append(room, writeSaid(said));
  } catch {
    throw new Error('The server could not reach the others in time: it was probably not passed on.');
  }
}
