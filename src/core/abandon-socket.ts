import type { Engine } from './engine.js';
import { guard } from './outlet.js';
import type { CloseInfo, SocketLike } from './ports.js';

const ignore = (): void => {};

/**
 * Takes the handlers off a socket and closes it: with code and reason if the end is clean. A socket that refuses these is closed
 * without them.
 */
export function abandonSocket(engine: Engine, socket: SocketLike, how: CloseInfo): void {
  // Functions that do nothing, since `ws` for Node throws an `error` event that has no handler.
  socket.onopen = socket.onclose = socket.onerror = socket.onmessage = ignore;
  // The list tells a call that answered undefined from one that threw.
  const close = (...about: [code?: number, reason?: string]): unknown =>
    guard(engine, () => [socket.close(...about)], 'close');
  if (!how.wasClean || !close(how.code, how.reason || undefined)) close();
}
