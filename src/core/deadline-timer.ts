import type { Clock } from './ports.js';

/** Makes one timer. The function that is returned arms it for a deadline in ms on the clock. Infinity disarms it. */
export function createDeadlineTimer(clock: Clock, fired: () => void): (deadline: number) => void {
  let armedFor = Infinity;
  let disarm: (() => void) | undefined;
  const fire = (): void => {
    // If the timer has fired too early, the same deadline is armed once more.
    armedFor = Number.NaN;
    fired();
  };
  return (deadline) => {
    if (armedFor === deadline) return;
    disarm?.();
    armedFor = deadline;
    disarm = deadline < Infinity ? clock.after(deadline - clock.now(), fire) : undefined;
  };
}
