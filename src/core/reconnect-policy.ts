import type { CloseInfo } from './ports.js';

/** How a connection ended, or how an attempt failed. */
export interface LossEvent extends CloseInfo {
  /** What `beforeConnect`, the handshake or the constructor of the socket threw. */
  readonly thrown?: unknown;
}

/** What a delay may depend on. */
export interface RetryContext {
  /**
   * True: the loss was on this side of the link (silence, sleep, a network that came back, an attempt that failed within 5 s after
   * that), so the server is probably well. False: the server refused, closed or restarted, and its other clients were lost too.
   */
  readonly isLocal: boolean;
  /** A number in [0, 1), for jitter. */
  readonly random: number;
  /** How the connection ended, or how the attempt failed. */
  readonly event: LossEvent;
}

/**
 * Gives the ms to wait before retry number `retry`. The first retry has the number 1. Retries after a local loss and those after a
 * server's loss are counted apart.
 */
export type DelayPolicy = (retry: number, context: RetryContext) => number;

/** The figures of {@link backoff}, in ms, and what the server says about its return. */
export interface BackoffOptions {
  /**
   * After a local loss the retry comes at any time within this. If it fails as well, the wait is between a half and all of twice as
   * much, and so on, up to ten times this. Default 100.
   */
  local?: number | undefined;
  /** The first retry after a server's loss comes at any time within this. Default 5_000 (RFC 6455 section 7.2.3). */
  first?: number | undefined;
  /** The wait before the second retry is between a half of this and all of it; it doubles with each further retry. Default 5_000. */
  base?: number | undefined;
  /** The longest of these waits. Default 15_000. */
  max?: number | undefined;
  /**
   * Gives the ms that the server wants its clients to stay away, if the server has told that: for example `retryAfter`, which reads
   * the close reason. The function is asked before each retry, and gets `event`: how the connection ended, or how the attempt failed.
   *
   * If the function gives a number of ms, the wait is between that and a half more, drawn at random, so that the clients do not all
   * come back in the same moment. The half should be long enough for the server to take all of its clients: a server that takes 1,000
   * handshakes a second and has 10,000 clients needs 10 s for them, so it says 20 s. The number of the retry, the side of the loss and
   * `max` do not matter then. A wait of months is waited out. A user who looks at the page, or a network that returns, ends this wait
   * as any other one.
   *
   * If the function gives no number, a negative one or an infinite one, the wait is the usual one. If the function throws, `onError`
   * gets an error with the code `callback`, and the defaults of `retries` and `delay` decide. Default: none.
   *
   * HTTP has the same: RFC 9110 section 10.2.3 (`Retry-After`).
   *
   * @example
   * // A server that is wrong about its return keeps no page away for longer than a minute and a half.
   * backoff({ hint: (event) => Math.min(retryAfter(event) ?? NaN, 60_000) })
   */
  hint?: ((event: LossEvent) => number | undefined) | undefined;
}

/** Whether this is a number of ms that can be waited. */
export const isTime = (ms: unknown): ms is number => Number.isFinite(ms) && (ms as number) >= 0;

/**
 * Makes the default delay policy. After a local loss the retry comes at once. After a server's loss the first retry comes at a random
 * time within the first seconds (RFC 6455 section 7.2.3), and then the wait doubles; each wait is drawn at random from its upper half.
 * So the clients of a restarted server do not all come back in the same moment. A shorter second wait would bring clients back while
 * others still have their first retry ahead of them. A longer last wait would keep some clients away from a server that is well again.
 * `npm run bench -- --only herd` compares this policy with others.
 *
 * @example
 * useHeartbeatSocket(url, { autoReconnect: { delay: backoff({ max: 60_000 }) } })
 *
 * @example
 * // The server has the last word: socket.close(1012, 'restart; retry-after=20')
 * useHeartbeatSocket(url, { autoReconnect: { delay: backoff({ hint: retryAfter }) } })
 */
export const backoff =
  ({ local = 100, first = 5_000, base = 5_000, max = 15_000, hint }: BackoffOptions = {}): DelayPolicy =>
  (retry, { isLocal, random, event }) => {
    const told = (hint?.(event) ?? Number.NaN) * (1 + random / 2);
    if (isTime(told)) return told;
    return retry > 1
      ? ((1 + random) / 2) * (isLocal ? local * Math.min(10, 2 ** (retry - 1)) : Math.min(max, base * 2 ** (retry - 2)))
      : random * (isLocal ? local : first);
  };

export interface ReconnectSettings {
  readonly retries: number | ((retried: number, event: LossEvent) => boolean);
  readonly delay: number | DelayPolicy;
  /** ms that a connection must stay open before it counts as stable. */
  readonly stableAfter: number;
  readonly finalCodes: readonly number[];
}
