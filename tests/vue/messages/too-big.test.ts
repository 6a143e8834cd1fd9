// @vitest-environment node
/** Delivery with proof, and a real server that closes the connection for a message that is too big. */
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectScope } from 'vue';
import { WebSocket, WebSocketServer } from 'ws';
import { atLeastOnce, deliver, useHeartbeatSocket } from '../../../src';
import { eventually } from '../../support/eventually';

let server: WebSocketServer;
let connections = 0;
const arrived = new Set<string>();

beforeEach(async () => {
  connections = 0;
  arrived.clear();
  server = new WebSocketServer({ port: 0, maxPayload: 1_000 });
  server.on('connection', (client) => {
    connections += 1;
    // `ws` tells of the message that is too big, and closes with 1009.
    client.on('error', () => {});
    client.on('message', (data) => {
      if (String(data) === 'ping') client.send('pong');
      else arrived.add(String(data));
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(async () => {
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

test('one message that is too big is told of, and the connection stands, with all others delivered', async () => {
  const { port } = server.address() as AddressInfo;
  const scope = effectScope(true);
  const dropped: unknown[] = [];
  const socket = scope.run(() =>
    useHeartbeatSocket(`ws://127.0.0.1:${port}/`, {
      WebSocket: WebSocket as never,
      heartbeat: { message: 'ping', responseMessage: 'pong' },
      autoReconnect: { delay: 20 },
      delivery: atLeastOnce({ ackWithin: 50 }),
      buffer: { onDropped: (data, reason) => dropped.push([`${data}`.length, reason]) },
    }),
  );
  if (!socket) throw new Error('no socket');
  try {
    await eventually(() => expect(socket.status.value).toBe('OPEN'));
    socket.send('a');
    const tooBig = deliver(socket, 'x'.repeat(2_000));
    const delivered = deliver(socket, 'b');
    await expect(tooBig).rejects.toMatchObject({ code: 'dropped', cause: { reason: 'refused' } });
    await delivered;
    expect([...arrived].sort()).toEqual(['a', 'b']);
    expect(dropped).toEqual([[2_000, 'refused']]);
    await eventually(() => expect([socket.status.value, socket.pending.value]).toEqual(['OPEN', 0]));
    expect(connections).toBeLessThan(5);
  } finally {
    scope.stop();
  }
});
