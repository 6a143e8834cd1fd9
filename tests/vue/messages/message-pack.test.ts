// @vitest-environment node
/** MessagePack over a real server, as the README shows it: the contract of a serializer holds for binary. */

import type { AddressInfo } from 'node:net';
import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectScope } from 'vue';
import { WebSocket, WebSocketServer } from 'ws';
import { atLeastOnce, type Serializer, useHeartbeatSocket, useRequests } from '../../../src';
import { eventually } from '../../support/eventually';

interface Message {
  readonly id?: number;
  readonly text: string;
  readonly bytes?: Uint8Array;
}

const messagePack: Serializer<Message, Message> = {
  read: (data) => decode(data as ArrayBuffer) as Message,
  write: (value) => encode(value),
};

let server: WebSocketServer;
/** What came to the server, by connection. */
let heard: Message[][];
/** Heartbeats are answered. */
let isWell: boolean;

beforeEach(async () => {
  heard = [];
  isWell = true;
  server = new WebSocketServer({ port: 0 });
  server.on('connection', (client) => {
    const own: Message[] = [];
    heard.push(own);
    client.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        if (isWell) client.send(String(data));
        return;
      }
      const message = decode(new Uint8Array(data)) as Message;
      own.push(message);
      if (message.id) client.send(encode({ ...message, text: message.text.toUpperCase() }));
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(async () => {
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

test('values with bytes go there and back, go again after a loss, and are proven', async () => {
  const delivered: Message[] = [];
  const scope = effectScope(true);
  const ask = scope.run(() => {
    const socket = useHeartbeatSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      WebSocket: WebSocket as never,
      binaryType: 'arraybuffer',
      serializer: messagePack,
      autoReconnect: { delay: 0 },
      delivery: atLeastOnce({ ackWithin: 20 }),
      onDelivered: (message) => delivered.push(message),
    });
    return { socket, request: useRequests(socket, 'id') };
  });
  if (!ask) throw new Error('the scope is over');
  isWell = false;
  const bytes = Uint8Array.of(0, 255);
  ask.socket.send({ text: 'hello', bytes });
  await eventually(() => expect(heard).toEqual([[{ text: 'hello', bytes }]]));
  isWell = true;
  for (const client of server.clients) client.terminate();
  expect(await ask.request({ text: 'shout' })).toEqual({ id: 1, text: 'SHOUT' });
  expect(heard[1]).toEqual([
    { text: 'hello', bytes },
    { id: 1, text: 'shout' },
  ]);
  await eventually(() =>
    expect(delivered).toEqual([
      { id: 1, text: 'shout' },
      { text: 'hello', bytes },
    ]),
  );
  scope.stop();
});
