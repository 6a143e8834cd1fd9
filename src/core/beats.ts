import { type HeartbeatSettings, isExpected } from './heartbeat.js';
import { measure, type RoundTrip } from './round-trip.js';

/** The heartbeats of one socket: which of them are under way, and how long the last answer took. */
export interface Beats extends Pick<HeartbeatSettings, 'response'>, RoundTrip {
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

/** The heartbeats of a socket that are under way. */
type UnderWay = Beats['underWay'][number];

/**
 * Settles the oldest heartbeat that can be the one which is answered. How long its answer took is measured. False: there is none, and an
 * answer that nobody waits for measures nothing.
 */
export function settleBeat(beats: Beats, now: number, canBe: (beat: UnderWay) => boolean = () => true): boolean {
  const { underWay } = beats;
  const index = underWay.findIndex(canBe);
  if (index < 0) return false;
  const { at } = underWay[index] as UnderWay;
  if (at !== undefined) measure(beats, now - at);
  underWay.splice(0, index + 1);
  return true;
}

/** Whether `data` answers a heartbeat, which is then settled. Throws what the caller's `responseMessage` throws. */
export function isAnswer(beats: Beats, data: unknown, now: number): boolean {
  const { response, underWay, last } = beats;
  const isExpectedNow = isExpected(response ? response(data) : last, data);
  // Without a heartbeat under way nothing is compared: this runs for each message. A server may answer twice, or unasked.
  if (!underWay.length) return isExpectedNow;
  return (
    settleBeat(beats, now, ({ message }) => (response ? isExpectedNow : isExpected(message, data))) || isExpectedNow
  );
}
