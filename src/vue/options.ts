import type { MaybeRefOrGetter } from 'vue';
import type { WebSocketConstructor } from '../browser/web-socket-transport.js';
import type { Serializer } from '../core/serializer.js';
import type { SocketShare } from '../core/share.js';
import type { ConnectAttempt, ConnectGiven, HandshakeLink, HandshakeResult } from './before-connect.js';
import type { SocketCallbacks } from './callbacks.js';
import type { HeartbeatOptions } from './heartbeat-options.js';
import type { ProvenDelivery } from './messages/at-least-once.js';
import type { BufferOptions, ReconnectOptions } from './option-groups.js';
import type { SocketData } from './socket-return.js';

export type { WebSocketConstructor };

/** The url of a connection. Undefined, null and '' mean "not now": nothing connects. */
export type SocketUrl = MaybeRefOrGetter<string | URL | null | undefined>;

/**
 * Options of {@link useHeartbeatSocket}. They are read once, when the composable is called, unless an option says
 * otherwise. `undefined` counts as left out. Names and shapes are those of VueUse's `useWebSocket`, wherever the concept is
 * the same.
 *
 * No callback runs before the composable has returned. Each callback, `beforeConnect` and `handshake` included, runs in the
 * injection context of the app, where the app is known: so `inject()` works in it. In a Vapor component the plugin has to be
 * installed for that.
 */
