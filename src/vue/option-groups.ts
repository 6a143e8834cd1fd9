/** The options that come in groups: `heartbeat`, `autoReconnect`, `buffer`. */
import type { MaybeRef, MaybeRefOrGetter } from 'vue';
import type { ControlFrame, Liveness } from '../core/heartbeat.js';
import type { DropReason, Overflow } from '../core/outbox.js';
import type { DelayPolicy, LossEvent } from '../core/reconnect-policy.js';
import type { SocketData } from './socket-return.js';

/**
 * The message of a heartbeat. The socket can send a Blob, too, but an answer can be compared only with a text, an
 * ArrayBuffer or a view.
 */
export type HeartbeatMessage = SocketData;

/**
 * A heartbeat is a message that the server should answer. Two schedules decide when a heartbeat is due:
 *
 * - Keep alive: nothing was *sent* for `interval`. Proxies and servers drop idle connections.
 * - Find out: nothing was *heard* for `interval`. The link may be half-open: a network that dies silently fires no
 *   `close`.
 *
 * If the server gives no sign of life within `pongTimeout` after a heartbeat, the connection is lost: the library
 * abandons the socket at once, and replaces it.
 *
 * The ping frames of the WebSocket protocol are no substitute: the browser answers them by itself, even for a blocked
 * or frozen page.
 *
 * @example
 * useHeartbeatSocket(url, { heartbeat: { message: 'ping', responseMessage: 'pong', interval: 25_000 } })
 */
export interface HeartbeatOptions {
  /**
   * Who sends the heartbeats. `'client'`: this side sends them, and the server answers. `'server'`: the server sends them, as many servers
   * do, and this side none: `message`, `responseMessage`, `probeTimeout` and `scheduler` have no effect. The connection is lost when nothing
   * was heard for `interval + pongTimeout`; after half of `pongTimeout` the phase is `suspect`. `interval` is then the time between two
   * heartbeats of the server. Such a server cannot be asked for a sign of life, so when the page wakes, or the network comes back, the
   * server has one `interval` to give one. `control` says what the heartbeats look like, and how they are answered. Default `'client'`.
   *
   * @example
   * // Action Cable: the server sends {"type":"ping"} each 3 s, and wants no answer.
   * heartbeat: { beats: 'server', interval: 3_000, control: (data) => (data.includes('"type":"ping"') ? {} : undefined) }
   */
  beats?: 'client' | 'server' | undefined;
  /**
   * The message of a heartbeat. Read anew for each heartbeat. The serializer is not applied. If the getter throws,
   * `onError` gets an error with the code `callback`, and this heartbeat is not sent. If it gives neither text nor binary
   * data, the code is `send`. Default `'HeartBeat'`.
   */
  message?: MaybeRefOrGetter<HeartbeatMessage> | undefined;
  /**
   * What an answer equals; bytes are compared one by one. A function is called with each message: it says whether the
   * message is an answer, or returns what the answer equals. Read with each message. Default: the heartbeat's own
   * message.
   *
   * The library remembers each heartbeat under way, so it also recognises an answer to an earlier heartbeat. Answers do
   * not reach `data` or `onMessage`. If a function throws, `onError` gets an error with the code `callback`, and the
   * message counts as the app's.
   *
   * If this value (or else `message`) is binary when the composable is called, the socket's `binaryType` becomes
   * `'arraybuffer'`. A function or getter is not called to find out.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM types a message
  responseMessage?: (MaybeRef<HeartbeatMessage> | ((data: any) => boolean | HeartbeatMessage)) | undefined;
  /**
   * Tells the server's own control messages from those of the app. Called with the data of each message, in the handshake too. Undefined as
   * its answer: the message is the app's (or an answer, as `responseMessage` says). An object: the message does not reach the app, `data` or
   * `handshake`, and the object says what it is: see {@link ControlFrame}. If the function throws, or returns anything else, `onError` gets
   * an error with the code `callback`, and the message counts as the app's. It may not be async. Default none.
   *
   * @example
   * // A server that pings with the text 2, and wants 3 (engine.io).
   * control: (data) => (data === '2' ? { reply: '3' } : undefined)
   */
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM types a message
  control?: ((data: any) => ControlFrame | undefined) | undefined;
  /**
   * ms without sending, or without hearing, after which a heartbeat is due. Each wait is up to 10 % shorter, so that
   * the heartbeats of many clients do not come in step. A ref or getter is read when the next heartbeat is planned. No
   * effect beside `scheduler`. Default 10_000.
   */
  interval?: MaybeRefOrGetter<number> | undefined;
  /**
   * ms that a heartbeat may stay unanswered. After half of this time the phase is `suspect`, after all of it the
   * connection is lost. While the socket has bytes to send and their number falls, the connection is kept. If a connection
   * fell silent before a heartbeat was answered, the next one has twice the time, up to a minute: a long first message may
   * delay the answer. An answer, or a new url, ends that. A ref or getter is read for each heartbeat. Default 10_000.
   *
   * `'auto'`: as long as the answers before it lead to expect, by the rule of TCP's own timer (RFC 6298): the smoothed round trip, and four
   * times how far the answers are from it, at least 1_000 and at most 10_000. Before the first answer of a socket: 10_000. A dead link on a
   * fast network is then found soon after `interval`.
   */
  pongTimeout?: MaybeRefOrGetter<number | 'auto'> | undefined;
  /**
   * ms that a probe may stay unanswered. A probe is a heartbeat sent out of turn: the page has woken, the network has
   * changed, or a timer has fired over 1 s late. (A late timer proves nothing: the answer may be queued behind it.) On a
   * slow link a probe waits for three times the last `latency`, but never longer than `pongTimeout`. Default 2_000.
   */
  probeTimeout?: number | undefined;
  /**
   * What counts as a sign of life: with `'traffic'` any message, with `'response'` only an answer to a heartbeat.
   * Default `'traffic'`.
   */
  liveness?: Liveness | undefined;
  /**
   * Times the heartbeats in place of `interval`, as in VueUse. It is called once, with the function that sends a
   * heartbeat. The library resumes the returned scheduler while the connection is open, and pauses it otherwise.
   * Default none.
   */
  scheduler?: ((beat: () => void) => Pausable) | undefined;
}

