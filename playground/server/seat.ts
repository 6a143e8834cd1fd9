/** Where one connection is in the chat, and what it has been sent. */
import type { MissedReason, ServerMessage } from '../protocol/chat.ts';
import { readPlace } from './chat-request.ts';
import { pastOf, type Room, type Rooms } from './rooms.ts';
import { toBytes } from './service.ts';

export interface Seat {
  readonly room: Room;
  /** The number of the last message that was sent to the connection. */
  upTo: number;
  /** Why the connection cannot be sent everything, as long as it was not told. */
  missing: MissedReason | undefined;
  /** The connection was told where it is. */
  isWelcomed: boolean;
  /** What the connection was told last of whether the other machines can be reached. */
  toldReachable: boolean;
  /** What the connection has said, as long as it is not certain that it is kept. */
  saying: Promise<unknown> | undefined;
}

/** The seat that a client asks for in its url. Who shows no place is told what is said from now on. */
export function takeSeat(rooms: Rooms, query: URLSearchParams): Seat {
  const room = rooms.get(query.get('room'));
  const place = readPlace(query);
  const seat = (upTo: number, missing?: MissedReason): Seat => ({
    room,
    upTo,
    missing,
    isWelcomed: false,
    toldReachable: true,
    saying: undefined,
  });
  if (!place) return seat(room.last);
  const isHere = place.epoch === rooms.epoch;
  // Without the bus the client may have heard more than the rooms, from another process.
  const isKnown = isHere && (place.number <= room.last || (!rooms.isReachable && Number.isFinite(place.number)));
  if (isKnown) return seat(place.number);
  // All that is kept here was said after the place of another epoch.
  return seat(room.forgotten, 'restarted');
}

/** What is to be sent to the connection now: what was said and not sent to it yet. */
export function newsFor(seat: Seat): Buffer[] {
  const { room } = seat;
  const news: Buffer[] = [];
  if (seat.upTo < room.forgotten) {
    seat.upTo = room.forgotten;
    seat.missing ??= 'old';
  }
  if (seat.missing) news.push(toBytes({ type: 'missed', reason: seat.missing } satisfies ServerMessage));
  const messages = room.after(seat.upTo);
  if (messages.length > 1) news.push(pastOf(messages));
  else news.push(...messages);
  seat.missing = undefined;
  seat.upTo = Math.max(seat.upTo, room.last);
  return news;
}
