// @vitest-environment node
/** The functions that take a socket, with a real server: an exchange that answers JSON-RPC calls, and has feeds by topic. */
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectScope } from 'vue';
import { WebSocket, WebSocketServer } from 'ws';
import {
  type UseHeartbeatSocketReturn,
  useHeartbeatSocket,
  useMessageHandlers,
  useRequests,
  useSubscriptions,
} from '../../../src';
import { eventually } from '../../support/eventually';

// biome-ignore lint/suspicious/noExplicitAny: the exchange says anything
type Anything = any;

let server: WebSocketServer;
/** What came to the server, by connection. */
let asked: Anything[][];

/** Answers a call, and sends the trades of a topic that is subscribed to. */
function serve(client: WebSocket): void {
  const own: Anything[] = [];
  asked.push(own);
  const say = (message: unknown): void => client.send(JSON.stringify(message));
  client.on('message', (data) => {
    const message = JSON.parse(String(data));
    own.push(message);
    const { id, op, topic, method, params } = message;
    if (op === 'subscribe') {
      say({ type: 'subscribed', topic });
      for (const price of [1, 2, 3]) say({ type: 'trade', topic, price: price + asked.length * 10 });
    } else if (method === 'slow') setTimeout(() => say({ id, result: 'slow' }), 100);
    else if (method === 'add') say({ id, result: params[0] + params[1] });
    else if (method === 'restart') client.terminate();
    else if (id) say({ id, error: { message: 'Method not found' } });
  });
}

beforeEach(async () => {
  asked = [];
  server = new WebSocketServer({ port: 0 });
  server.on('connection', serve);
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(async () => {
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

test('calls are answered, out of order; when the server restarts, calls are lost, and the feeds go on', async () => {
  const { port } = server.address() as AddressInfo;
  const scope = effectScope(true);
  const trades: number[] = [];
  const types: string[] = [];
  const messages: unknown[] = [];
  const own = scope.run(() => {
    const socket: UseHeartbeatSocketReturn<Anything, Anything> = useHeartbeatSocket(`ws://127.0.0.1:${port}/`, {
      WebSocket: WebSocket as never,
      serializer: 'json',
      heartbeat: false,
      autoReconnect: { delay: 20 },
      onMessage: (_, __, value) => messages.push(value),
    });
    const subscribe = useSubscriptions(socket, {
      subscribe: (topic) => ({ op: 'subscribe', topic }),
      unsubscribe: (topic) => ({ op: 'unsubscribe', topic }),
      topicOf: ({ type, topic }) => type === 'trade' && topic,
    });
    useMessageHandlers(socket, 'type', { subscribed: ({ topic }) => types.push(topic) });
    const call = useRequests(socket, {
      tag: (value: object, id) => ({ ...value, id }),
      idOf: (message) => message.id,
      errorOf: (message) => message.error && new Error(message.error.message),
      resultOf: (message) => message.result,
    });
    return { subscribe, call, socket };
  });
  const { subscribe, call } = own as NonNullable<typeof own>;
  const end = subscribe('BTC', ({ price }) => trades.push(price));
  const done: unknown[] = [];
  const slow = call({ method: 'slow' }).then((value) => done.push(value));
  const quick = call({ method: 'add', params: [1, 2] }).then((value) => done.push(value));
  await Promise.all([slow, quick]);
  expect(done).toEqual([3, 'slow']);
  await expect(call({ method: 'nonsense' })).rejects.toThrow('Method not found');
  await expect(call({ method: 'slow' }, { timeout: 10 })).rejects.toMatchObject({ code: 'timeout' });
  await eventually(() => expect(trades).toEqual([11, 12, 13]));
  await expect(call({ method: 'restart' })).rejects.toMatchObject({ code: 'lost', closeCode: 1006 });
  expect(await call({ method: 'add', params: [3, 4] })).toBe(7);
  expect(trades).toEqual([11, 12, 13, 21, 22, 23]);
  expect(types).toEqual(['BTC', 'BTC']);
  end();
  await eventually(() => expect(asked[1]?.at(-1)).toEqual({ op: 'unsubscribe', topic: 'BTC' }));
  expect(asked[1]?.[0]).toEqual({ op: 'subscribe', topic: 'BTC' });
  // No answer, neither late nor with an error, is among the messages.
  expect(messages.every((message) => !('id' in (message as object)))).toBe(true);
  scope.stop();
});
