import type { Ports } from '../core/ports.js';
import { createPageSignals } from './page-signals.js';
import { createSystemClock } from './system-clock.js';
import { createWebSocketTransport, type WebSocketConstructor } from './web-socket-transport.js';

const runtimes = new WeakMap<Window, Ports>();

function createPageRuntime(page: Window | undefined): Ports {
  return {
    clock: createSystemClock(page),
    chance: Math.random,
    transport: createWebSocketTransport(page as Window),
    signals: createPageSignals(page),
  };
}

/**
 * The ports of a page. All connections of a window share them, but for the transport of one that brings its own `WebSocket`.
 * Without a window nothing can connect.
 */
export function pageRuntime(page: Window | undefined, WebSocket?: WebSocketConstructor): Ports {
  const runtime = (page && runtimes.get(page)) ?? createPageRuntime(page);
  if (page) runtimes.set(page, runtime);
  return WebSocket ? { ...runtime, transport: createWebSocketTransport(page as Window, WebSocket) } : runtime;
}
