import type { LossEvent } from './reconnect-policy.js';

/** A number of ten digits would be a date, in seconds since 1970. Nor does the number go on, as in `1e9`, `20s` or `1.5.2`. */
const RETRY_AFTER = /(?:^|[^\w-])retry-after=(\d{1,9}(?:\.\d+)?)(?!\w|[.,-]\d)/i;

/**
 * Reads from the close reason how long the server wants its clients to stay away: `retry-after=SECONDS`, anywhere among other words,
 * in whole or decimal seconds, in upper or lower case. Gives ms, or undefined if the reason has no such words, or no such number: one
 * that is negative, has ten digits or more before the point, or goes on with a letter. An app that does not import this function pays
 * nothing for it. The option `hint` of `backoff` says when this function is asked, and what follows.
 *
 * The server says the words as it closes: a close frame has a code and up to 123 bytes of reason (RFC 6455 section 5.5.1). The code
 * for it is 1012, "Service Restart", or 1013, "Try Again Later" (IANA's registry of close codes; RFC 6455 section 7.4.1 has the
 * others). A final code ends the retries, whatever the reason says. The words are those of HTTP (RFC 9110 section 10.2.3,
 * `Retry-After`). The header itself is of no use here: a browser shows a page none of a handshake that was refused.
 *
 * @example
 * // The server, as it restarts: socket.close(1012, 'restart; retry-after=20')
 * useHeartbeatSocket(url, { autoReconnect: { delay: backoff({ hint: retryAfter }) } })
 */
export const retryAfter = ({ reason }: Pick<LossEvent, 'reason'>): number | undefined => {
  const seconds = RETRY_AFTER.exec(reason)?.[1];
  return seconds ? Number(seconds) * 1_000 : undefined;
};
