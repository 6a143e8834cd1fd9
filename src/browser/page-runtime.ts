import type { Ports } from '../core/ports.js';
import { createPageSignals } from './page-signals.js';
import { createSystemClock } from './system-clock.js';
import { createWebSocketTransport, type WebSocketConstructor } from './web-socket-transport.js';

type Shared = Pick<Ports, 'transport' | 'signals'>;

const shared = new WeakMap<Window, Shared>();

function sharedPorts(page: Window): Shared {
  const ports = shared.get(page) ?? { transport: createWebSocketTransport(page), signals: createPageSignals(page) };
  shared.set(page, ports);
  return ports;
}

/**
 * The ports of a page, for one connection. All connections of a window share the page's signals and its transport, unless a connection
 * brings its own `WebSocket`. Each connection has a clock of its own, since a clock that runs a timer early is ahead of time from then
 * on. Without a window there are no signals, and a connection needs a `WebSocket` of its own.
 */
export function pageRuntime(page: Window | undefined, WebSocket?: WebSocketConstructor): Ports {
  const ports = page ? sharedPorts(page) : { transport: createWebSocketTransport(), signals: createPageSignals(page) };
  return {
    clock: createSystemClock(page),
    chance: Math.random,
    signals: ports.signals,
    transport: WebSocket ? createWebSocketTransport(page, WebSocket) : ports.transport,
  };
}
