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
  /** ms between the last heartbeat of this socket and its answer. 0: no heartbeat was answered yet. */
  readonly roundTrip: number;
}
