import type { SocketLike } from '../core/ports.js';

/** What a link looks like to the connection of its tab. */
export interface LinkSocket extends SocketLike {
  readyState: number;
  bufferedAmount: number;
  /** The number of the leader's connection. 0: it is not open yet. */
  connection: number;
  /** Bytes that the leader's socket had not sent when the server last gave a sign of life. */
  unsent: number;
  /** How many messages were given to leaders before this socket was made. */
  readonly before: number;
  /** How many of its messages the leader's socket has taken, and how many the server is known to have. */
  took: number;
  delivered: number;
  /** The number of the message for which the server closes the connection. 0: for none. */
  refused: number;
}
