/** What page and server say to each other, as JSON. The heartbeat is the one message that is plain text. */

export const CHAT_PATH = '/chat';
export const HEARTBEAT = 'HeartBeat';

/** The longest text of one message, in UTF-16 units, as the `maxlength` of an input counts them. */
export const MAX_TEXT = 2_000;
export const MAX_NAME = 40;

export interface Person {
  id: string;
  name: string;
  /** Live connections that the server counts for this client. More than one is what this library exists to prevent. */
  connections: number;
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
  | ({ type: 'welcome' } & Person)
  | { type: 'people'; people: Person[] }
  | ChatMessage
  | { type: 'error'; message: string };
