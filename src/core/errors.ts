/**
 * What went wrong with a connection: `silence` (no sign of life within the heartbeat's limits), `closed` (an open one
 * ended), `refused` (it ended before it was open), `connect-timeout`, `before-connect` (that threw or rejected),
 * `constructor` (`new WebSocket` threw), `url` (it cannot be used).
 */
export type Trouble = 'silence' | 'closed' | 'refused' | 'connect-timeout' | 'before-connect' | 'constructor' | 'url';

/** Why no further attempt is made: the close code is final, no retries are left, or the url cannot be used. */
export type GaveUp = 'final-code' | 'retries' | 'url';

/**
 * What an error is about: trouble with the connection, the end of trying, or the caller's own code: `option` (a bad
 * one), `callback` (one threw), `serializer` (it could not read or write), `send` and `close` (the socket refused the data,
 * or the close code or reason).
 */
export type HeartbeatSocketErrorCode = Trouble | GaveUp | 'option' | 'callback' | 'serializer' | 'send' | 'close';

/**
 * Every error of this library. `code` is for programs, `message` for people, `cause` is what lies behind it: the thrown
 * value, or the close event.
 *
 * @example
 * watch(error, (e) => { if (e?.code === 'final-code') router.push('/login') })
 */
export class HeartbeatSocketError extends Error {
  declare readonly code: HeartbeatSocketErrorCode;

  constructor(code: HeartbeatSocketErrorCode, message: unknown, cause?: unknown) {
    super(`${code}: ${message}`, { cause });
    this.code = code;
    this.name = 'HeartbeatSocketError';
  }
}

/** The error for what was thrown, or for the close event that ended a connection. */
export function toError(code: HeartbeatSocketErrorCode, cause: unknown, gaveUp?: GaveUp): HeartbeatSocketError {
  if (cause instanceof HeartbeatSocketError) return cause;
  const { message, code: closeCode, reason } = Object(cause);
  const text = message ?? (closeCode ? `${gaveUp ? `${code} ` : ''}${closeCode} ${reason}`.trim() : cause);
  return new HeartbeatSocketError(gaveUp ?? code, text, cause);
}
