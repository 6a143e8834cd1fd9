import type { Settings } from './options.js';

/** The figures of the heartbeat that may change while a connection is open. */
type Figures = 'interval' | 'pongTimeout';

/** The moment of an event: everything beside the state that a decision may depend on. */
export interface Moment extends Omit<Settings, Figures>, Readonly<Record<Figures, number>> {
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
  /** Attempts have been made in this task of the event loop, so that the next one waits for another task. */
  readonly mustYield: boolean;
  /** Whether messages wait to be sent, or bytes of them are still in the browser. */
  readonly pending: boolean;
  /** Whether messages are kept: not handed over yet, or not proven. */
  readonly kept: boolean;
  /** ms between the last heartbeat of this socket and its answer. 0: no heartbeat was answered yet. */
  readonly latency: number;
  /** The `readyState` of the socket. 2: a close frame has come. 3: it is closed. */
  readonly readyState: number | undefined;
  /** When the last message of the app came, on whatever socket. */
  readonly lastMessageAt: number;
  /** Bytes that the socket was seen to have sent. */
  readonly drained: number;
}
