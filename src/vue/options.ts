import type { MaybeRef, MaybeRefOrGetter, ShallowRef } from 'vue';
import type { WebSocketConstructor } from '../browser/web-socket-transport.js';
import type { Phase } from '../core/connection-state.js';
import type { HeartbeatSocketError } from '../core/errors.js';
import type { Liveness } from '../core/heartbeat.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import type { DropReason, Overflow } from '../core/outbox.js';
import type { CloseInfo } from '../core/ports.js';
import type { DelayPolicy } from '../core/reconnect-policy.js';
import type { Serializer } from '../core/serializer.js';

export type { WebSocketConstructor };

/** The data that a WebSocket sends or receives. */
export type SocketData = Parameters<WebSocket['send']>[0];

/** The url of a connection. Undefined and '' mean "not now": nothing connects. */
export type SocketUrl = MaybeRefOrGetter<string | URL | null | undefined>;

/**
 * The state of a connection in the words of `useWebSocket`: `OPEN` in the phases open and suspect, `CONNECTING` in the
 * phase connecting, `CLOSED` in all others.
 */
export type HeartbeatSocketStatus = 'CONNECTING' | 'OPEN' | 'CLOSED';

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
   * The message of a heartbeat. Read anew for each heartbeat. The serializer is not applied. If the getter throws,
   * `onError` gets an error with the code `callback`, and this heartbeat is not sent. Default `'HeartBeat'`.
   */
  message?: MaybeRefOrGetter<HeartbeatMessage>;
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
  responseMessage?: MaybeRef<HeartbeatMessage> | ((data: any) => boolean | HeartbeatMessage);
  /**
   * ms without sending, or without hearing, after which a heartbeat is due. Each wait is up to 10 % shorter, so that
   * the heartbeats of many clients do not come in step. No effect beside `scheduler`. Default 10_000.
   */
  interval?: number;
  /**
   * ms that a heartbeat may stay unanswered. After half of this time the phase is `suspect`, after all of it the
   * connection is lost. Default 10_000.
   */
  pongTimeout?: number;
  /**
   * ms that a probe may stay unanswered. A probe is a heartbeat sent out of turn: the page has woken, the network has
   * changed, or a timer has fired over 1 s late. (A late timer proves nothing: the answer may be queued behind it.) On a
   * slow link a probe waits for three times the last `latency`, but never longer than `pongTimeout`. Default 2_000.
   */
  probeTimeout?: number;
  /**
   * What counts as a sign of life: with `'traffic'` any message, with `'response'` only an answer to a heartbeat.
   * Default `'traffic'`.
   */
  liveness?: Liveness;
  /**
   * Times the heartbeats in place of `interval`, as in VueUse. It is called once, with the function that sends a
   * heartbeat. The library resumes the returned scheduler while the connection is open, and pauses it otherwise.
   * Default none.
   */
  scheduler?: (beat: () => void) => Pausable;
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
   * (0 at first), `event` says how the connection ended. If the function throws, `onError` gets an error with the code
   * `callback`, and the defaults of `retries` and `delay` decide. Default -1.
   */
  retries?: number | ((retried: number, event: CloseInfo) => boolean);
  /**
   * ms before a retry. A function gets the number of the retry about to be made (1 at first) and a description of the
   * loss. Retries after a local loss and those after a server's loss are counted apart. If the function throws, or returns no number of ms, `onError` gets an error with the code `callback`, and the
   * defaults of `retries` and `delay` decide. Default {@link backoff}: after a loss on this side a retry comes at once.
   * After a loss on the server's side the first retry comes anywhere within 5 s. The limit of each later wait starts at
   * 5 s and doubles up to 15 s; half of the wait is random.
   */
  delay?: number | DelayPolicy;
  /**
   * Called when the library gives the connection up: no retries are left, the close code is final, or the url cannot be
   * used. If this callback calls `open()` at once, the attempt may fail at once again: wait first, or ask the user.
   */
  onFailed?: () => void;
  /** ms that a connection must stand before retries and `failures` count from 0 again. Default 5_000. */
  stableAfter?: number;
  /**
   * Close codes after which the library makes no retry. The list replaces the default list: 1003, 1007, 1008, 1010 (RFC
   * 6455 section 7.4.1), 3000, 3003 (IANA registry: unauthorized, forbidden), 4401, 4403 (the same by custom).
   */
  finalCodes?: readonly number[];
}