/**
 * What a scheduler returns. VueUse's `useIntervalFn` and its like return such an object. The type is not VueUse's own:
 * an app that type-checks its libraries would then check all types of VueUse, and those need newer libs than many apps
 * name.
 */
export interface Pausable {
  readonly pause: () => void;
  readonly resume: () => void;
}

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
   * may fetch a new token, and 1008 right after a wake or a silence, which may be about a stale session.
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
   * (`delivery`). Default: no bound.
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
   * says why: `'overflow'` (the buffer was full), `'expired'` (older than `maxAge`), `'refused'` (the socket refused it, or callbacks
   * run without end), `'closed'` (the user called `close()`, before or after `send`), `'url'` (the url is a new one, and no message
   * may leak to another server), `'left'` (the owning scope ended). A url is a new one when its text differs, even if only by a token
   * or a time.
   *
   * With `delivery: atLeastOnce()` a message that was handed over and is not kept any more has the reason `'unproven'`, whatever the
   * cause. Without it `'unproven'` means: the message was handed to a socket that ended before the server gave another sign of life.
   * A message that the browser still holds when a sign of life comes (`bufferedAmount`) stays unproven. It does not matter who has
   * ended the socket. The message may have arrived all the same: an app that sends it again may deliver it twice. The library
   * remembers the last 1_000 such messages of a socket, or `limit` if that is more.
   *
   * @example
   * onDropped: (data, reason) => reason === 'unproven' && unsaved.push(data)
   */
  onDropped?: ((data: unknown, reason: DropReason) => void) | undefined;
}
