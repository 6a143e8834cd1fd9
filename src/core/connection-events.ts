/** The words of the state machine: what happens to a connection, and what is to be done about it. */
import type { GaveUp, Trouble } from './errors.js';
import type { DropReason } from './outbox.js';
import type { CloseInfo, PageSignal } from './ports.js';

/** What happens, by name, with what comes along. An event of a socket carries that socket's number as well. */
export interface Events extends Record<PageSignal, undefined> {
  open: undefined;
  /** There is a new url. */
  redirect: undefined;
  /** The user's `close()`. */
  close: Omit<CloseInfo, 'wasClean'>;
  leave: undefined;
  /** There is no url any more. */
  unset: undefined;
  /** The kept-alive component goes out of sight, and comes back. */
  deactivate: undefined;
  activate: undefined;
  /** The one timer fired. */
  deadline: undefined;
  /** A beat is due by somebody else's clock. */
  beat: undefined;
  opened: undefined;
  /** A sign of life. */
  heard: undefined;
  /** The socket's `close` event. */
  ended: CloseInfo;
  /** The attempt could not be made. */
  threw: { readonly code: Trouble; readonly thrown: unknown };
}

export type EventName = keyof Events;

/** What is to be done, by name, with what it needs. */
export interface Effects {
  /** Start the attempt that has the state's number. */
  connect(): void;
  /** Run `onConnected`, then send what is buffered. */
  connected(): void;
  /** Send the heartbeat's message. */
  beat(): void;
  /** Handlers off, close it (with code and reason if that is clean), forget it; run `onDisconnected` if it was open. */
  drop(event: CloseInfo, wasOpen: boolean): void;
  /** It ended by itself: run `onDisconnected` if it was open. */
  disconnected(event: CloseInfo, wasOpen: boolean): void;
  /** Nothing that is buffered will be sent. */
  empty(reason: DropReason): void;
  /** Set `error`: what, its cause, and why no attempt follows, if none does. */
  trouble(code: Trouble, cause: unknown, gaveUp?: GaveUp): void;
  /** Run `onFailed`. */
  failed(): void;
}

export type Effect = { [Name in keyof Effects]: readonly [Name, ...Parameters<Effects[Name]>] }[keyof Effects];

/** How a socket ended, and whether it was open. */
export type Ended = readonly ['drop' | 'disconnected', CloseInfo, boolean];
