import type { Clock } from '../core/ports.js';

/** The most ms that setTimeout takes: it fires at once for more. */
const LONGEST = 2 ** 31 - 1;

/** Chromium slows the timers of a hidden page to one a minute after about twice as long as this (ms). */
const LONG = 30_000;

/**
 * The timers of a hidden page fire on the whole second. A timer that is due within this (ms) runs at once instead, but only once a
 * second.
 */
const SOON = 250;

/** ms that no user can set back, where the runtime has such a clock. */
const steady = (): number => globalThis.performance?.now() ?? 0;

/**
 * The system's time. `Date.now()` counts the time that the machine sleeps; `performance.now()` may stand still in sleep. When
 * the user sets the system's clock back, this clock goes on, and `performance.now()` tells how far it has come since a timer was armed.
 * A timer that fires proves that its time has passed.
 *
 * Chromium slows the timers of a hidden page to one a minute, but only timers that are armed by a timer. So a timer that is armed by a
 * timer, on a hidden page or for a long time, is armed in the message event of a MessageChannel instead.
 */
export function createSystemClock(page?: Window): Clock {
  let last = 0;
  let offset = 0;
  /** When `steady()` was 0, on this clock. It is later after a sleep during which `steady()` stood still. */
  let began = 0;
  let inTimer = false;
  /** Before this time no timer runs at once. */
  let nextSoon = 0;

  const now = (): number => {
    const wall = Date.now();
    if (wall + offset < last) offset = Math.max(last, began + steady()) - wall;
    last = wall + offset;
    return last;
  };

  return {
    now,
    toEpoch(at) {
      // The user may have set the clock back since it was last asked.
      now();
      return at - offset;
    },
    after(ms, run) {
      began = Math.max(began, now() - steady());
      const due = now() + Math.min(ms, LONGEST);
      const isHidden = page?.document?.hidden;
      // Only once a second: an attempt that fails at once would otherwise be repeated without a pause.
      const isSoon = isHidden && ms <= SOON && due > nextSoon;
      const skipsTimer = isSoon || (inTimer && (isHidden || ms > LONG));
      const channel = skipsTimer && globalThis.MessageChannel ? new MessageChannel() : undefined;
      let timer: ReturnType<typeof setTimeout>;
      const fire = (): void => {
        const early = due - now();
        if (early > 0) offset += early;
        inTimer = true;
        run();
        inTimer = false;
      };
      const arm = (): void => {
        channel?.port1.close();
        if (isSoon && channel) {
          nextSoon = due + 1_000;
          fire();
        } else timer = setTimeout(fire, Math.max(0, due - now()));
      };
      if (channel) {
        channel.port1.onmessage = arm;
        channel.port2.postMessage(0);
      } else arm();
      return () => {
        channel?.port1.close();
        clearTimeout(timer);
      };
    },
  };
}
