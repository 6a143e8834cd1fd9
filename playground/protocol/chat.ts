/** What the chat room and its server say to each other, as JSON. The heartbeat is the one message that is plain text. */

export const CHAT_PATH = '/chat';

/** The longest text of one message, in UTF-16 units, as the `maxlength` of an input counts them. */
export const MAX_TEXT = 2_000;
export const MAX_NAME = 40;

/** The rooms the page offers; the first is where a client comes that names none, or another. */
export const ROOMS = ['Lobby', 'Workshop', 'Garden'] as const;

export type MissedReason = 'old' | 'restarted';

export interface Person {
  id: string;
  name: string;
  /**
   * Live connections that the server counts for this client: open, and heard from lately. More than one is what this
   * library exists to prevent.
   */
  connections: number;
  /** It has a connection still, but nothing was heard from it for a while, not even a heartbeat: its link is probably dead. */
  isSilent: boolean;
}

/** What a client says. */
export interface ChatRequest {
  type: 'chat';
  text: string;
  /**
   * An id that the sender gives to this message alone. It comes back with the message. A message that comes twice with the same
   * key is shown once.
   */
  key?: string;
}

/** A place among the messages of a room. A client shows it as `?epoch=…&since=…`, and is told what came after. */
export interface Place {
  /** Stands for one list of numbers: the server begins a new one when it has lost the messages. */
  epoch: string;
  /** The numbers of a room's messages rise: 1, 2, 3… where one process is the server, and with gaps where there are several. */
  number: number;
}

export interface ChatMessage extends Place {
  type: 'chat';
  id: string;
  name: string;
  text: string;
  /** ms since the epoch, by the server's clock. */
  at: number;
  key?: string;
}

export type ServerMessage =
  /** The messages that follow come after this place. */
  | ({ type: 'welcome'; room: string } & Person & Place)
  /** Who is in the room, and how many are in each. Sent whenever it changes. */
  | { type: 'people'; people: Person[]; rooms: Record<string, number> }
  | ChatMessage
  /** Several messages at once, oldest first: those that the client has missed. */
  | { type: 'past'; messages: ChatMessage[] }
  /**
   * Of what the client asked for, the server does not have everything. `old`: so much was said that the first of it is not kept.
   * `restarted`: the place is of another epoch, so nobody knows what came after it.
   */
  | { type: 'missed'; reason: MissedReason }
  /**
   * Whether the server can reach its other processes. While it cannot, it passes on nothing that is said. Sent when that changes,
   * and to who comes meanwhile.
   */
  | { type: 'reach'; isReachable: boolean }
  /** `key`: of the message that was not passed on. */
  | { type: 'error'; message: string; key?: string };

/** Where a client is that has this message. */
export function placeOf(message: ServerMessage): Place | undefined {
  const last = message.type === 'past' ? message.messages.at(-1) : message;
  return last && 'epoch' in last ? { epoch: last.epoch, number: last.number } : undefined;
}
