import { randomBytes } from 'node:crypto';
import { type ChatMessage, type Place, ROOMS } from '../protocol/chat.ts';
import { MAX_HISTORY, MAX_HISTORY_BYTES } from './bounds.ts';

interface KeptMessage {
  readonly number: number;
  /** The message as it goes over the wire. */
  readonly bytes: Buffer;
  /** What its sender calls it. */
  readonly mark: string | undefined;
}

/** What was said in one room: the numbers of the messages rise, and the newest messages are kept. */
export interface Room {
  readonly name: string;
  /** The number of the newest message; before the first the number that the room began with. */
  readonly last: number;
  /** The highest number up to which messages are not kept any more. */
  readonly forgotten: number;
  /** Whether a message is kept that its sender calls so. */
  has(mark: string | undefined): boolean;
  /** Keeps the message under its number: without one it is given the next. */
  add(message: Omit<ChatMessage, keyof Place>, mark?: string, number?: number): void;
  /** Up to this number nothing more is to come. */
  pass(number: number): void;
  /** Keeps nothing of what came up to now: messages up to this number are missing. */
  forget(number: number): void;
  /** The kept messages with higher numbers than this, as they go over the wire. */
  after(number: number): Buffer[];
}

/** All rooms. Whoever creates them anew begins a new epoch: numbers of another one say nothing. */
export interface Rooms {
  readonly epoch: string;
  /** Whether what is said can be passed on now. */
  readonly isReachable: boolean;
  /** The room of this name, or the one where a client comes that names none. */
  get(name: string | null): Room;
  /**
   * Has the message kept. Undefined: it is kept already. A promise resolves once it is kept for certain, and rejects, with a
   * sentence for its sender, when that is not known.
   */
  say(room: Room, message: Omit<ChatMessage, keyof Place>, mark?: string): Promise<void> | undefined;
  /**
   * Undefined: a client with this place can come in. A promise resolves when it can: the rooms have heard less than the client as
   * yet.
   */
  catchUp(place: Place | undefined): Promise<void> | undefined;
  /** Calls the listener, in place of the one before, when there is news in a room, and for all rooms when they are reached or not. */
  listen(listener: RoomsListener): void;
}

/** Hears that a room has news. `from`: the sender, at this process or another one; `size`: the bytes of the message. */
export type RoomsListener = (room: Room | undefined, from?: { id: string; size: number }) => void;

/** Makes a room. `before`: it keeps no messages up to this number. */
export function createRoom(name: string, epoch: string, before = 0): Room {
  const kept: KeptMessage[] = [];
  const marks = new Set<string>();
  let bytes = 0;
  let last = before;
  let forgotten = before;

  function forgetFirst(): void {
    const { number, bytes: gone, mark } = kept.shift() as KeptMessage;
    forgotten = number;
    bytes -= gone.length;
    if (mark !== undefined) marks.delete(mark);
  }

  return {
    name,
    get last() {
      return last;
    },
    get forgotten() {
      return forgotten;
    },
    has: (mark) => mark !== undefined && marks.has(mark),
    add(message, mark, number = last + 1) {
      last = number;
      const added = { number, bytes: Buffer.from(JSON.stringify({ ...message, epoch, number })), mark };
      kept.push(added);
      bytes += added.bytes.length;
      if (mark !== undefined) marks.add(mark);
      // The newest stays, so that those who are here get it.
      while (kept.length > 1 && (kept.length > MAX_HISTORY || bytes > MAX_HISTORY_BYTES)) forgetFirst();
    },
    pass(number) {
      last = number;
    },
    forget(number) {
      while (kept.length) forgetFirst();
      last = forgotten = number;
    },
    after: (number) => kept.slice(kept.findLastIndex((one) => one.number <= number) + 1).map((one) => one.bytes),
  };
}

/** The rooms of a server that is alone. */
export function createRooms(): Rooms {
  const epoch = randomBytes(6).toString('base64url');
  const rooms = ROOMS.map((name) => createRoom(name, epoch));
  let tell: RoomsListener = () => {};
  return {
    epoch,
    isReachable: true,
    get: (name) => find(rooms, name),
    say(room, message, mark) {
      room.add(message, mark);
      tell(room);
      return undefined;
    },
    catchUp: () => undefined,
    listen(listener) {
      tell = listener;
    },
  };
}

/** The room of this name, or the first. */
export const find = (rooms: readonly Room[], name: string | null): Room =>
  rooms.find((room) => room.name === name) ?? (rooms[0] as Room);

/** Several messages in one, for a client that has missed them. */
export const pastOf = (messages: readonly Buffer[]): Buffer =>
  Buffer.from(`{"type":"past","messages":[${messages.join(',')}]}`);
