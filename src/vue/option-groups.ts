/** The options that come in groups: `autoReconnect`, `buffer`. */
import type { DropReason, Overflow } from '../core/outbox.js';
import type { DelayPolicy, LossEvent } from '../core/reconnect-policy.js';

/**
 * When, and how often, the library connects again after a lost connection or a failed attempt.
 *
 * @example
 * useHeartbeatSocket(url, { autoReconnect: { retries: 5, onFailed: () => toast('No connection') } })
 */
export interface ReconnectOptions {
  /**
   * How many retries in a row the library makes before it gives the connection up. -1, or any number below 0: no limit.
   * A function is called before each retry and says whether to make it: `retried` is the number of retries made so far
   * (0 at first), `event` says how the connection ended: `code`, `reason`, `wasClean`, and, as it was thrown, `thrown` if
   * `beforeConnect`, `handshake` or the constructor of the socket threw. The function is called before `delay`, and `delay` before
   * `onDisconnected`. If the function throws, `onError` gets an error with the code `callback`, and the defaults of
   * `retries` and `delay` decide. Default -1.
   */
  retries?: (number | ((retried: number, event: LossEvent) => boolean)) | undefined;
  /**
   * ms before a retry. A function gets the number of the retry about to be made (1 at first) and a description of the
   * loss: `isLocal`, `random`, and `event` as in `retries`. Retries after a local loss and those after a server's loss are
   * counted apart. If the function throws, or returns no number of ms, `onError` gets an error with the code `callback`, and
   * the defaults of `retries` and `delay` decide. Default {@link backoff}: after a loss on this side a retry comes at once.
   * After a loss on the server's side the first retry comes anywhere within 5 s. The limit of each later wait starts at
   * 5 s and doubles up to 15 s; half of the wait is random.
   */
  delay?: number | DelayPolicy | undefined;
  /**
   * Called when the library gives the connection up: no retries are left, the close code is final, the url cannot be used,
   * there is no `WebSocket`, or `giveUp` was called. If this callback calls `open()` at once, the attempt may fail at once
   * again: wait first, or ask the user. After an attempt that threw, the one that `open()` asks for begins in the next
   * task, and the phase is `waiting` until then: so the page does not freeze.
   */
  onFailed?: (() => void) | undefined;
  /** ms that a connection must stand before retries and `failures` count from 0 again. Default 5_000. */
  stableAfter?: number | undefined;
  /**
   * Close codes after which the library makes no retry. The list replaces the default list: 1003, 1007, 1008, 1010 (RFC
   * 6455 section 7.4.1), 3000, 3003 (IANA registry: unauthorized, forbidden), 4401, 4403 (the same by custom).
   *
   * Two exceptions give such a connection one attempt more: 3000, 3003, 4401 and 4403 where there is a `beforeConnect`, which
   * may fetch a new token, or where a connection that a `handshake` had opened ends with them, and 1008 right after a wake or a
   * silence, which may be about a stale session.
   *
   * 1000 and 1005 are retried like any other end. For a server that ends a stream on purpose, and has nothing more to say,
   * give `[1000, 1005]` beside the default list.
   */
  finalCodes?: readonly number[] | undefined;
}

/**
 * The buffer keeps messages while no connection is open, and while the socket has too much to send. They are sent in order. Bytes are
 * copied when they are kept, so the app may change them after `send`.
 */
export interface BufferOptions {
  /**
   * The most messages that the buffer keeps; with `delivery` those that are not proven count, too. 0: none, which `delivery` does not
   * allow. Default 1_000.
   */
  limit?: number | undefined;
  /**
   * The most bytes that the buffer keeps, as UTF-8 on the wire. A message that is larger than this is dropped alone. Default: no
   * bound but `limit`.
   */
  maxBytes?: number | undefined;
  /**
   * ms that the buffer keeps a message at most. An older one is dropped with the reason `expired`, or `unproven` if it was handed over
   * (`delivery`): as soon as its time is over, but in the phases `idle` and `failed`, where no timer may run, with the next attempt at
   * the latest. Default: no bound.
   */
  maxAge?: number | undefined;
  /**
   * The most messages of the buffer that are handed over in a second, for servers with a rate limit. What the app sends
   * meanwhile waits behind them. Default: no bound. The page hands over as many as it can in 50 ms, and does other work in
   * between.
   */
  perSecond?: number | undefined;
  /**
   * While the socket has more bytes than this to send (`bufferedAmount`), messages are kept: a server that stops reading
   * would otherwise fill the browser's memory. Default 1_048_576 (1 MiB).
   */
  highWaterMark?: number | undefined;
  /** Which message is dropped when the buffer is full. Default `'drop-oldest'`. */
  overflow?: Overflow | undefined;
  /**
   * Called for each message that will not be sent, or that may be lost. `data` is the value that the app gave to `send`. `reason`
   * says why: `'overflow'` (the buffer was full), `'expired'` (older than `maxAge`), `'refused'` (the socket refused it, the server
   * has closed a connection for it, see `atLeastOnce`, or callbacks run without end), `'closed'` (the user called `close()`, before
   * or after `send`), `'url'` (the url is a new one, and no message may leak to another server), `'left'` (the owning scope ended).
   * A url is a new one when its text differs, even if only by a token or a time.
   *
   * With `delivery: atLeastOnce()` a message that was handed over and is not kept any more has the reason `'unproven'`, whatever the
   * cause, unless it is `'refused'`. Without it `'unproven'` means: the message was handed to a socket that ended before the server
   * gave another sign of life.
   * A message that the browser still holds when a sign of life comes (`bufferedAmount`) stays unproven. It does not matter who has
   * ended the socket. The message may have arrived all the same: an app that sends it again may deliver it twice. The library
   * remembers the last 1_000 such messages of a socket, or `limit` if that is more.
   *
   * @example
   * onDropped: (data, reason) => reason === 'unproven' && unsaved.push(data)
   */
  onDropped?: ((data: unknown, reason: DropReason) => void) | undefined;
}
