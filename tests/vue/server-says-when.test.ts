// @vitest-environment node
/** A real server that closes with 1012, and says when it will be back. */
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EffectScope, effectScope } from 'vue';
import { WebSocketServer } from 'ws';
import { backoff, retryAfter, type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src';

let server: WebSocketServer;
let scope: EffectScope;
/** How many connections the server has accepted. */
let accepted: number;

beforeEach(async () => {
  accepted = 0;
  scope = effectScope(true);
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', () => {
    accepted += 1;
  });
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(async () => {
  scope.stop();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

async function connect(): Promise<UseHeartbeatSocketReturn> {
  const { port } = server.address() as AddressInfo;
  const autoReconnect = { delay: backoff({ hint: retryAfter }) };
  const socket = scope.run(() => useHeartbeatSocket(`ws://127.0.0.1:${port}`, { autoReconnect, WebSocket }));
  if (!socket) throw new Error('no socket');
  await expect.poll(() => socket.phase.value).toBe('open');
  return socket;
}

const restart = (reason: string): void => {
  for (const client of server.clients) client.close(1012, reason);
};

test('a server that says retry-after=3600 is left alone for an hour, and the app is told until when', async () => {
  const socket = await connect();
  const closedAt = Date.now();
  restart('restart; retry-after=3600');
  await expect.poll(() => socket.phase.value).toBe('waiting');
  expect(socket.error.value?.closeCode).toBe(1012);
  expect(socket.retryAt.value).toBeGreaterThanOrEqual(closedAt + 3_600_000);
  expect(socket.retryAt.value).toBeLessThanOrEqual(Date.now() + 1.5 * 3_600_000);
});

test('a server that says retry-after=0.05 has its client back', async () => {
  const socket = await connect();
  restart('restart; retry-after=0.05');
  await expect.poll(() => accepted).toBe(2);
  await expect.poll(() => socket.phase.value).toBe('open');
});
