import { TICK, TIMES } from './choice';

/** When a beat was sent that nothing was heard since, and how long (ms) it may stay unanswered. */
interface Awaited {
  readonly at: number;
  readonly timeout: number;
}

/** ms in which a server that sends the heartbeats has to beat after a wake: its interval, and a probe's time for being late. */
const AFTER_WAKE = TIMES.interval + TIMES.probeTimeout;

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
  /** A beat of this connection was answered. */
  isAnswered = false;
  /** Connections in a row, as far as can be told, that fell silent before that. */
  unanswered = 0;
  /** When the socket was last seen to have less to send. */
  drainedAt = -Infinity;
  /** A timer fired late in this event. */
  isLate = false;
  #isProbe = false;
  readonly #isServers: boolean;

  /** `isServers`: the server sends the heartbeats. */
  constructor(isServers: boolean) {
    this.#isServers = isServers;
  }

  /** An event starts. Those that tell of sleep or of the network send probes, which have less time than beats. */
  starts(isProbe: boolean): void {
    this.#isProbe = isProbe;
    this.isLate = false;
  }

  opened(now: number): void {
    this.openedAt = this.sentAt = now;
    this.heard(now);
    this.isAnswered = false;
    this.drainedAt = -Infinity;
  }

  /** How long (ms) a beat may stay unanswered, at most. */
  get pongTimeout(): number {
    return Math.min(TIMES.pongTimeout * 2 ** this.unanswered, 60_000);
  }

  /** The connection is lost. */
  lost(isSilence: boolean): void {
    if (isSilence && !this.isAnswered) this.unanswered += 1;
  }

  heard(now: number, isAnswer = false): void {
    if (this.awaited && isAnswer) {
      this.isAnswered = true;
      this.unanswered = 0;
    }
    if (this.#isServers && isAnswer && now - this.openedAt > TICK) this.isAnswered = true;
    this.heardAt = now;
    this.lateTimers = 0;
    this.awaited = undefined;
  }

  /** The timer has fired: the server's next heartbeat may be due. */
  fired(now: number): void {
    if (!this.#isServers || this.awaited || now - this.heardAt < TIMES.interval) return;
    this.awaited = { at: now, timeout: this.pongTimeout };
  }

  /** Somebody looks, or the network is back: a server that cannot be asked has to beat within its interval. */
  woke(now: number, isNetwork: boolean): void {
    if (!this.#isServers || !(isNetwork || now - this.heardAt > TICK)) return;
    const { at, timeout } = this.awaited ?? { at: Infinity, timeout: 0 };
    if (at + timeout > now + AFTER_WAKE) this.awaited = { at: now, timeout: AFTER_WAKE };
  }

  firedLate(now: number): void {
    this.lateTimers = Math.min(3, this.lateTimers + 1);
    // The second one buys no more than a turn of the event loop.
    if (this.lateTimers === 1) this.lateAt = now;
    if (this.lateTimers === 1 && this.#isServers) this.awaited = { at: now, timeout: AFTER_WAKE };
    this.#isProbe = this.isLate = this.lateTimers < 3;
  }

  beat(now: number): void {
    this.sentAt = now;
    // A beat by somebody else's clock, while one is awaited, does not put that one's end off.
    if (this.awaited && !this.#isProbe) return;
    this.awaited = { at: now, timeout: this.#isProbe ? TIMES.probeTimeout : this.pongTimeout };
  }

  /** How long (ms) nothing has told of the link, late timers aside: they ask anew. */
  quietFor(now: number): number {
    return now - Math.max(this.heardAt, this.lateAt);
  }

  hasStood(now: number): boolean {
    return now - this.openedAt >= TIMES.stableAfter;
  }
}
