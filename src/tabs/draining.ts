/** `close({ drain })` among tabs: the tab that leads stays until no other tab has messages pending. */
import type { Clock } from '../core/ports.js';
import type { HubOptions } from './hub.js';

/** ms in which the others say that they have messages pending. */
const ANSWER_TIME = 100;

export interface Draining {
  /** The app closes the connection for all tabs once nothing is pending: after `ms` at the latest. */
  begin(ms: number): void;
  /** A tab has messages pending. */
  add(tab: string): void;
  /** Runs `leave` once no other tab has messages pending. At once if the app has not called `close({ drain })`. */
  wait(leave: () => void): void;
  /** Nobody is waited for any more, and what has waited runs. */
  end(): void;
  /** The tab stays: the app has opened the connection again. */
  cancel(): void;
}

export function createDraining(clock: Clock, watchTab: HubOptions['watchTab']): Draining {
  /** By tab, what stops watching it. */
  const pending = new Map<string, () => void>();
  let waiting: (() => void) | undefined;
  /** Stops the timers. Undefined: the app has not called `close({ drain })`. */
  let stop: (() => void) | undefined;
  let answersAt = 0;

  const cancel = (): void => {
    stop?.();
    stop = undefined;
    for (const unwatch of pending.values()) unwatch();
    pending.clear();
    waiting = undefined;
  };
  const end = (): void => {
    const leave = waiting;
    cancel();
    leave?.();
  };
  const check = (): void => {
    if (waiting && !pending.size && clock.now() >= answersAt) end();
  };

  return {
    begin(ms) {
      stop?.();
      const answers = Math.min(ms, ANSWER_TIME);
      answersAt = clock.now() + answers;
      const timers = [clock.after(answers, check), clock.after(ms, end)];
      stop = () => {
        for (const off of timers) off();
      };
    },
    add(tab) {
      if (!stop || pending.has(tab)) return;
      const unwatch = watchTab(tab, () => {
        pending.delete(tab);
        check();
      });
      pending.set(tab, unwatch);
    },
    wait(leave) {
      waiting = leave;
      if (stop) check();
      else end();
    },
    end,
    cancel,
  };
}
