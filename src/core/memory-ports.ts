/** The ports played in memory, for tests: a clock that is wound by hand, sockets that do what they are told, a page too. */
import type { Clock, CloseInfo, PageSignal, Ports, SocketLike } from './ports.js';

export interface ManualClock extends Clock {
  /** Timers armed since the start: what a message must not add to. */
  armed: number;
  /** Timers pending. */
  pending(): number;
  /** Lets `ms` pass, firing what falls due on its way at its own time. */
  advance(ms: number): void;
  /** Lets `ms` pass while nothing runs (sleep, a blocked thread); what fell due fires late, at the end. */
  sleep(ms: number): void;
}

/** More than any test has to do in one moment: beyond it something goes round for ever, and a test should fail, not hang. */
const ROUNDS = 10_000;

/** Counts what is done without time passing. */
function createLoopGuard(): (time: number) => void {
  let last = NaN;
  let rounds = 0;
  return (time) => {
    rounds = time === last ? rounds + 1 : 0;
    last = time;
    if (rounds > ROUNDS) throw new Error(`${ROUNDS} rounds, and no time has passed`);
  };
}

export function createManualClock(start = 1_000_000): ManualClock {
  let time = start;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const guard = createLoopGuard();
  const fireDue = (until: number): boolean => {
    const [first] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (!first) return false;
    timers.delete(first);
    time = Math.max(time, first.at);
    guard(time);
    first.run();
    return true;
  };
  return {
    armed: 0,
    now: () => time,
    toEpoch: (at) => at,
    pending: () => timers.size,
    after(ms, run) {
      this.armed += 1;
      const timer = { at: time + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = time + ms;
      while (fireDue(until));
      time = until;
    },
    sleep(ms) {
      time += ms;
      while (fireDue(time));
    },
  };
}

/** A socket that a test drives. Like a browser's, it delivers nothing once it is closed from our side. */
export interface MemorySocket extends SocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  readyState: number;
  readonly sent: unknown[];
  /** What `close()` was called with; undefined while it was not. */
  closedWith: readonly unknown[] | undefined;
  /** The server accepts. */
  accept(): void;
  /** The server says something. */
  say(data: unknown): void;
  /** The connection ends from the other side. */
  end(code?: number, reason?: string, wasClean?: boolean): void;
  /** An `error` event. */
  fail(): void;
  /** Fires the handlers that are set now, whatever the socket's state: a late event. */
  fire(type: 'open' | 'message' | 'error' | 'close', event?: unknown): void;
}

function createMemorySocket(url: string, protocols: readonly string[]): MemorySocket {
  return {
    url,
    protocols,
    readyState: 0,
    sent: [],
    closedWith: undefined,
    onopen: null,
    onclose: null,
    onerror: null,
    onmessage: null,
    send(data: unknown) {
      if (this.readyState === 0) throw new Error('InvalidStateError');
      if (this.readyState === 1) this.sent.push(data);
    },
    close(...args) {
      this.closedWith ??= args;
      this.readyState = Math.max(this.readyState, 2);
    },
    accept() {
      this.readyState = 1;
      this.fire('open');
    },
    say(data) {
      if (this.readyState === 1) this.fire('message', { type: 'message', data });
    },
    end(code = 1006, reason = '', wasClean = code !== 1006) {
      this.readyState = 3;
      this.fire('close', { type: 'close', code, reason, wasClean });
    },
    fail() {
      this.fire('error');
    },
    fire(type, event = { type }) {
      (this[`on${type}`] as ((event: unknown) => void) | null)?.(event);
    },
  };
}

export interface MemoryPorts extends Ports {
  readonly clock: ManualClock;
  /** Every socket made, oldest first. */
  readonly sockets: MemorySocket[];
  /** Sockets that neither side has ended: what there may be one of. */
  live(): MemorySocket[];
  /** The page says something. */
  signal(signal: PageSignal): void;
  /** Listeners on the page. */
  listening(): number;
  /** What the browser says of the network. */
  isOnline: boolean;
  /** The next random number. */
  random: number;
  /** What the next socket's constructor throws, if anything. */
  refusal: unknown;
}

/** All ports in memory. Chance gives `random`, 0 unless set. */
export function createMemoryPorts(): MemoryPorts {
  const listeners = new Set<(signal: PageSignal) => void>();
  const sockets: MemorySocket[] = [];
  const clock = createManualClock();
  const guard = createLoopGuard();
  const ports: MemoryPorts = {
    clock,
    sockets,
    isOnline: true,
    random: 0,
    refusal: undefined,
    // The engine asks for chance at each of its steps.
    chance() {
      guard(clock.now());
      return ports.random;
    },
    live: () => sockets.filter(({ readyState }) => readyState < 2),
    listening: () => listeners.size,
    signal(signal) {
      if (signal === 'online' || signal === 'offline') ports.isOnline = signal === 'online';
      for (const tell of [...listeners]) tell(signal);
    },
    signals: {
      online: () => ports.isOnline,
      listen(tell) {
        listeners.add(tell);
        return () => listeners.delete(tell);
      },
    },
    transport: {
      connect(url, protocols) {
        if (ports.refusal) throw ports.refusal;
        const socket = createMemorySocket(`${url}`, [protocols].flat());
        sockets.push(socket);
        return socket;
      },
      closeEvent: (info: CloseInfo) => ({ type: 'close', ...info }),
      errorEvent: (error) => ({ type: 'error', error }),
      abortController() {
        const signal = { aborted: false };
        return {
          signal,
          abort() {
            signal.aborted = true;
          },
        };
      },
    },
  };
  return ports;
}
