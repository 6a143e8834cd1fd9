/** How long the answers of one socket take, and how long the next one may take: RFC 6298, section 2. */

export interface RoundTrip {
  /** ms between a heartbeat and its answer; undefined before the first answer. */
  latency: number | undefined;
  /** The smoothed round trip (SRTT), and how far the answers are from it (RTTVAR), in ms. */
  mean: number;
  deviation: number;
}

/** The least and the longest time (ms) that `pongTimeout: 'auto'` gives a heartbeat. */
const LEAST = 1_000;
const LONGEST = 10_000;

/** Takes in how long (ms) an answer took. */
export function measure(trip: RoundTrip, latency: number): void {
  const isFirst = trip.latency === undefined;
  trip.deviation = isFirst ? latency / 2 : (3 * trip.deviation + Math.abs(trip.mean - latency)) / 4;
  trip.mean = isFirst ? latency : (7 * trip.mean + latency) / 8;
  trip.latency = latency;
}

/** ms that a heartbeat may stay unanswered. */
export const expectedWithin = ({ latency, mean, deviation }: RoundTrip): number =>
  latency === undefined ? LONGEST : Math.min(LONGEST, Math.max(LEAST, mean + 4 * deviation));
