/** What `beforeConnect` and `handshake` are given, and what they may return. */
import type { SocketData } from './socket-return.js';

/** What `beforeConnect` may return: where this attempt goes instead. */
export interface ConnectTarget {
  /** The url of this attempt. Default: the url given to `useHeartbeatSocket`. */
  url?: string | URL | undefined;
  /** The sub-protocols of this attempt. Default: the option `protocols`. */
  protocols?: string | string[] | undefined;
}

/**
 * What `beforeConnect` may return: a target, or the url of it, or nothing. With anything else the attempt has failed. A `Response` has a
 * url, too, but is no target.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is welcome
export type ConnectGiven = (ConnectTarget & { readonly ok?: never }) | string | URL | void;

/** What `beforeConnect` is called with. */
export interface ConnectAttempt {
  /** The url given to `useHeartbeatSocket`. The attempt goes there, unless `beforeConnect` returns another url. */
  readonly url: string | URL;
  /**
   * The number of the attempt. It grows with each attempt. A browser cannot abort a socket, so a socket that was given up may
   * still deliver what it holds, after the messages of the next socket. A server that finds the number and an id of the page in
   * the url can refuse the socket with the lower number. The numbers begin anew with each page.
   */
  readonly number: number;
  /** How many attempts have failed in a row so far. */
  readonly failures: number;
  /** Aborts when the attempt is over without a connection. Pass it to `fetch`. */
  readonly signal: AbortSignal;
  /**
   * When the last message came, in ms since the epoch; undefined before the first message. With it you can ask the
   * server for the messages that the page missed. If the url has changed, the last message may have come from the old
   * url.
   */
  readonly lastMessageAt: number | undefined;
  /**
   * How the connection or the attempt before was lost: the close code and reason; undefined before the first loss and after
   * a new url. With 4401 the server may have refused the old token.
   */
  readonly lastClose: { readonly code: number; readonly reason: string } | undefined;
  /**
   * What the option `cursor` last gave for a message of this url: the place in the server's stream from which the page wants to
   * go on. Undefined before the first message of this url.
   */
  readonly cursor: unknown;
  /**
   * Ends the connection for good: the phase is `failed`, and `error` has the code `gave-up`. Its cause is `reason` as plain
   * data: a text stays a text, of an object its fields that hold no objects are kept. For example if the endpoint of the token
   * says that the user is logged out. Only `open()` or a new url connects again.
   */
  readonly giveUp: (reason?: unknown) => void;
}

/** What `handshake` is called with. Data goes over the wire as it is: the serializer is not applied. */
export interface HandshakeLink {
  /**
   * Sends data at once, whatever `buffer` says. Nothing happens once the socket has ended. Throws for what is neither text nor
   * binary.
   */
  readonly send: (data: SocketData) => void;
  /**
   * A promise of the next message, a text or binary data. It rejects if the attempt is over before one comes. Messages that
   * come during the handshake do not reach the app; those that `receive` has not been asked for when the handshake ends do.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM types a message
  readonly receive: () => Promise<any>;
  /** Aborts when the attempt is over without a connection. */
  readonly signal: AbortSignal;
  /** Ends the connection for good, as in `beforeConnect`. For example if the server refuses the password. */
  readonly giveUp: (reason?: unknown) => void;
}

/** What `handshake` may return: figures of the heartbeat, in ms, that hold for this connection instead of the options. */
export interface HandshakeResult {
  /** In place of `heartbeat.interval`. Infinity: no heartbeat is sent by itself. */
  interval?: number | undefined;
  /** In place of `heartbeat.pongTimeout`. */
  pongTimeout?: number | undefined;
}
