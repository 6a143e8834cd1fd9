import type { Settings } from './options.js';

/** The moment of an event: everything beside the state that a decision may depend on. */
export interface Moment extends Settings {
  /** ms on the clock of the core. */
  readonly now: number;
  /** A number in [0, 1), for jitter. */
  readonly random: number;
  /** False only if the browser says that there is no network. */
  readonly online: boolean;
  /** False only if the page is hidden. */
  readonly visible: boolean;
  /** True only if the page is prerendered. */
  readonly prerendering: boolean;
  /** Whether messages wait to be sent. */
  readonly pending: boolean;
  /** ms between the last heartbeat of this socket and its answer. 0: no heartbeat was answered yet. */
  readonly roundTrip: number;
  /** When the last message of the app came, on whatever socket. */
  readonly lastMessageAt: number;
  /** When the socket was last seen to have fewer bytes left to send. */
  readonly drainedAt: number;
}
