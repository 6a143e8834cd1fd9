import { randomBytes } from 'node:crypto';
import { type ChatMessage, type Place, ROOMS } from '../protocol/chat.ts';
import { MAX_HISTORY, MAX_HISTORY_BYTES } from './bounds.ts';

interface KeptMessage {
  /** The message as it goes over the wire. */
  readonly bytes: Buffer;
  /** What its sender calls it. */
  readonly mark: string | undefined;
}

/** What was said in one room: the messages are numbered 1, 2, 3…, and the newest of them are kept. */
export interface Room {
  readonly name: string;
  /** The number of the newest message; 0 before the first. */
  readonly last: number;
  /** The number of the newest message that is not kept any more; 0 while all are. */
  readonly forgotten: number;
  /** Whether a message is kept that its sender calls so. */
  has(mark: string | undefined): boolean;
  /** Gives the message its number, and keeps it. */
  add(message: Omit<ChatMessage, keyof Place>, mark?: string): void;
  /** The kept messages with higher numbers than this, as they go over the wire. */
  after(number: number): Buffer[];
}

/** All rooms. Whoever creates them anew begins a new epoch: numbers of another one say nothing. */
export interface Rooms {
  readonly epoch: string;
  /** The room of this name, or the one where a client comes that names none. */
  get(name: string | null): Room;
}

export function createRoom(name: string, epoch: string): Room {
  const kept: KeptMessage[] = [];
  const marks = new Set<string>();
  let bytes = 0;
  let last = 0;

  function forgetFirst(): void {
    const first = kept.shift();
    bytes -= first?.bytes.length ?? 0;
    if (first?.mark !== undefined) marks.delete(first.mark);
  }

  return {
    name,
    get last() {
      return last;
    },
    get forgotten() {
      return last - kept.length;
    },
    has: (mark) => mark !== undefined && marks.has(mark),
    add(message, mark) {
      last += 1;
      const added = { bytes: Buffer.from(JSON.stringify({ ...message, epoch, number: last })), mark };
      kept.push(added);
      bytes += added.bytes.length;
      if (mark !== undefined) marks.add(mark);
      // The newest stays, so that those who are here get it.
      while (kept.length > 1 && (kept.length > MAX_HISTORY || bytes > MAX_HISTORY_BYTES)) forgetFirst();
    },
    after: (number) => kept.slice(Math.max(0, number - (last - kept.length))).map((message) => message.bytes),
  };
}

export function createRooms(): Rooms {
  const epoch = randomBytes(6).toString('base64url');
  const rooms = ROOMS.map((name) => createRoom(name, epoch));
  return {
    epoch,
    get: (name) => rooms.find((room) => room.name === name) ?? (rooms[0] as Room),
  };
}

/** Several messages in one, for a client that has missed them. */
export const pastOf = (messages: readonly Buffer[]): Buffer =>
  Buffer.from(`{"type":"past","messages":[${messages.join(',')}]}`);
