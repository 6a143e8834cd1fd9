/** The time from the last beat to its answer. */
export interface RoundTrip {
  /** ms; undefined before the first answer. */
  latency: number | undefined;
  sent(now: number): void;
  answered(now: number): void;
}

/** Measures the last beat alone: answers carry no number, so those of older beats are waited for first. */
export function createRoundTrip(): RoundTrip {
  let beatAt = 0;
  let unanswered = 0;
  return {
    latency: undefined,
    sent(now) {
      unanswered += 1;
      beatAt = now;
    },
    answered(now) {
      // One that nobody asked for tells nothing.
      if (unanswered && !--unanswered) this.latency = now - beatAt;
    },
  };
}
