import type { CloseInfo } from './ports.js';

/** What a delay may depend on. */
export interface RetryContext {
  /**
   * The loss was on this side of the link (silence, sleep, a network that came back), so the server is probably well. Else
   * it refused, closed or restarted, and others lost it too.
   */
  readonly isLocal: boolean;
  /** A number in [0, 1), for jitter. */
  readonly random: number;
}

/** ms to wait before retry number `retry`, which is 1 at first. */
export type DelayPolicy = (retry: number, context: RetryContext) => number;

/** The figures of {@link backoff}, in ms. */
export interface BackoffOptions {
  /** After a local loss the retry comes within this. Default 100. */
  local?: number;
  /** The first retry after the server was lost comes anywhere within this. Default 5_000 (RFC 6455 section 7.2.3). */
  first?: number;
  /** The second retry comes after this or half of it, or anything between; each further one has twice as much. Default 5_000. */
  base?: number;
  /** No such wait is longer. Default 15_000. */
  max?: number;
}

/**
 * Makes the default delay policy: after a local loss at once, after a server's loss anywhere in the first seconds (RFC 6455
 * section 7.2.3), then exponential, each wait drawn from the upper half, so that the clients of a restarted server do not all
 * come back in the same moment. A short second wait would: it falls upon those who still have their first one ahead. A long last one
 * keeps some clients out when the server is well again. `npm run bench -- --only herd` compares it with other policies.
 *
 * @example
 * useHeartbeatSocket(url, { autoReconnect: { delay: backoff({ max: 60_000 }) } })
 */
export const backoff =
  ({ local = 100, first = 5_000, base = 5_000, max = 15_000 }: BackoffOptions = {}): DelayPolicy =>
  (retry, { isLocal, random }) =>
    !isLocal && retry > 1
      ? ((1 + random) / 2) * Math.min(max, base * 2 ** (retry - 2))
      : random * (isLocal ? local : first);

export interface ReconnectSettings {
  readonly retries: number | ((retried: number, event: CloseInfo) => boolean);
  readonly delay: number | DelayPolicy;
  /** ms that a connection must stand before it counts as recovered. */
  readonly stableAfter: number;
  readonly finalCodes: readonly number[];
}

/**
 * How long (ms) to wait before the next retry, or why there is none. `retried` is the number of retries made so far.
 *
 * Throws what the caller's own functions throw, and a RangeError for a delay that is none.
 */
export const planRetry = (
  { retries, delay, finalCodes }: ReconnectSettings,
  retried: number,
  event: CloseInfo,
  context: RetryContext,
): number | 'final-code' | 'retries' => {
  if (finalCodes.includes(event.code)) return 'final-code';
  if (typeof retries === 'function' ? !retries(retried, event) : retries >= 0 && retried >= retries) return 'retries';
  const ms = typeof delay === 'function' ? delay(retried + 1, context) : delay;
  if (ms >= 0 && Number.isFinite(ms)) return ms;
  throw new RangeError(`autoReconnect.delay gave ${ms}, not a number of ms`);
};
