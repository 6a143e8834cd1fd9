import type { Clock } from './ports.js';

/** One timer. The function that it returns arms it for a deadline (ms on the clock; Infinity: never), if that is another one than before. */
export function createDeadlineTimer(clock: Clock, fired: () => void): (deadline: number) => void {
  let armedFor = Infinity;
  let disarm: (() => void) | undefined;
  const fire = (): void => {
    // The timer may have fired too early. Then the same deadline has to be armed again.
    armedFor = 0;
    fired();
  };
  return (deadline) => {
    if (armedFor === deadline) return;
    disarm?.();
    armedFor = deadline;
    disarm = deadline < Infinity ? clock.after(deadline - clock.now(), fire) : undefined;
  };
}
