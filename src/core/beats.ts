import { type HeartbeatSettings, isExpected } from './heartbeat.js';

/** The heartbeats of one socket: which of them are under way, and how long the last answer took. */
export interface Beats extends Pick<HeartbeatSettings, 'response'> {
  /** ms between a heartbeat and its answer; undefined before the first answer. */
  latency: number | undefined;
  /**
   * Oldest first. A server reads in order, so an answer to one heartbeat also settles those before it. `since`: when it was sent, or when
   * the page last woke.
   */
  underWay: { readonly message: unknown; readonly at: number | undefined; readonly since: number }[];
  /** The last message of a heartbeat. */
  last: unknown;
}

/** A server that answers no heartbeat at all must not make the list grow for ever. */
const MOST_UNDER_WAY = 100;

export const createBeats = (options: Pick<HeartbeatSettings, 'response' | 'plainMessage'>): Beats => ({
  response: options.response,
  latency: undefined,
  underWay: [],
  last: options.plainMessage,
});

/** A heartbeat was sent. */
export function beatSent(beats: Beats, message: unknown, at: number): void {
  const { underWay } = beats;
  beats.last = message;
  underWay.push({ message, at, since: at });
  if (underWay.length > MOST_UNDER_WAY) underWay.shift();
}

/** The page or the machine slept: the answers to heartbeats that are under way measure nothing. */
export function beatsStalled(beats: Beats, now: number): void {
  beats.underWay = beats.underWay.map(({ message }) => ({ message, at: undefined, since: now }));
}

/**
 * Whether `data` answers a heartbeat. The oldest heartbeat that it can answer is the one that is answered, and `latency` becomes
 * its round trip. An answer that nobody waits for measures nothing. Throws what the caller's `responseMessage` throws.
 */
export function isAnswer(beats: Beats, data: unknown, now: number): boolean {
  const { response, underWay, last } = beats;
  const isExpectedNow = isExpected(response ? response(data) : last, data);
  for (let index = 0; index < underWay.length; index += 1) {
    const { message, at } = underWay[index] as (typeof underWay)[number];
    if (response ? !isExpectedNow : !isExpected(message, data)) continue;
    if (at !== undefined) beats.latency = now - at;
    underWay.splice(0, index + 1);
    return true;
  }
  // A server may answer twice, or unasked.
  return isExpectedNow;
}
