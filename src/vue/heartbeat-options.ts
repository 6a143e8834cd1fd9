/** The options of the group `heartbeat`. */
import type { MaybeRef, MaybeRefOrGetter } from 'vue';
import type { ControlFrame, Liveness } from '../core/heartbeat.js';
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
   * Who sends the heartbeats. `'client'`: this side sends them, and the server answers. `'server'`: the server sends them, as
   * many servers do, and this side none: `message`, `responseMessage` and `scheduler` have no effect. The connection is lost when
   * nothing was heard for `interval + pongTimeout`; after half of `pongTimeout` the phase is `suspect`. `interval` is then the
   * time between two heartbeats of the server. Such a server cannot be asked for a sign of life, so when the page wakes, or the
   * network comes back, the server has one `interval`, and `probeTimeout` for being late, to give one. `control` says what the
   * heartbeats look like, and how they are answered. `'both'`: the same, and this side sends `message` whenever it has sent
   * nothing for `interval`, which the server does not answer; after a wake the server has `pongTimeout` if that is longer than
   * `interval`. Default `'client'`.
   *
   * @example
   * // Action Cable: the server sends {"type":"ping"} each 3 s, and wants no answer.
   * heartbeat: { beats: 'server', interval: 3_000, control: (data) => (data.includes('"type":"ping"') ? {} : undefined) }
   */
  beats?: 'client' | 'server' | 'both' | undefined;
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
   * Tells the server's own control messages from those of the app. Called with the data of each message, in the handshake too.
   * Undefined as its answer: the message is the app's (or an answer, as `responseMessage` says). An object: the message does not
   * reach the app, `data` or `handshake`, and the object says what it is: see {@link ControlFrame}. If the function throws, or
   * returns anything else, `onError` gets an error with the code `callback`, and the message counts as the app's. It may not be
   * async. Default none.
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
   * `'auto'`: as long as the answers before it lead to expect, by the rule of TCP's own timer (RFC 6298): the smoothed round
   * trip, and four times how far the answers are from it, at least 1_000 and at most 10_000. Before the first answer of a socket:
   * 10_000. A dead link on a fast network is then found soon after `interval`.
   */
  pongTimeout?: MaybeRefOrGetter<number | 'auto'> | undefined;
  /**
   * ms that a probe may stay unanswered. A probe is a heartbeat sent out of turn: the page has woken, the network has
   * changed, or a timer has fired over 1 s late. (A late timer proves nothing: the answer may be queued behind it.) On a
   * slow link a probe waits for three times the last `latency`, but never longer than `pongTimeout`. Default 2_000.
   */
  probeTimeout?: number | undefined;
  /**
   * What counts as a sign of life: with `'traffic'` any message, with `'response'` only an answer to a heartbeat, or, where the
   * server sends heartbeats, only a message that `control` knows. Default `'traffic'`.
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
