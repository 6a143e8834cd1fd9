import type { ShallowRef } from 'vue';
import type { HeartbeatSocketError } from '../core/errors.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import type { Phase } from '../core/phase.js';

/** The data that a WebSocket sends or receives. */
export type SocketData = Parameters<WebSocket['send']>[0];

/**
 * The state of a connection in the words of `useWebSocket`: `OPEN` in the phases open and suspect, `CONNECTING` in the
 * phase connecting, `CLOSED` in all others.
 */
export type HeartbeatSocketStatus = 'CONNECTING' | 'OPEN' | 'CLOSED';

/** An event as a listener of `on` gets it: one about a message has the app's value beside what goes over the wire. */
export type HeardEvent<Type extends HeartbeatSocketEvent['type'], Read = unknown, Write = unknown> = Extract<
  HeartbeatSocketEvent,
  { readonly type: Type }
> &
  (Type extends 'received'
    ? { readonly value: Read }
    : Type extends 'sent' | 'buffered'
      ? { readonly value: Write }
      : unknown);

/** What {@link useHeartbeatSocket} returns. All state is in readonly shallow refs. */
export interface UseHeartbeatSocketReturn<Read = unknown, Write = SocketData> {
  /** The state, as in `useWebSocket`: `'CONNECTING'`, `'OPEN'` or `'CLOSED'`. */
  readonly status: Readonly<ShallowRef<HeartbeatSocketStatus>>;
  /** The last message; null before the first and with each new url. Meant for templates: to handle each message, use `onMessage`. */
  readonly data: Readonly<ShallowRef<Read | null>>;
  /**
   * The current socket. A socket that ended by itself stays here until the next one is made. Undefined once the library
   * has closed or abandoned the socket, and always in the phases idle, closed and left.
   */
  readonly ws: Readonly<ShallowRef<WebSocket | undefined>>;
  /** What the connection is doing, finer than `status`. */
  readonly phase: Readonly<ShallowRef<Phase>>;
  /** The leave flag: true once the owning scope has ended. */
  readonly left: Readonly<ShallowRef<boolean>>;
  /**
   * ms between a heartbeat and its answer; undefined before the first answer on this socket. An answer to an earlier
   * heartbeat is measured from that heartbeat.
   */
  readonly latency: Readonly<ShallowRef<number | undefined>>;
  /** How many attempts failed in a row. Back to 0 once a connection has stood for `stableAfter`. */
  readonly failures: Readonly<ShallowRef<number>>;
  /** When the next attempt is made, in ms since the epoch. Undefined but in the phase waiting. */
  readonly retryAt: Readonly<ShallowRef<number | undefined>>;
  /**
   * How many messages are kept and not handed over yet: they wait for the next connection, for the socket, which has more than
   * `buffer.highWaterMark` bytes to send, or for their turn by `buffer.perSecond`. With `delivery: atLeastOnce()` also those that were
   * handed over and are not proven yet.
   */
  readonly pending: Readonly<ShallowRef<number>>;
  /** The last error; undefined again once a connection is open. */
  readonly error: Readonly<ShallowRef<HeartbeatSocketError | undefined>>;
  /**
   * Sends a message: text, a number, or binary data; with a serializer any value that it can write. In development anything else
   * throws, and in production it is refused. Returns true if the data was handed to an open socket. If no socket is open, or the
   * socket has more than `buffer.highWaterMark` bytes to send, `send` returns false, and the data is kept, unless `useBuffer` is
   * false (default true). If the serializer or the socket refuses the message, `send` returns false, nothing is kept, and `onError`
   * gets the error. After `close()` nothing is kept either: `onDropped` gets the message with the reason `closed`. If the socket ends
   * before the server gives another sign of life, `onDropped` gets the message with the reason `unproven`; with `delivery` the
   * message goes again on the next socket instead. What is sent while the page or a kept-alive component is put away is kept until it
   * is back.
   */
  readonly send: (data: Write, useBuffer?: boolean) => boolean;
  /**
   * Hears one type of event, until the scope ends in which `on` was called, or the function that it returns is called. Outside of any
   * scope only that function ends it. With `'received'` the event also has the `value` that the serializer made of the message, with
   * `'sent'` and `'buffered'` the one that the app gave. What the listener throws goes to the app's error handler.
   *
   * @example
   * on('opened', ({ isFirst }) => { if (!isFirst) refetch() })
   */
  readonly on: <Type extends HeartbeatSocketEvent['type']>(
    type: Type,
    listener: (event: HeardEvent<Type, Read, Write>) => void,
  ) => () => void;
  /**
   * Connects now, with one socket: an open socket is closed first, and a planned attempt is made at once. No effect
   * once the owning scope has ended.
   */
  readonly open: () => void;
  /**
   * Closes the connection at once: only `open()` or a new url connects again. Buffered messages are dropped. `code` is
   * 1000 (the default) or 3000 to 4999. In development any other number throws; in production `onError` gets the error,
   * and the socket is closed without a code. Anything but a number counts as the default, so `@click="close"` works.
   *
   * `close({ drain: ms })` takes no more messages (`onDropped` gets them with the reason `closed`), and closes with 1000 once nothing
   * is `pending`: all is handed over, and with `delivery` all is proven. After `ms` at the latest it closes as `close()` does. Until
   * then the connection goes on, and connects again if it is lost; `open()` or a new url ends the wait. If the
   * connection gives up meanwhile, it closes then, and `onFailed` is not called. Without an attempt or a connection it closes at once.
   * In development anything but a number of ms, 0 or more, throws.
   *
   * @example
   * onLogout(() => close({ drain: 3_000 }))
   */
  readonly close: (code?: number | Event | { readonly drain: number }, reason?: string) => void;
}
