import type { Clock } from '../core/ports.js';

/** setTimeout takes no more, and fires at once beyond it. */
const LONGEST = 2 ** 31 - 1;

/** A hidden page's timers are slowed to one a minute only after about twice so long (ms). */
const LONG = 30_000;

/** A hidden page's timers fire on the whole second: what is due within this (ms) is run at once instead, once a second. */
const SOON = 250;

/**
 * The system's time. `Date.now()` counts time asleep, where `performance.now()` may stand still; when it is set back,
 * this clock goes on from where it was, and a timer that fires proves that its time has passed.
 *
 * Chromium slows the timers of a hidden page to one a minute, but only those armed from within a timer. So what a timer
 * callback arms, while hidden or for long, is armed after a MessageChannel hop, which is not a timer.
 */
export function createSystemClock(page?: Window): Clock {
  let last = 0;
  let offset = 0;
  let inTimer = false;
  let nextSoon = 0;

  const now = (): number => {
    const wall = Date.now();
    offset = Math.max(offset, last - wall);
    last = wall + offset;
    return last;
  };

  return {
    now,
    toEpoch: (at) => at - offset,
    after(ms, run) {
      const due = now() + Math.min(ms, LONGEST);
      const isHidden = page?.document?.hidden;
      // Not each time: what fails at once and is tried again soon would go round without a pause.
      const isSoon = isHidden && ms <= SOON && due > nextSoon;
      const hop = (isSoon || (inTimer && (isHidden || ms > LONG))) && globalThis.MessageChannel && new MessageChannel();
      let timer: ReturnType<typeof setTimeout>;
      const fire = (): void => {
        const early = due - now();
        if (early > 0) offset += early;
        inTimer = true;
        run();
        inTimer = false;
      };
      const arm = (): void => {
        if (hop) hop.port1.close();
        if (isSoon) {
          nextSoon = due + 1_000;
          fire();
        } else timer = setTimeout(fire, due - now());
      };
      if (hop) {
        hop.port1.onmessage = arm;
        hop.port2.postMessage(0);
      } else arm();
      return () => {
        if (hop) hop.port1.close();
        clearTimeout(timer);
      };
    },
  };
}
