import type { CloseInfo, SocketLike } from './ports.js';

const ignore = (): void => {};

/** Takes a socket's handlers off and closes it, with code and reason if that is clean. `attemptTo` gives undefined for what throws. */
export function abandonSocket(
  socket: SocketLike,
  { code, reason, wasClean }: CloseInfo,
  attemptTo: (run: () => unknown, code: 'close') => unknown,
): void {
  // No-ops, not null: ws for Node throws an 'error' that nobody handles.
  socket.onopen = socket.onclose = socket.onerror = socket.onmessage = ignore;
  // A list, whatever close() answers: undefined says that it threw.
  const close = (...how: [code?: number, reason?: string]): unknown => attemptTo(() => [socket.close(...how)], 'close');
  if (!wasClean || !close(code, reason || undefined)) close();
}
