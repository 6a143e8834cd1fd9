import type { EventName } from './connection-events.js';
import type { HeartbeatSocketError } from './errors.js';
import type { DropReason } from './outbox.js';
import type { Phase } from './phase.js';
import type { CloseInfo } from './ports.js';

/**
 * What led to an event.
 *
 * - A command: `open`, `close`, `drain` (`close({ drain })`), `leave`, `send`, `url` (the url changed or went away), `beat` (the
 *   user's scheduler, or messages that wait for proof), `deactivate`, `activate`.
 * - The page: `online`, `offline`, `networkchange`, `visibilitychange`, `hidden`, `resume`, `pagehide`, `pageshow`,
 *   `prerenderingchange`.
 * - The timer: `deadline`.
 * - The socket: `opened`, `message`, `faulted` (the socket fired an `error` event), `heard` (a message proved that the server is
 *   alive), `unsent` (the socket refused a heartbeat), `figures` (the server has named figures of the heartbeat), `kept`
 *   (messages wait for the open socket), `ended`.
 * - The attempt: `preparing` (the attempt has read the url), `prepared` (`beforeConnect` is done), `shaken` (`handshake` is done),
 *   `threw` (`beforeConnect`, `handshake` or the constructor of the socket threw, or `giveUp` was called).
 */
export type Cause = EventName | 'message' | 'send';

/** What each type of event carries. */
export interface EventDetails {
  /** The phase is another one now; `from` is the one before. */
  changed: { readonly from: Phase };
  /** `beforeConnect` is about to run for this url. Secrets in it are masked. */
  preparing: { readonly url: string };
  /** An attempt made its socket, or tried to. Secrets in the url are masked. */
  attempted: { readonly url: string };
  /**
   * The connection is open. `isFirst`: it is the first time for this url. Otherwise messages may be missing: `lostAt` says when the
   * connection before ended (ms since the epoch), and `cursor` is what the option `cursor` last gave for this url.
   */
  opened: { readonly isFirst: boolean; readonly lostAt: number | undefined; readonly cursor: unknown };
  /** A heartbeat was sent; `data` is its message. */
  beat: { readonly data: unknown };
  /** A heartbeat was answered after `latency` ms. */
  answered: { readonly latency: number | undefined };
  /**
   * A message of the server that the option `control` knows: it answers no heartbeat, and holds nothing for the app or wants a
   * reply. `data` is what came; `reply` went back at once (undefined: nothing did).
   */
  control: { readonly data: unknown; readonly reply: unknown };
  /** The connection has been stable for `stableAfter`: `failures` count from 0 again. */
  recovered: object;
  /** A message was received; `data` is what came. */
  received: { readonly data: unknown };
  /** A message was handed to the socket; `data` is what went over the wire. */
  sent: { readonly data: unknown };
  /** A message is kept for the next connection, or until the socket has room for it. */
  buffered: { readonly data: unknown };
  /** A message will not be sent, or may be lost (`unproven`); `data` is the value that the app gave. */
  dropped: { readonly data: unknown; readonly reason: DropReason };
  /** The server has the message: it is proven. `data` is the value that the app gave. Only with the option `delivery`. */
  delivered: { readonly data: unknown };
  /** The socket fired an `error` event. It does not say why, and usually `ended` follows. */
  faulted: object;
  /**
   * A socket ended by itself, or the library closed it: one event for each socket. `socket` is its number, `wasOpen` says whether
   * it was open.
   */
  ended: CloseInfo & { readonly socket: number; readonly wasOpen: boolean };
  /** This tab holds the connection that tabs share, or does not any more. Only with the option `share`. */
  lead: { readonly isLeader: boolean };
  /** Something went wrong. `gaveUp`: the connection does not try again by itself. */
  erred: { readonly error: HeartbeatSocketError; readonly gaveUp: boolean };
}

export type EventType = keyof EventDetails;

/** What every event carries. */
export interface EventHeader<Type extends EventType> {
  readonly type: Type;
  /** When, in ms since the epoch. */
  readonly at: number;
  /** The number of the current attempt. It grows with each attempt, and whenever a socket is given up. */
  readonly socket: number;
  /** The phase after the event. */
  readonly phase: Phase;
  /** What led to the event. */
  readonly cause: Cause;
}

/**
 * Something that happened to a connection, for logs, bug reports and tools. An event holds no socket and no DOM event, so it can be
 * kept, and `structuredClone` can copy it. `type` tells the members of the union apart. `onEvent` gets each event, in order.
 *
 * @example
 * useHeartbeatSocket(url, { onEvent: ({ at, type, ...rest }) => console.debug(new Date(at).toISOString(), type, rest) })
 */
export type HeartbeatSocketEvent = {
  [Type in EventType]: EventHeader<Type> & Readonly<EventDetails[Type]>;
}[EventType];
