import { TICK, TIMES } from './choice';

/** An attempt is taken for stalled when it is older than this (ms) as somebody looks. */
const STALLED = 2 * TICK;

/** What must be known of an attempt by heart, kept from outside. */
export class AttemptBook {
  startedAt = -Infinity;
  /** It began on a hidden page, or it replaced a stalled one when somebody looked. */
  begun: 'hidden' | 'anew' | undefined;
  /** Timers that fired late during it. */
  lateTimers = 0;
  /** Attempts that took too long since a connection was last open. */
  timeouts = 0;
  #isLook = false;
  /** Somebody looks at a stalled attempt in this event: it has to be started afresh. */
  mustRestart = false;

  /** An event starts. `isLook`: somebody looks at an attempt that is under way. */
  starts(now: number, isLook: boolean): void {
    this.#isLook = isLook;
    this.mustRestart = isLook && (this.begun === 'hidden' || (this.begun !== 'anew' && now - this.startedAt > STALLED));
  }

  /** How long (ms) an attempt may take. */
  get limit(): number {
    return Math.min(TIMES.connectTimeout * 2 ** this.timeouts, 120_000);
  }

  /** The attempt is over: a connection is open, or it is lost. */
  ended(now: number, isOpen: boolean): void {
    if (isOpen) this.timeouts = 0;
    else if (now - this.startedAt >= TIMES.connectTimeout) this.timeouts += 1;
  }

  started(now: number, isVisible: boolean): void {
    this.startedAt = now;
    this.lateTimers = 0;
    this.begun = this.#isLook ? 'anew' : isVisible ? undefined : 'hidden';
  }

  /** Where the attempt stands, seen from now. */
  print(now: number): unknown[] {
    return [this.begun, this.lateTimers, Math.min(now - this.startedAt, STALLED + TICK) / TICK];
  }
}
