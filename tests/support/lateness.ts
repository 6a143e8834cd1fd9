/** How late timers fire here, in a page or in Node: what a busy machine adds to each wait. */

/** ms between two looks. */
const TICK = 50;

export interface Lateness {
  /** ms by which the timers since the last call were late, together. */
  take(): number;
  stop(): void;
}

export function watchLateness(): Lateness {
  let late = 0;
  let dueAt = performance.now() + TICK;
  const look = (): void => {
    late += Math.max(0, performance.now() - dueAt);
    dueAt = performance.now() + TICK;
    timer = setTimeout(look, TICK);
  };
  let timer = setTimeout(look, TICK);
  return {
    take() {
      // The timer that is due may still be on its way.
      const taken = late + Math.max(0, performance.now() - dueAt);
      late = 0;
      dueAt = Math.max(dueAt, performance.now());
      return taken;
    },
    stop: () => clearTimeout(timer),
  };
}