/** The buffer keeps messages while no connection is open. The next connection sends them in order. */
export interface BufferOptions {
  /** The most messages that the buffer keeps. 0: none. Default 1_000. */
  limit?: number;
  /** Which message is dropped when the buffer is full. Default `'drop-oldest'`. */
  overflow?: Overflow;
  /**
   * Called for each message that will not be sent. `data` is the value that the app gave to `send`. `reason` says why:
   * `'overflow'` (the buffer was full), `'closed'` (the user called `close()`), `'url'` (the url is a new one, and no
   * message may leak to another server), `'left'` (the owning scope ended). A url is a new one when its text differs,
   * even if only by a token or a time.
   */
  onDropped?: (data: unknown, reason: DropReason) => void;
}

/** What `beforeConnect` may return: where this attempt goes instead. */
export interface ConnectTarget {
  /** The url of this attempt. Default: the url given to `useHeartbeatSocket`. */
  url?: string | URL;
  /** The sub-protocols of this attempt. Default: the option `protocols`. */
  protocols?: string | string[];
}

/** What `beforeConnect` may return: a target, or the url of it, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is welcome
type ConnectGiven = ConnectTarget | string | URL | void;

/** What `beforeConnect` is called with. */
export interface ConnectAttempt {
  /** The url given to `useHeartbeatSocket`. The attempt goes there, unless `beforeConnect` returns another url. */
  readonly url: string | URL;
  /** How many attempts have failed in a row so far. */
  readonly failures: number;
  /** Aborts when the library abandons the attempt. Pass it to `fetch`. */
  readonly signal: AbortSignal;
  /**
   * When the last message came, in ms since the epoch; undefined before the first message. With it you can ask the
   * server for the messages that the page missed. If the url has changed, the last message may have come from the old
   * url.
   */
  readonly lastMessageAt: number | undefined;
}

/**
 * Options of {@link useHeartbeatSocket}. They are read once, when the composable is called, unless an option says
 * otherwise. Names and shapes are those of VueUse's `useWebSocket`, wherever the concept is the same.
 */
