/** Ports in memory, for tests: a clock that the test moves, sockets and a page that the test plays. */
import type { Clock, CloseInfo, PageSignal, Ports, SocketLike } from '../core/ports.js';

export interface ManualClock extends Clock {
  /** Timers armed since the start. A message must not arm one. */
  armed: number;
  /** How many timers are pending. */
  pending(): number;
  /** Lets `ms` pass. Each timer fires at its time. */
  advance(ms: number): void;
  /** Lets `ms` pass while nothing runs, as in sleep or on a blocked thread. Timers that fell due fire late, at the end. */
  sleep(ms: number): void;
}

/** No test does so much without time passing. Beyond it something runs in a loop, and the test fails instead of hanging. */
const ROUNDS = 10_000;

/** Counts calls during which no time passes. */
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

/** A socket whose server is the test. Like a browser's, it delivers nothing once we have closed it. */
export interface MemorySocket extends SocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  readyState: number;
  readonly sent: unknown[];
  /** What `close()` was called with; undefined before that. */
  closedWith: readonly unknown[] | undefined;
  /** The server accepts. */
  accept(): void;
  /** The server says something. */
  say(data: unknown): void;
  /** The connection ends from the other side. */
  end(code?: number, reason?: string, wasClean?: boolean): void;
  /** An `error` event. */
  fail(): void;
  /** Fires an event whatever the state of the socket, with the handlers that are set now. */
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
  /** Sockets that neither side has ended. */
  live(): MemorySocket[];
  /** The page says something. */
  signal(signal: PageSignal): void;
  /** How many listeners the page has. */
  listening(): number;
  /** What the browser says of the network. */
  isOnline: boolean;
  /** What the browser says of the page. */
  isVisible: boolean;
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
    isVisible: true,
    random: 0,
    refusal: undefined,
    // The engine asks for chance with each event.
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
      visible: () => ports.isVisible,
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
