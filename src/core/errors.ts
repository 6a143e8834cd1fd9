import type { CloseInfo } from './ports.js';
import { printable } from './printable.js';

/**
 * What went wrong with a connection.
 *
 * - `silence`: the server gave no sign of life within the heartbeat's limits.
 * - `closed`: an open socket ended.
 * - `refused`: a socket ended before it was open.
 * - `connect-timeout`: the attempt took longer than `connectTimeout`.
 * - `before-connect`: `beforeConnect` threw, rejected or gave what is no target, or the url changed while it ran.
 * - `handshake`: the application's own handshake threw or rejected.
 * - `constructor`: `new WebSocket` threw, or there is no WebSocket here.
 * - `url`: the url or the sub-protocols cannot be used.
 */
export type Trouble =
  | 'silence'
  | 'closed'
  | 'refused'
  | 'connect-timeout'
  | 'before-connect'
  | 'handshake'
  | 'constructor'
  | 'url';

/**
 * Why the connection gave up: the close code is final, no retries are left, the url cannot be used, there is no WebSocket, or
 * `beforeConnect` or the handshake called `giveUp`.
 */
export type GaveUp = 'final-code' | 'retries' | 'url' | 'constructor' | 'gave-up';

/**
 * What an error is about: the connection, giving up, or the caller's own code.
 *
 * - `option`: an option makes no sense.
 * - `callback`: a callback threw, or callbacks call each other without end.
 * - `serializer`: the serializer could not read or write a message.
 * - `send`: the data is neither text nor binary, or the socket refused it.
 * - `close`: the socket refused the close code or the reason.
 *
 * Or a request of `useRequests` that has no answer, or a message of `deliver` that is not proven:
 *
 * - `timeout`: no answer came in time.
 * - `lost`: the connection ended before. Nobody knows whether the server has read the message, and done what was asked.
 * - `closed`: `close()` was called before.
 * - `dropped`: the buffer keeps the message no longer.
 * - `left`: the scope of `useRequests` or of the connection has ended.
 */
export type HeartbeatSocketErrorCode =
  | Trouble
  | GaveUp
  | 'option'
  | 'callback'
  | 'serializer'
  | 'send'
  | 'close'
  | 'timeout'
  | 'lost'
  | 'dropped'
  | 'left';

/**
 * Every error of this library. `code` is for programs, `message` is for people. `cause` is plain data: of an error that was thrown
 * `{ name, message }`, of a socket that ended `{ code, reason, wasClean }`. Neither shows a sub-protocol, nor more of a url than the scheme,
 * the host, the path's first segment if it is a plain word, and the names of the query's values. A server's close reason is as it came.
 *
 * @example
 * watch(error, (e) => { if (e?.code === 'final-code') router.push('/login') })
 */
export class HeartbeatSocketError extends Error {
  declare readonly code: HeartbeatSocketErrorCode;
  /**
   * The close code of the socket whose end this error tells of. It may be any number that a server sends, also one that
   * RFC 6455 forbids. Undefined: the error tells of something else.
   */
  declare readonly closeCode: number | undefined;

  constructor(code: HeartbeatSocketErrorCode, message: unknown, cause?: unknown, closeCode?: number) {
    super(`${code}: ${message}`, { cause });
    this.code = code;
    this.closeCode = closeCode;
    this.name = 'HeartbeatSocketError';
  }
}

/** The codes of errors that the browser has worded: its sentences quote urls, sub-protocols and messages. */
const WORDED_BY_BROWSER: readonly HeartbeatSocketErrorCode[] = ['constructor', 'send', 'close'];

/** Makes the error for the end of a socket. */
export const endError = (code: Trouble, end: CloseInfo, gaveUp?: GaveUp, closeCode?: number): HeartbeatSocketError => {
  const text = `${end.code} ${end.reason}`.trim();
  return new HeartbeatSocketError(gaveUp ?? code, gaveUp ? `${code} ${text}` : text, end, closeCode);
};

/** Makes the error for a value that was thrown. */
export const toError = (code: HeartbeatSocketErrorCode, thrown: unknown, gaveUp?: GaveUp): HeartbeatSocketError => {
  if (thrown instanceof HeartbeatSocketError) {
    // An error of the library keeps its code, unless the connection gives up for a reason that has another code.
    return gaveUp && gaveUp !== thrown.code ? new HeartbeatSocketError(gaveUp, thrown.message) : thrown;
  }
  const [text, data] = printable(thrown, WORDED_BY_BROWSER.includes(code) ? 'the socket threw ' : '');
  return new HeartbeatSocketError(gaveUp ?? code, text, data);
};
