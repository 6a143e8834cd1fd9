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

/** What a WebSocket sends and receives. */
export type SocketData = Parameters<WebSocket['send']>[0];

/** Where a connection goes. Undefined and '' mean "not now". */
export type SocketUrl = MaybeRefOrGetter<string | URL | undefined>;

/** The connection as `useWebSocket` names it: `OPEN` in the phases open and suspect, `CONNECTING` in connecting. */
export type HeartbeatSocketStatus = 'CONNECTING' | 'OPEN' | 'CLOSED';

/** What a heartbeat may send. A Blob is sent, but an answer can be compared with text, an ArrayBuffer or a view only. */
export type HeartbeatMessage = SocketData;

/**
 * Two schedules in one. A beat is sent when nothing was *sent* for `interval` (keep alive: proxies and servers drop idle
 * connections), and when nothing was *heard* for `interval` (find out: a network that dies silently fires no `close`).
 * No sign of life within `pongTimeout` of a beat: the socket is abandoned at once, and replaced.
 *
 * Protocol-level pings are no substitute: the browser answers them by itself, even for a blocked or frozen page.
 *
 * @example
 * useHeartbeatSocket(url, { heartbeat: { message: 'ping', responseMessage: 'pong', interval: 25_000 } })
 */
export interface HeartbeatOptions {
  /** What a beat sends. Read anew for each beat. It does not pass through the serializer. Default `'HeartBeat'`. */
  message?: MaybeRefOrGetter<HeartbeatMessage>;
  /**
   * What the answer equals; bytes are compared one by one. A function gets each message, and either says whether it is an
   * answer or gives what the answer equals. Answers do not reach `data` or `onMessage`. Read with each message. Where it is
   * binary when the composable is called, the socket's `binaryType` becomes `'arraybuffer'`. Default: the beat last sent.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM types a message
  responseMessage?: MaybeRef<HeartbeatMessage> | ((data: any) => boolean | HeartbeatMessage);
  /**
   * ms without sending or without hearing after which a beat is due. Each wait is up to 10 % shorter, so that many
   * clients do not beat in step. Without effect beside `scheduler`. Default 10_000.
   */
  interval?: number;
  /** ms that a beat may stay unanswered; after half of it the phase is `suspect`. Default 10_000. */
  pongTimeout?: number;
  /**
   * ms that a probe may stay unanswered. A probe is the beat sent out of turn when the page wakes, the network changes, or
   * a timer fires over 1 s late (a late timer proves nothing: the answer may be queued behind it). Default 2_000.
   */
  probeTimeout?: number;
  /**
   * What proves life: `'traffic'`, any message; `'response'`, an answer to a beat alone. Default `'traffic'`.
   */
  liveness?: Liveness;
  /** Calls the beat in place of `interval`, as in VueUse: it is resumed while the connection is open, and else paused. */
  scheduler?: (beat: () => void) => Pausable;
}

/**
 * What a scheduler gives back; VueUse's `useIntervalFn` and its like do. Not VueUse's own type: an app that has the types of its
 * libraries checked would check all of VueUse's with it, which need newer libs than many an app names.
 */
export interface Pausable {
  readonly pause: () => void;
  readonly resume: () => void;
}

/**
 * When and how often to come back.
 *
 * @example
 * useHeartbeatSocket(url, { autoReconnect: { retries: 5, onFailed: () => toast('No connection') } })
 */
export interface ReconnectOptions {
  /**
   * How many retries in a row before the connection is given up; -1 (or any number below 0): no limit. Or a function,
   * asked before each retry: `retried` is the number made so far, 0 at first. Default -1.
   */
  retries?: number | ((retried: number, event: CloseInfo) => boolean);
  /**
   * ms before a retry, or a function of the number of the retry about to be made (1 at first) and of what the loss was.
   * Default {@link backoff}: after a local loss at once; after a server's anywhere within 5 s, then 5 s doubling to 15 s,
   * the half of it at random.
   */
  delay?: number | DelayPolicy;
  /**
   * Called when the connection is given up: no retries left, a final close code, or a url that cannot be used. To `open()`
   * from it at once may fail at once again: wait, or ask.
   */
  onFailed?: () => void;
  /** ms that a connection must stand before retries and `failures` count from 0 again. Default 5_000. */
  stableAfter?: number;
  /**
   * Close codes after which no retry is made. Replaces the default list: 1003, 1007, 1008, 1010 (RFC 6455 section 7.4.1),
   * 3000, 3003 (IANA registry: unauthorized, forbidden), 4401, 4403 (the same by custom).
   */
  finalCodes?: readonly number[];
}

