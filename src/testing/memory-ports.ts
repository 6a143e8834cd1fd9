/** Ports in memory, for tests: a clock that the test moves, sockets and a page that the test plays. */
import type { CloseInfo, PageSignal, Ports } from '../core/ports.js';
import { createLoopGuard, createManualClock, type ManualClock } from './manual-clock.js';
import { createMemorySocket, type MemorySocket } from './memory-socket.js';

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
  /** Whether the browser runs the page ahead of time. */
  isPrerendering: boolean;
  /** The next random number. */
  random: number;
  /** What the next socket's constructor throws, if anything. */
  refusal: unknown;
}

/** All ports in memory. Chance gives `random`, 0 unless set. `now`: the time of another clock that takes the place of the one here. */
export function createMemoryPorts(now?: () => number): MemoryPorts {
  const listeners = new Set<(signal: PageSignal) => void>();
  const sockets: MemorySocket[] = [];
  const clock = createManualClock();
  const guard = createLoopGuard();
  const ports: MemoryPorts = {
    clock,
    sockets,
    isOnline: true,
    isVisible: true,
    isPrerendering: false,
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
      if (signal === 'hidden' || signal === 'visibilitychange') ports.isVisible = signal !== 'hidden';
      if (signal === 'prerenderingchange') ports.isPrerendering = false;
      for (const tell of [...listeners]) tell(signal);
    },
    signals: {
      online: () => ports.isOnline,
      visible: () => ports.isVisible,
      prerendering: () => ports.isPrerendering,
      listen(tell) {
        listeners.add(tell);
        return () => listeners.delete(tell);
      },
    },
    transport: {
      connect(url, protocols) {
        if (ports.refusal) throw ports.refusal;
        const socket = createMemorySocket(`${url}`, [protocols].flat(), now ?? clock.now);
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
