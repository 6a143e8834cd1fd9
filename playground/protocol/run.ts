/**
 * A run of numbered messages each way, to see what arrives under a fault, as JSON. `?run=` names it. The server sends its numbers from the
 * first connection on; who shows `?since=` is sent all that came after that number, and others are sent what is due from now on.
 */

export const RUN_PATH = '/run';

/** The numbers go from 1 to this one, each way. */
export const RUN_LENGTH = 200;

/** ms between two numbers. */
export const RUN_EVERY = 50;

/** What the page sends. */
export interface NumberUp {
  number: number;
}

export type RunMessage =
  | { type: 'down'; number: number }
  /** So many numbers the server has sent so far. Of those that the page has sent, so many have arrived, and so often one came again. */
  | { type: 'count'; sent: number; arrived: number; twice: number };