/** What is kept while there is no open connection, to be sent on the next one in order. */
export interface BufferOptions {
  /** The most messages kept. 0: none. Default 1_000. */
  limit?: number;
  /** Which message is lost when the buffer is full. Default `'drop-oldest'`. */
  overflow?: Overflow;
  /**
   * Told of each message that will not be sent: `'overflow'`, `'closed'` (by `close()`), `'url'` (a new one: nothing
   * leaks to another server), `'left'`. `data` is what would have gone over the wire. A url is new when it reads differently, be it
   * by a token or a time in it.
   */
  onDropped?: (data: unknown, reason: DropReason) => void;
}

/** What `beforeConnect` may give: where this attempt goes instead. */
export interface ConnectTarget {
  url?: string | URL;
  protocols?: string | string[];
}

/** What `beforeConnect` gets. */
export interface ConnectAttempt {
  /** Where the attempt goes, if nothing else is given back: the url of the call. */
  readonly url: string | URL;
  /** Attempts failed in a row so far. */
  readonly failures: number;
  /** Aborts when the attempt is given up: hand it to `fetch`. */
  readonly signal: AbortSignal;
  /**
   * When the last message came, in ms since the epoch; undefined before the first. To ask the server for what was missed. Where
   * the url changes, it may have come from the one before.
   */
  readonly lastMessageAt: number | undefined;
}

/**
 * Options of {@link useHeartbeatSocket}, read once, when it is called. Names and shapes are those of VueUse's
 * `useWebSocket`, wherever the concept is the same.
 */
export interface UseHeartbeatSocketOptions<Read = unknown, Write = SocketData> {
  /** A connection is open. What is sent here goes out before the buffer: a login message comes first. */
  onConnected?: (ws: WebSocket) => void;
  /**
   * Called once for each socket that was open, whatever ended it. One that we ended has a made event: code 1000 or the one
   * given to `close()`, or, abandoned for its silence, code 1006 with the reason `silence`.
   */
  onDisconnected?: (ws: WebSocket, event: CloseEvent) => void;
  /** A socket's `error`; or an `ErrorEvent` with a HeartbeatSocketError, where a callback threw or a message made no sense. */
  onError?: (ws: WebSocket, event: Event) => void;
  /** Each message, in order, synchronously; `value` is what the serializer read. */
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM types a message
  onMessage?: (ws: WebSocket, event: MessageEvent<any>, value: Read) => void;
  /** Called with what was handed to the socket. Beats do not count. */
  onSend?: (data: unknown) => void;
  /**
   * Hears of all that happens to the connection: phases, attempts, beats, answers, messages, ends, errors, each with its
   * time, its cause and the socket's number. For logs, bug reports and tools. Secrets in urls are masked; the data of messages is
   * not. What it throws goes to the app's error handler.
   *
   * @example
   * onEvent: (event) => log.push(event)
   */
  onEvent?: (event: HeartbeatSocketEvent) => void;
  /** Sub-protocols. Read anew for each attempt. Default none. */
  protocols?: MaybeRefOrGetter<string | string[] | undefined>;
  /** Connect within the call. Default true. */
  immediate?: boolean;
  /** Connect anew when the url changes: before the next render, so what is sent in the same tick goes to the old one. Default true. */
  autoConnect?: boolean;
  /** Leave when the owning scope ends. Without it the caller must `close()`. Default true. */
  autoClose?: boolean;
  /** ms for `beforeConnect` and the handshake together; then the attempt has failed. Default 10_000. */
  connectTimeout?: number;
  /**
   * Runs before each attempt, and may give it another url and protocols: a fresh token, say. Throwing (or rejecting) makes
   * it a failed attempt, with back-off. It does not run without a url.
   *
   * Give a token back: put into a ref that the url is made of, it makes a new url each time, and what is buffered was meant for the
   * one before. Where it gives nothing, the url of the call is read again when it is done, so such a token counts. Where it gives
   * something and the url of the call has become another one, that was for the old url: it runs again, at once the first time,
   * then as after a failed attempt. So give the url back or write into it, not both.
   *
   * @example
   * beforeConnect: async ({ url, signal }) => ({ url: `${url}?token=${await fetchToken(signal)}` })
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is welcome
  beforeConnect?: (attempt: ConnectAttempt) => ConnectTarget | void | PromiseLike<ConnectTarget | void>;
  /** Whether and how the connection proves that it is alive. Default true. */
  heartbeat?: boolean | HeartbeatOptions;
  /** Whether and how it comes back. Default true. */
  autoReconnect?: boolean | ReconnectOptions;
  /** What is kept while there is no open connection. */
  buffer?: BufferOptions;
  /**
   * How data becomes values and back: as it is, JSON, or `{ read, write }` in the shape of VueUse's `useStorage`. What
   * does not parse goes to `onError` and is dropped; the connection lives on. Default `'raw'`.
   */
  serializer?: 'raw' | 'json' | Serializer<Read, Write>;
  /**
   * In `<KeepAlive>`: what a deactivated component's connection does. `'close'`: until it is activated again. Default `'stay'`.
   * Only a component's own: that of a store, an app or a bare scope stays.
   */
  whenDeactivated?: 'stay' | 'close';
  /** Makes the sockets: for tests and other runtimes. Default: the window's. */
  WebSocket?: WebSocketConstructor;
  /** Whose page events, `WebSocket` and base url are used. Default: the global one; where there is none, nothing connects. */
  window?: Window;
}

