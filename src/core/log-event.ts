import type { EventName } from './connection-events.js';
import type { Phase } from './connection-state.js';
import type { HeartbeatSocketError } from './errors.js';
import type { DropReason } from './outbox.js';
import type { CloseInfo } from './ports.js';

/**
 * What set an event off. A command: `open`, `redirect` (a new url), `unset` (no url any more), `close`, `leave`, `send`, `beat`
 * (by a scheduler), `deactivate`, `activate`. The page: `online`, `offline`, `visibilitychange`, `resume`, `pagehide`,
 * `pageshow`. Time: `deadline`. The socket: `opened`, `heard` (a sign of life that was waited for), `message`, `ended`. Or
 * the attempt itself: `threw`.
 */
export type Cause = EventName | 'message' | 'send';

/** What each type of event carries. */
export interface LogDetails {
  /** The phase has changed, from this one. */
  changed: { readonly from: Phase };
  /** An attempt begins. Secrets in the url are masked. */
  attempted: { readonly url: string };
  /** A heartbeat was sent, and what it was. */
  beat: { readonly data: unknown };
  /** A heartbeat was answered. `latency` in ms. */
  answered: { readonly latency: number | undefined };
  /** A message was received. `data` as it came. */
  received: { readonly data: unknown };
  /** A message was handed to the socket. `data` as it went. */
  sent: { readonly data: unknown };
  /** A message is kept for the next connection. */
  buffered: { readonly data: unknown };
  /** A buffered message will not be sent. */
  dropped: { readonly data: unknown; readonly reason: DropReason };
  /** A socket has ended, by itself or because it was closed or given up: once for each. `socket` is its number. */
  ended: CloseInfo & { readonly socket: number };
  /** Something went wrong. */
  erred: { readonly error: HeartbeatSocketError };
}

/** What every event says. */
export interface LogEntry<Type extends keyof LogDetails> {
  readonly type: Type;
  /** When, in ms since the epoch. */
  readonly at: number;
  /** The number of the current socket. It grows with each attempt, and whenever a socket is given up. */
  readonly socket: number;
  /** The phase after the event. */
  readonly phase: Phase;
  /** What set it off. */
  readonly cause: Cause;
}

/**
 * Something that happened to a connection, for logs, bug reports and tools: a union told apart by `type`. `onEvent` gets
 * each one, in order.
 *
 * @example
 * useHeartbeatSocket(url, { onEvent: ({ at, type, ...rest }) => console.debug(new Date(at).toISOString(), type, rest) })
 */
export type HeartbeatSocketEvent = {
  [Type in keyof LogDetails]: LogEntry<Type> & Readonly<LogDetails[Type]>;
}[keyof LogDetails];
