/** What the chat room and its server say to each other, as JSON. The heartbeat is the one message that is plain text. */

export const CHAT_PATH = '/chat';

/** The longest text of one message, in UTF-16 units, as the `maxlength` of an input counts them. */
export const MAX_TEXT = 2_000;
export const MAX_NAME = 40;

/** The rooms the page offers; the first is where a client comes that names none, or another. */
export const ROOMS = ['Lobby', 'Workshop', 'Garden'] as const;

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
  /** Comes back with the message, so that its sender knows which one has arrived. */
  key?: string;
}

export interface ChatMessage {
  type: 'chat';
  id: string;
  name: string;
  text: string;
  /** ms since the epoch, by the server's clock. */
  at: number;
  /** 1, 2, 3… since the server started. */
  seq: number;
  key?: string;
}

export type ServerMessage =
  | ({ type: 'welcome'; room: string } & Person)
  /** Who is in the room, and how many are in each. Sent whenever it changes. */
  | { type: 'people'; people: Person[]; rooms: Record<string, number> }
  | ChatMessage
  | { type: 'error'; message: string };
