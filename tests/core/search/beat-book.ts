import { TIMES } from './choice';

/** When a beat was sent that nothing was heard since, and how long (ms) it may stay unanswered. */
interface Awaited {
  readonly at: number;
  readonly timeout: number;
}

/** The times that a heartbeat must know by heart, kept from outside. */
export class BeatBook {
  openedAt = -Infinity;
  heardAt = -Infinity;
  sentAt = -Infinity;
  /** When a late timer last bought this silence its grace. */
  lateAt = -Infinity;
  /** Timers that fired late since anything was heard: two at most buy time. */
  lateTimers = 0;
  awaited: Awaited | undefined;
  /** A timer fired late in this event. */
  isLate = false;
  #isProbe = false;

  /** An event starts. Those that tell of sleep or of the network send probes, which have less time than beats. */
  starts(isProbe: boolean): void {
    this.#isProbe = isProbe;
    this.isLate = false;
  }

  opened(now: number): void {
    this.openedAt = this.sentAt = now;
    this.heard(now);
  }

  heard(now: number): void {
    this.heardAt = now;
    this.lateTimers = 0;
    this.awaited = undefined;
  }

  firedLate(now: number): void {
    this.lateTimers = Math.min(3, this.lateTimers + 1);
    // The second one buys no more than a turn of the event loop.
    if (this.lateTimers === 1) this.lateAt = now;
    this.#isProbe = this.isLate = this.lateTimers < 3;
  }

  beat(now: number): void {
    this.sentAt = now;
    // A beat by somebody else's clock, while one is awaited, does not put that one's end off.
    if (this.awaited && !this.#isProbe) return;
    this.awaited = { at: now, timeout: this.#isProbe ? TIMES.probeTimeout : TIMES.pongTimeout };
  }

  /** How long (ms) nothing has told of the link, late timers aside: they ask anew. */
  quietFor(now: number): number {
    return now - Math.max(this.heardAt, this.lateAt);
  }

  hasStood(now: number): boolean {
    return now - this.openedAt >= TIMES.stableAfter;
  }
}
