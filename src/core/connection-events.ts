/** The words of the state machine: what happens to a connection, and what has to be done about it. */
import type { Alive, Connecting, State } from './connection-state.js';
import type { GaveUp, HeartbeatSocketError, Trouble } from './errors.js';
import type { DropReason } from './outbox.js';
import type { CloseInfo, PageSignal } from './ports.js';

/** Where an attempt goes. */
export interface Target {
  readonly url: unknown;
  readonly protocols?: string | readonly string[] | undefined;
}

/**
 * What can happen, by name, and what comes with it. An event of an attempt or of its socket also carries the number of that
 * attempt.
 */
export interface Events extends Record<PageSignal, undefined> {
  /** The user's `open()`, and the url at that time. */
  open: { readonly url: string };
  /** The user's `close()`, and the url at that time. */
  close: { readonly url: string; readonly code: number; readonly reason: string };
  /**
   * The user's `close({ drain })`, the url at that time, and when the connection is closed at the latest. It comes again when no
   * message is pending any more.
   */
  drain: { readonly url: string; readonly until: number };
  /** The owning scope ended. */
  leave: undefined;
  /** The url is this one now. Empty: there is none any more. */
  url: { readonly url: string };
  /** `<KeepAlive>` has deactivated the component. */
  deactivate: undefined;
  /** `<KeepAlive>` has activated the component again. */
  activate: undefined;
  /** The one timer fired. */
  deadline: undefined;
  /** The user's scheduler asks for a heartbeat. */
  beat: undefined;
  /** The attempt has read the url: `beforeConnect` works for this one. */
  preparing: { readonly url: string };
  /** `beforeConnect` is done: what it gave, if anything, and the url at that time. */
  prepared: { readonly target?: Target | undefined; readonly url: unknown };
  /**
   * The attempt threw: `beforeConnect`, the constructor of the socket, or the application's handshake. `gaveUp`: no attempt is to
   * follow, and why.
   */
  threw: { readonly code: Trouble; readonly thrown: unknown; readonly gaveUp?: GaveUp | undefined };
  /** The socket's `open` event. */
  opened: undefined;
  /** The application's handshake is done. */
  shaken: undefined;
  /** A sign of life from the server. */
  heard: undefined;
  /** The server has named figures of the heartbeat. */
  figures: undefined;
  /** Messages are kept while the connection is open: they are handed over then. */
  kept: { readonly until: number };
  /** A heartbeat could not be sent. */
  unsent: undefined;
  /** The socket's `error` event. */
  faulted: undefined;
  /** The socket's `close` event. */
  ended: CloseInfo;
}

export type EventName = keyof Events;

/** What has to be done, by name, with what it needs. */
export interface Effects {
  /** Make an attempt with the number of the state, and let it read the url. */
  prepare(): void;
  /** Drop what is buffered for other urls than this one. */
  address(url: string): void;
  /** Run `beforeConnect`. */
  ask(): void;
  /** Make the socket. */
  dial(target: Target): void;
  /** Run the application's handshake. */
  shake(): void;
  /** Give up the attempt and its socket: close it if there is one. */
  abandon(how: CloseInfo): void;
  /** Tell of the socket's `error` event. */
  faulted(): void;
  /** Tell that the socket ended by itself. */
  ended(how: CloseInfo): void;
  /** Tell why the connection was lost or the attempt failed. `gaveUp`: no attempt follows. */
  erred(error: HeartbeatSocketError, gaveUp: boolean): void;
  /** The connection is open: send what is buffered. */
  opened(): void;
  /** Hand over what is kept. */
  flush(): void;
  /** Send a heartbeat. */
  beat(): void;
  /** The page or the machine slept: the answers to heartbeats that are under way tell nothing of the round trip. */
  stalled(): void;
  /** Drop everything that is buffered. */
  empty(reason: DropReason): void;
  /** Tell that the connection has been stable for long enough: failures count from 0 again. */
  recovered(): void;
}

export type Effect = { [Name in keyof Effects]: readonly [Name, ...Parameters<Effects[Name]>] }[keyof Effects];

/** The next state, and what has to be done. */
export type Transition = readonly [State, ...Effect[]];

/** How a socket ends: the library gives it up (`abandon`), or it has ended by itself. */
export type Ending = readonly ['abandon' | 'ended', CloseInfo];

/**
 * An open connection is lost, or an attempt has failed. What follows depends on `retries` and `delay`, which may be functions
 * of the caller: the engine asks them, and `afterLoss` decides with their answer.
 */
export interface Loss {
  /** The state in which it happened, with this failure counted. */
  readonly lost: Alive | Connecting;
  readonly code: Trouble;
  /** What was thrown, or how the socket ended. */
  readonly cause: unknown;
  readonly ending: Ending;
  /** The loss was on this side of the link: see `RetryContext`. */
  readonly isLocal: boolean;
  /** The close code is final, and an attempt follows all the same. */
  readonly isForgiven: boolean;
}

/** What the caller's policy makes of a loss: ms until the next attempt, or why there is none. */
export type Plan = number | GaveUp;