/** What {@link useHeartbeatSocket} returns. All state is in readonly shallow refs. */
export interface UseHeartbeatSocketReturn<Read = unknown, Write = SocketData> {
  /** As in `useWebSocket`: `'CONNECTING'`, `'OPEN'` or `'CLOSED'`. */
  readonly status: Readonly<ShallowRef<HeartbeatSocketStatus>>;
  /** The last message; null before the first. For templates: to get each message, use `onMessage`. */
  readonly data: Readonly<ShallowRef<Read | null>>;
  /** The current socket. It stays after a remote close, and is undefined once we have closed or abandoned it. */
  readonly ws: Readonly<ShallowRef<WebSocket | undefined>>;
  /** What the connection is doing, finer than `status`. */
  readonly phase: Readonly<ShallowRef<Phase>>;
  /** The leave flag: true once the owning scope has ended. */
  readonly left: Readonly<ShallowRef<boolean>>;
  /** ms between the last beat and its answer; undefined before the first answer on this connection. */
  readonly latency: Readonly<ShallowRef<number | undefined>>;
  /** Attempts failed in a row. Back to 0 once a connection has stood for `stableAfter`. */
  readonly failures: Readonly<ShallowRef<number>>;
  /** When the next attempt is made, in ms since the epoch; undefined when none is planned. */
  readonly retryAt: Readonly<ShallowRef<number | undefined>>;
  /** The last error; undefined again once a connection is open. */
  readonly error: Readonly<ShallowRef<HeartbeatSocketError | undefined>>;
  /**
   * Sends, and answers true when the data was handed to an open socket. Else false, and the data is buffered for the next
   * connection unless `useBuffer` is false.
   */
  readonly send: (data: Write, useBuffer?: boolean) => boolean;
  /** Connects now, with one socket: an open one is closed first, and a planned attempt is made at once. */
  readonly open: () => void;
  /**
   * Closes, at once and for good: only `open()` or a new url connects again. What is buffered is dropped. `code` is 1000
   * (the default) or 3000 to 4999, else this throws; anything but a number counts as the default, so `@click="close"` works.
   */
  readonly close: (code?: number | Event, reason?: string) => void;
}
