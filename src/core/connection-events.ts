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
export type Effect =
  /** Start the attempt that has the state's number. */
  | readonly ['connect']
  /** Run `onConnected`, then send what is buffered. */
  | readonly ['connected']
  /** Send the heartbeat's message. */
  | readonly ['beat']
  /** Handlers off, close it (with code and reason if that is clean), forget it; run `onDisconnected` if it was open. */
  | readonly ['drop', CloseInfo, boolean]
  /** Run `onDisconnected`: an open socket ended by itself. */
  | readonly ['disconnected', CloseInfo]
  /** Nothing that is buffered will be sent. */
  | readonly ['empty', DropReason]
  /** Set `error`: what, its cause, and why no attempt follows, if none does. */
  | readonly ['trouble', Trouble, unknown, GaveUp?]
  /** Run `onFailed`. */
  | readonly ['failed'];
