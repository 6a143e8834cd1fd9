import type { Clock } from '../../../src/core/ports';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that says when its timer is due, and lets the search decide how late it fires. */
export class OneTimerClock implements Clock {
  #now = 1_000_000;
  readonly timers = new Set<Timer>();
  /** Timers armed since the start. */
  armed = 0;
  /** Called when the timer has fired. */
  fired = (): void => {};
  /** The most timers that were ever pending at once. */
  most = 0;

  now(): number {
    return this.#now;
  }

  toEpoch(at: number): number {
    return at;
  }

  after(ms: number, run: () => void): () => void {
    this.armed += 1;
    const timer = { at: this.#now + ms, run };
    this.timers.add(timer);
    this.most = Math.max(this.most, this.timers.size);
    return () => this.timers.delete(timer);
  }

  /** ms until the timer is due: negative, if it is held up. Undefined: none is pending. */
  dueIn(): number | undefined {
    for (const { at } of this.timers) return at - this.#now;
    return undefined;
  }

  /** Lets `ms` pass while nothing runs. */
  freeze(ms: number): void {
    this.#now += ms;
  }

  /** Fires the timer, whether it is due or not. */
  fire(): void {
    for (const timer of this.timers) {
      this.timers.delete(timer);
      timer.run();
      this.fired();
      return;
    }
  }

  /** Lets `ms` pass, and each timer fire on time. Answers whether it came to rest. */
  pass(ms: number): boolean {
    const until = this.#now + ms;
    for (let fired = 0; fired < 50; fired += 1) {
      const due = this.dueIn();
      if (due === undefined || this.#now + due > until) {
        this.#now = until;
        return true;
      }
      this.#now += due;
      this.fire();
    }
    return false;
  }
}
