import { type HeartbeatSettings, isExpected } from './heartbeat.js';
import { measure, type RoundTrip } from './round-trip.js';

/** The heartbeats of one socket: which of them are under way, and how long the last answer took. */
export interface Beats extends Pick<HeartbeatSettings, 'response'>, RoundTrip {
  /**
   * Oldest first. A server reads in order, so an answer to one heartbeat also settles those before it. `since`: when it was sent,
   * or when the page last woke.
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
  mean: 0,
  deviation: 0,
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

/** A heartbeat is answered, and those before it are settled with it. How long its answer took is measured, if that can be known. */
export function settleBeat(beats: Beats, now: number, index = 0): void {
  const [answered] = beats.underWay.splice(0, index + 1).slice(-1);
  if (answered?.at !== undefined) measure(beats, now - answered.at);
}

/**
 * Whether `data` answers a heartbeat. The oldest heartbeat that it can answer is the one that is answered. An answer that nobody
 * waits for measures nothing. Throws what the caller's `responseMessage` throws.
 */
export function isAnswer(beats: Beats, data: unknown, now: number): boolean {
  const { response, underWay, last } = beats;
  const isExpectedNow = isExpected(response ? response(data) : last, data);
  // A loop: a closure would cost each message the memory for what it captures.
  for (let index = 0; index < underWay.length; index += 1) {
    if (response ? !isExpectedNow : !isExpected(underWay[index]?.message, data)) continue;
    settleBeat(beats, now, index);
    return true;
  }
  // A server may answer twice, or unasked.
  return isExpectedNow;
}
