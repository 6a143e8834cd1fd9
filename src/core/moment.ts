import type { Settings } from './options.js';

/** The moment of an event: everything beside the state that a decision may depend on. */
export interface Moment extends Settings {
  /** ms on the clock of the core. */
  readonly now: number;
  /** A number in [0, 1), for jitter. */
  readonly random: number;
  /** `offline`: whether the browser says all the same that there is a network. It is not asked for other events, since that takes time. */
  readonly online: boolean;
  /** Whether somebody may see the page. */
  readonly visible: boolean;
  /** ms between the last heartbeat of this socket and its answer. 0: no heartbeat was answered yet. */
  readonly roundTrip: number;
}
