import type { Clock } from './ports.js';

/** One timer, armed only when the deadline is another than before. Infinity: none. */
export function createDeadlineTimer(clock: Clock, fired: () => void): (deadline: number) => void {
  let armedFor = Infinity;
  let disarm: (() => void) | undefined;
  return (deadline) => {
    if (armedFor === deadline) return;
    disarm?.();
    disarm = undefined;
    armedFor = deadline;
    if (deadline === Infinity) return;
    disarm = clock.after(deadline - clock.now(), () => {
      // It may have fired before its time: then the same deadline is armed again.
      armedFor = 0;
      fired();
    });
  };
}
