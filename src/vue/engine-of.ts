import type { Engine } from '../core/engine.js';
import { HeartbeatSocketError } from '../core/errors.js';

/** The engine of each connection, by its function `on`: all components that hold the connection have the same one. */
export const engines = new WeakMap<object, Engine>();

/** The engine behind what `useHeartbeatSocket` has returned. Throws for anything else. */
export function engineOf(socket: { readonly on: object }): Engine {
  const engine = engines.get(socket.on);
  if (engine) return engine;
  throw new HeartbeatSocketError('option', 'socket must be what useHeartbeatSocket() has returned');
}