export interface UseHeartbeatSocketOptions<Read = unknown, Write = SocketData> {
  /**
   * Called when a connection is open. What this callback sends goes out before the buffer, so a login message comes
   * first.
   */
  onConnected?: (ws: WebSocket) => void;
  /**
   * Called once for each socket that was open, whatever ended it. If the socket ended by itself, `event` is its `close`
   * event. If the library closed the socket, the library makes `event`, with the code 1000 or the code given to
   * `close()`. If the connection fell silent, the library makes `event`, with the code 1006 and the reason `silence`.
   */
  onDisconnected?: (ws: WebSocket, event: CloseEvent) => void;
  /**
   * Called with a socket's `error` event. Also called with an `ErrorEvent` that carries a {@link HeartbeatSocketError}:
   * a callback threw, the serializer could not read or write a message, or the socket refused data or a close code.
   */
  onError?: (ws: WebSocket, event: Event) => void;
  /**
   * Called with each message, in order, synchronously. `value` is what the serializer read. Not called for answers to
   * heartbeats.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM types a message
  onMessage?: (ws: WebSocket, event: MessageEvent<any>, value: Read) => void;
  /** Called with the data that was handed to the socket. Not called for heartbeats. */
  onSend?: (data: unknown) => void;
  /**
   * Called with an event for everything that happens to the connection: phases, attempts, heartbeats, answers,
   * messages, ends, errors. For logs, bug reports and tools. Each event is plain data, without sockets and DOM events:
   * its type, its time, its cause, the number of the socket, and more by type. Secrets in urls are masked; the data of
   * messages is not. What this callback throws goes to the app's error handler.
   *
   * @example
   * onEvent: (event) => log.push(event)
   */
  onEvent?: (event: HeartbeatSocketEvent) => void;
  /** Sub-protocols. Read anew for each attempt. Default none. */
  protocols?: MaybeRefOrGetter<string | string[] | undefined>;
  /**
   * What the socket gives for a binary message, as in the DOM. Set on each socket. Default: what the browser gives, which is
   * `'blob'`, or `'arraybuffer'` where the heartbeat's answer is binary.
   */
  binaryType?: BinaryType;
  /** Whether to connect within the call. With `false` the connection waits for `open()` or a new url. Default true. */
  immediate?: boolean;
  /**
   * Whether to connect anew when the url changes. A new url counts before the next render: a message sent in the same
   * tick still goes to the old url. With `false` the next attempt uses the new url. Default true.
   */
  autoConnect?: boolean;
  /** Whether the connection ends with the owning scope. With `false` the caller must call `close()`. Default true. */
  autoClose?: boolean;
  /** ms for `beforeConnect` and the handshake together. After this time the attempt has failed. Default 10_000. */
  connectTimeout?: number;
  /**
   * Called before each attempt, if there is a url. The function may return another url and other protocols for the
   * attempt: a fresh token, for example. If the function throws or rejects, the attempt has failed, and the next one
   * follows with back-off.
   *
   * Return a token; do not write it into a ref that the url is made of. Such a ref makes a new url each time, and
   * messages buffered for the old url are dropped.
   *
   * - If `beforeConnect` returns nothing, the library reads the url again afterwards, so a token written into the url
   *   counts.
   * - If `beforeConnect` returns something, and the url has changed meanwhile, the returned value was for the old url.
   *   `beforeConnect` then runs again: at once the first time, later as after a failed attempt.
   *
   * So either return the url or write into it, not both.
   *
   * @example
   * beforeConnect: async ({ url, signal }) => ({ url: `${url}?token=${await fetchToken(signal)}` })
   */
  beforeConnect?: (attempt: ConnectAttempt) => ConnectGiven | PromiseLike<ConnectGiven>;
  /** Whether and how the connection proves that it is alive. Default true. */
  heartbeat?: boolean | HeartbeatOptions;
  /**
   * Whether and how the library connects again. With `false` the first loss or failed attempt ends in the phase
   * `failed`. Default true.
   */
  autoReconnect?: boolean | ReconnectOptions;
  /** Which messages are kept while no connection is open. Default: see {@link BufferOptions}. */
  buffer?: BufferOptions;
  /**
   * Turns messages into values, and values into messages: `'raw'` leaves them as they are, `'json'` parses and
   * stringifies, `{ read, write }` has the shape of VueUse's `useStorage`. If the serializer cannot read a message,
   * `onError` gets the error, and the message is dropped; the connection stays. Default `'raw'`.
   */
  serializer?: 'raw' | 'json' | Serializer<Read, Write>;
  /**
   * What happens in `<KeepAlive>` to the connection of a deactivated component. `'close'`: it is closed until the
   * component is activated again. `'stay'`: it stays. Default `'stay'`. The connection of a store, an app or a bare
   * scope always stays.
   */
  whenDeactivated?: 'stay' | 'close';
  /** Makes the sockets: for tests and other runtimes. Default: the window's `WebSocket`. */
  WebSocket?: WebSocketConstructor;
  /**
   * The window whose page events, `WebSocket` and base url are used. All connections of a window share one set of page
   * listeners. Default: the global window; where there is none, nothing connects.
   */
  window?: Window;
}

/** What {@link useHeartbeatSocket} returns. All state is in readonly shallow refs. */
export interface UseHeartbeatSocketReturn<Read = unknown, Write = SocketData> {
  /** The state, as in `useWebSocket`: `'CONNECTING'`, `'OPEN'` or `'CLOSED'`. */
  readonly status: Readonly<ShallowRef<HeartbeatSocketStatus>>;
  /** The last message; null before the first. Meant for templates: to handle each message, use `onMessage`. */
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
  /** When the next attempt is made, in ms since the epoch; undefined when none is planned. */
  readonly retryAt: Readonly<ShallowRef<number | undefined>>;
  /** The last error; undefined again once a connection is open. */
  readonly error: Readonly<ShallowRef<HeartbeatSocketError | undefined>>;
  /**
   * Sends a message. Returns true if the data was handed to an open socket. If no socket is open, `send` returns false,
   * and the data is buffered for the next connection, unless `useBuffer` is false (default true). If the serializer or
   * the socket refuses the message, `send` returns false, nothing is buffered, and `onError` gets the error.
   */
  readonly send: (data: Write, useBuffer?: boolean) => boolean;
  /**
   * Connects now, with one socket: an open socket is closed first, and a planned attempt is made at once. No effect
   * once the owning scope has ended.
   */
  readonly open: () => void;
  /**
   * Closes the connection at once: only `open()` or a new url connects again. Buffered messages are dropped. `code` is
   * 1000 (the default) or 3000 to 4999. In development any other number throws; in production `onError` gets the error,
   * and the socket is closed without a code. Anything but a number counts as the default, so `@click="close"` works.
   */
  readonly close: (code?: number | Event, reason?: string) => void;
}
