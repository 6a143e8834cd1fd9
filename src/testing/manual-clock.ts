/** A clock that the test moves. */
import type { Clock } from '../core/ports.js';

export interface ManualClock extends Clock {
  /** Timers armed since the start. A message must not arm one. */
  armed: number;
  /** How many timers are pending. */
  pending(): number;
  /** Lets `ms` pass. Each timer fires at its time. */
  advance(ms: number): void;
  /** Lets `ms` pass while nothing runs, as in sleep or on a blocked thread. Timers that fell due fire late, at the end. */
  sleep(ms: number): void;
}

/** No test does so much without time passing. Beyond it something runs in a loop, and the test fails instead of hanging. */
const ROUNDS = 10_000;

/** Counts calls during which no time passes. */
export function createLoopGuard(): (time: number) => void {
  let last = NaN;
  let rounds = 0;
  return (time) => {
    rounds = time === last ? rounds + 1 : 0;
    last = time;
    if (rounds > ROUNDS) throw new Error(`${ROUNDS} rounds, and no time has passed`);
  };
}

export function createManualClock(start = 1_000_000): ManualClock {
  let time = start;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const guard = createLoopGuard();
  const fireDue = (until: number): boolean => {
    const [first] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (!first) return false;
    timers.delete(first);
    time = Math.max(time, first.at);
    guard(time);
    first.run();
    return true;
  };
  return {
    armed: 0,
    now: () => time,
    toEpoch: (at) => at,
    pending: () => timers.size,
    after(ms, run) {
      this.armed += 1;
      const timer = { at: time + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = time + ms;
      while (fireDue(until));
      time = until;
    },
    sleep(ms) {
      time += ms;
      while (fireDue(time));
    },
  };
}