export interface UseHeartbeatSocketOptions<Read = unknown, Write = SocketData> extends SocketCallbacks<Read> {
  /** Sub-protocols. Read anew for each attempt. Default none. */
  protocols?: MaybeRefOrGetter<string | string[] | undefined> | undefined;
  /**
   * What the socket gives for a binary message, as in the DOM. Set on each socket. Default: what the browser gives, which is
   * `'blob'`, or `'arraybuffer'` where the heartbeat's answer is binary.
   */
  binaryType?: BinaryType | undefined;
  /** Whether to connect within the call. With `false` the connection waits for `open()` or a new url. Default true. */
  immediate?: boolean | undefined;
  /**
   * Whether to connect anew when the url changes. A new url counts before the next render: a message sent in the same
   * tick still goes to the old url. With `false` the next attempt uses the new url. Default true.
   */
  autoConnect?: boolean | undefined;
  /** Whether the connection ends with the owning scope. With `false` the caller must call `close()`. Default true. */
  autoClose?: boolean | undefined;
  /**
   * ms for `beforeConnect`, the WebSocket handshake and `handshake` together. After this time the attempt has failed. An
   * attempt that took so long gives the next one twice the time, up to two minutes, until a connection has been open or the url
   * is a new one: browsers make a new socket wait after failures, before it begins to connect. If the browser ends such an
   * attempt before its time is over, the next one still waits until then. `open()`, a network that is back, and a user who looks
   * at the page start an attempt at once. Default 10_000.
   */
  connectTimeout?: number | undefined;
  /**
   * Called before each attempt, if there is a url. The function may return another url (a text or a URL), or
   * `{ url, protocols }`, or nothing: a fresh token, for example. If the function throws or rejects, or returns anything else (a
   * number, a boolean, a list, a Response), the attempt has failed, and the next one follows with back-off.
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
   * After a close code that is about who the user is (3000, 3003, 4401, 4403) one attempt more is made where there is a
   * `beforeConnect`: the token may have run out. If that attempt ends likewise, the phase is `failed`.
   *
   * @example
   * beforeConnect: async ({ url, signal, giveUp }) => {
   *   const response = await fetch('/token', { signal })
   *   if (response.status === 401) return giveUp('logged out')
   *   return `${url}?token=${await response.text()}`
   * }
   */
  beforeConnect?: ((attempt: ConnectAttempt) => ConnectGiven | PromiseLike<ConnectGiven>) | undefined;
  /**
   * The application's own handshake, for a server that wants a login, an init or a hello before anything else. Called when
   * the socket is open. Until the returned promise resolves, the phase stays `connecting`, `onConnected` is not called, and
   * `send` keeps messages. If the function throws or rejects, the attempt has failed with the code `handshake`. May return
   * figures of the heartbeat that the server has named. Called for each attempt. Default none.
   *
   * @example
   * handshake: async ({ send, receive }) => {
   *   send(JSON.stringify({ type: 'connection_init', payload: { token: token() } }))
   *   const { type } = JSON.parse(await receive())
   *   if (type !== 'connection_ack') throw new Error(`expected connection_ack, received ${type}`)
   * }
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is welcome
  handshake?: ((link: HandshakeLink) => HandshakeResult | void | PromiseLike<HandshakeResult | void>) | undefined;
  /**
   * Gives the place of a message in the server's stream: a number, a time, an id. Called with what the serializer made of each
   * message, after `onMessage`. The last place that is not undefined goes to `beforeConnect` and to `on('opened')`, so that the
   * page can ask the server for what it missed. A new url has no place yet. What the function throws goes to `onError` with
   * the code `callback`, and the place stays. Default none.
   *
   * @example
   * useHeartbeatSocket<{ id: number }>('/news', {
   *   serializer: 'json',
   *   cursor: (message) => message.id,
   *   beforeConnect: ({ url, cursor }) => (cursor === undefined ? url : `${url}?since=${cursor}`),
   * })
   */
  // biome-ignore lint/suspicious/noExplicitAny: a function that takes the messages of one kind is welcome
  cursor?: ((value: any) => unknown) | undefined;
  /**
   * Proof of delivery: `atLeastOnce()` keeps each message until the server is known to have read it, and sends it again on the
   * next connection. Default: none, so what was handed to a socket that ends may be lost, and `onDropped` gets it with the reason
   * `unproven`.
   *
   * @example
   * delivery: atLeastOnce()
   */
  delivery?: ProvenDelivery | undefined;
  /**
   * Shares the connection: `tabs()` of `vue-heartbeat-socket/tabs` gives all tabs of an origin one socket. Default: the
   * connection is this tab's own.
   *
   * @example
   * share: tabs()
   */
  share?: SocketShare | undefined;
  /**
   * Whether and how the connection proves that it is alive. A function is called for each socket, before it is made, and gives
   * the heartbeat of that socket: for heartbeats that count, or that keep the beginning of a message whose end is still to come.
   * If the function throws, `onError` gets an error with the code `callback`, and the default holds for that socket. `scheduler`
   * has no effect in what it returns. Beside a heartbeat of the plugin, `true` is the plugin's, and what an object gives stands over
   * what the plugin's heartbeat gives. Default true.
   *
   * @example
   * heartbeat: () => {
   *   let number = 0
   *   return { message: () => `ping ${++number}`, responseMessage: (data) => data.startsWith('pong ') }
   * }
   */
  heartbeat?: boolean | HeartbeatOptions | (() => boolean | HeartbeatOptions) | undefined;
  /**
   * Whether and how the library connects again. With `false` the first loss or failed attempt ends in the phase
   * `failed`. Default true.
   */
  autoReconnect?: boolean | ReconnectOptions | undefined;
  /**
   * Which messages are kept while no connection is open, or while the socket has too much to send. Default: see
   * {@link BufferOptions}.
   */
  buffer?: BufferOptions | undefined;
  /**
   * Turns messages into values, and values into messages: `'raw'` leaves them as they are, `'json'` parses and
   * stringifies, `{ read, write }` has the shape of VueUse's `useStorage`. If `read` throws, or gives undefined or a
   * promise, `onError` gets an error with the code `serializer`, and the message is dropped; the connection stays. If
   * `write` throws, or gives neither text nor binary data, `onError` gets an error with the code `serializer` or `send`,
   * and nothing is sent. Default `'raw'`.
   */
  serializer?: 'raw' | 'json' | Serializer<Read, Write> | undefined;
  /**
   * What happens in `<KeepAlive>` to the connection of a deactivated component. `'close'`: it is closed until the
   * component is activated again. `'stay'`: it stays. Default `'stay'`. The connection of a store, an app or a bare
   * scope always stays.
   */
  whenDeactivated?: 'stay' | 'close' | undefined;
  /**
   * What happens on a page that nobody sees. `'stay'`: the connection stays. `{ closeAfter: ms }`: after so many ms out of
   * sight it is closed, or its retries end, and the phase is `idle`. While messages wait to be sent, it stays. It connects again
   * at once when the page is visible. Read once. Default `'stay'`.
   *
   * @example
   * whenHidden: { closeAfter: 10 * 60_000 }
   */
  whenHidden?: 'stay' | { closeAfter: number } | undefined;
  /**
   * Makes the sockets: for tests and other runtimes. Given one, the connection needs no window: in a worker, Node, Deno or Bun
   * give the global `WebSocket`, or that of the package `ws`. On a server that renders with Vue nothing connects all the same.
   * Default: the window's `WebSocket`; where the window has none, the phase is `failed`.
   *
   * @example
   * useHeartbeatSocket('wss://example.org/live', { WebSocket: globalThis.WebSocket })
   */
  WebSocket?: WebSocketConstructor | undefined;
  /**
   * The window whose page events, `WebSocket` and base url are used. All connections of a window share one set of page
   * listeners. A worker may give `self`, whose events `online` and `offline` are then heard. Default: the global window. Where
   * there is none, nothing connects unless `WebSocket` is given; relative urls then resolve against the url of the worker's
   * script.
   */
  window?: Window | undefined;
}
