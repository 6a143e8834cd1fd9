import type { Ports } from '../core/ports.js';
import { createPageSignals } from './page-signals.js';
import { createSystemClock } from './system-clock.js';
import { createWebSocketTransport, type WebSocketConstructor } from './web-socket-transport.js';

const shared = new WeakMap<object, Pick<Ports, 'transport' | 'signals'>>();

/**
 * The ports of a page, for one connection. All connections of a window share the page's signals and its transport, unless a connection
 * brings its own `WebSocket`. Each connection has a clock of its own, since a clock that runs a timer early is ahead of time from then
 * on. Without a window there are no signals, and a connection needs a `WebSocket` of its own.
 */
export function pageRuntime(page: Window | undefined, WebSocket?: WebSocketConstructor): Ports {
  const key = page ?? {};
  const ports = shared.get(key) ?? { transport: createWebSocketTransport(page), signals: createPageSignals(page) };
  shared.set(key, ports);
  return {
    clock: createSystemClock(page),
    chance: Math.random,
    signals: ports.signals,
    transport: WebSocket ? createWebSocketTransport(page, WebSocket) : ports.transport,
  };
}
