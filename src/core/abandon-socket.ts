import type { CloseInfo, SocketLike } from './ports.js';

const ignore = (): void => {};

/**
 * Takes the handlers off a socket and closes it: with code and reason if the end is clean. A socket that refuses these is closed
 * without them. `guard` runs what may throw, reports it, and then gives undefined.
 */
export function abandonSocket(
  socket: SocketLike,
  { code, reason, wasClean }: CloseInfo,
  guard: (run: () => unknown, code: 'close') => unknown,
): void {
  // Functions that do nothing, since `ws` for Node throws an `error` event that has no handler.
  socket.onopen = socket.onclose = socket.onerror = socket.onmessage = ignore;
  // The list tells a call that answered undefined from one that threw.
  const close = (...how: [code?: number, reason?: string]): unknown => guard(() => [socket.close(...how)], 'close');
  if (!wasClean || !close(code, reason || undefined)) close();
}
