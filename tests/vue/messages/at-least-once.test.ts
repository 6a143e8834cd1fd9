/** `atLeastOnce`, `deliver` and `close({ drain })`, as a component uses them. */
import { expect, test, vi } from 'vitest';
import { createApp, effectScope, nextTick } from 'vue';
import {
  type AtLeastOnceOptions,
  atLeastOnce,
  createHeartbeatSocket,
  deliver,
  HeartbeatSocketError,
  type UseHeartbeatSocketOptions,
  type UseHeartbeatSocketReturn,
  useHeartbeatSocket,
  useRequests,
  useSubscriptions,
} from '../../../src';
import { useFakeSockets } from '../../support/use-fake-sockets';

const fake = useFakeSockets();

// biome-ignore lint/suspicious/noExplicitAny: tests send and receive anything
type Anything = any;
type Options = UseHeartbeatSocketOptions<Anything, Anything>;

function connect(options: Options = {}) {
  const told: unknown[] = [];
  const scope = effectScope(true);
  const given = {
    WebSocket: fake.WebSocket,
    serializer: 'json' as const,
    autoReconnect: { delay: 0 },
    delivery: atLeastOnce(),
    onDelivered: (value: unknown) => told.push(['delivered', value]),
    buffer: { onDropped: (value: unknown, reason: string) => told.push([reason, value]) },
    ...options,
  };
  const socket = scope.run(() => useHeartbeatSocket<Anything>('ws://server/', given)) as UseHeartbeatSocketReturn<
    Anything,
    Anything
  >;
  return { scope, socket, told, run: <T>(what: () => T): T => scope.run(what) as T };
}

const say = (message: unknown): void => fake.newest.say(JSON.stringify(message));
const sent = (): Anything[] =>
  fake.newest.sent.filter((text) => text !== 'HeartBeat').map((text) => JSON.parse(text as string));

/** The heartbeat that asks for proof goes out, and the server answers it. */
async function prove(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fake.newest.sent.at(-1)).toBe('HeartBeat');
  fake.newest.say('HeartBeat');
}

async function replaceSocket(): Promise<void> {
  fake.newest.end();
  await vi.advanceTimersByTimeAsync(1);
  fake.newest.accept();
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error) => (error instanceof HeartbeatSocketError ? error.code : error),
  );

test('pending, onDelivered and on() show what is proven', async () => {
  const { scope, socket, told } = connect();
  const heard: unknown[] = [];
  socket.on('delivered', ({ data }) => heard.push(data));
  fake.newest.accept();
  socket.send({ text: 'hello' });
  expect(socket.pending.value).toBe(1);
  await prove();
  expect([socket.pending.value, told, heard]).toEqual([0, [['delivered', { text: 'hello' }]], [{ text: 'hello' }]]);
  scope.stop();
});

test('deliver() resolves once its message is proven, over a reconnect', async () => {
  const { scope, socket } = connect();
  fake.newest.accept();
  const outcome = vi.fn();
  deliver(socket, { text: 'hello' }).then(outcome);
  await replaceSocket();
  expect(sent()).toEqual([{ text: 'hello' }]);
  expect(outcome).not.toHaveBeenCalled();
  await prove();
  await nextTick();
  expect(outcome).toHaveBeenCalledWith(undefined);
  scope.stop();
});

test('two deliver() of the same text resolve each with its own message', async () => {
  const { scope, socket } = connect({ buffer: { limit: 1, overflow: 'drop-newest' } });
  fake.newest.accept();
  const [first, second] = [codeOf(deliver(socket, 'x')), codeOf(deliver(socket, 'x'))];
  await prove();
  expect(await Promise.all([first, second])).toEqual([undefined, 'dropped']);
  scope.stop();
});

test.each([
  ['close()', ({ socket }: ReturnType<typeof connect>) => socket.close(), 'closed'],
  ['the end of the scope', ({ scope }: ReturnType<typeof connect>) => scope.stop(), 'left'],
])('deliver() rejects when %s comes before the proof', async (_, end, code) => {
  const connected = connect();
  fake.newest.accept();
  const outcome = codeOf(deliver(connected.socket, 'x'));
  end(connected);
  expect(await outcome).toBe(code);
  connected.scope.stop();
});

test('deliver() says so where delivery is not proven, and where a message cannot be written', async () => {
  const plain = connect({ delivery: undefined });
  fake.newest.accept();
  await expect(deliver(plain.socket, 'x')).rejects.toThrow('option: deliver() needs the option delivery');
  expect(fake.newest.sent).toEqual([]);
  plain.scope.stop();
  const proven = connect({ onError: () => {} });
  fake.newest.accept();
  expect(await codeOf(deliver(proven.socket, 1n))).toBe('serializer');
  proven.scope.stop();
});

test('deliver() after close() rejects at once, and so does one that onConnected has sent for a connection that ends', async () => {
  let own: Promise<unknown> | undefined;
  const { scope, socket, told } = connect({
    onConnected: () => {
      own ??= codeOf(deliver(socket, 'login'));
    },
  });
  fake.newest.accept();
  await replaceSocket();
  expect(await own).toBe('lost');
  expect(told).toEqual([['unproven', 'login']]);
  socket.close();
  expect(await codeOf(deliver(socket, 'x'))).toBe('closed');
  scope.stop();
});

test('a request survives the reconnect, in its order, and its answer is its proof', async () => {
  const { scope, socket, told, run } = connect();
  const request = run(() => useRequests(socket, 'id'));
  fake.newest.accept();
  const answer = request({ ask: 'a' });
  socket.send({ text: 'hello' });
  await prove();
  expect([told, socket.pending.value]).toEqual([[['delivered', { text: 'hello' }]], 1]);
  await replaceSocket();
  expect(sent()).toEqual([{ ask: 'a', id: 1 }]);
  say({ id: 1, answer: 'A' });
  expect(await answer).toEqual({ id: 1, answer: 'A' });
  expect([told.at(-1), socket.pending.value]).toEqual([['delivered', { ask: 'a', id: 1 }], 0]);
  await replaceSocket();
  expect(sent()).toEqual([]);
  scope.stop();
});

test('close({ drain }) closes once the last request is aborted', async () => {
  const { scope, socket, run } = connect();
  const request = run(() => useRequests(socket, 'id'));
  fake.newest.accept();
  const aborter = new AbortController();
  const outcome = codeOf(request({ ask: 'a' }, { signal: aborter.signal }));
  socket.close({ drain: 60_000 });
  aborter.abort('enough');
  expect([await outcome, socket.pending.value, socket.phase.value]).toEqual(['enough', 0, 'closed']);
  scope.stop();
});

test('a request that times out, or that is aborted, does not go again', async () => {
  const { scope, socket, run } = connect();
  const request = run(() => useRequests(socket, 'id'));
  fake.newest.accept();
  const aborter = new AbortController();
  const outcomes = [
    codeOf(request({ ask: 'a' }, { timeout: 100 })),
    codeOf(request({ ask: 'b' }, { signal: aborter.signal })),
  ];
  aborter.abort('enough');
  await vi.advanceTimersByTimeAsync(100);
  expect(await Promise.all(outcomes)).toEqual(['timeout', 'enough']);
  expect(socket.pending.value).toBe(0);
  await replaceSocket();
  expect(sent()).toEqual([]);
  scope.stop();
});

test.each([
  ['close()', ({ socket }: ReturnType<typeof connect>) => socket.close(), 'closed'],
  ['the end of the scope', ({ scope }: ReturnType<typeof connect>) => scope.stop(), 'left'],
])('a request that was handed over rejects at %s', async (_, end, code) => {
  const connected = connect();
  const request = useRequests(connected.socket, 'id');
  fake.newest.accept();
  const outcome = codeOf(request({ ask: 'a' }));
  end(connected);
  expect(await outcome).toBe(code);
  expect(connected.socket.pending.value).toBe(0);
  connected.scope.stop();
});

test('a subscription is told to the new connection once, though the message of the old one was not proven', async () => {
  const { scope, socket, run } = connect();
  const subscribe = run(() =>
    useSubscriptions(socket, {
      subscribe: (topic: string) => ({ subscribe: topic }),
      unsubscribe: (topic: string) => ({ unsubscribe: topic }),
    }),
  );
  run(() => subscribe('news'));
  fake.newest.accept();
  await replaceSocket();
  expect(sent()).toEqual([{ subscribe: 'news' }]);
  scope.stop();
});

test('close({ drain }) closes once all is proven', async () => {
  const { scope, socket, told } = connect();
  fake.newest.accept();
  socket.send('a');
  socket.close({ drain: 5_000 });
  expect([socket.phase.value, socket.send('b')]).toEqual(['open', false]);
  await prove();
  expect([socket.phase.value, told]).toEqual([
    'closed',
    [
      ['closed', 'b'],
      ['delivered', 'a'],
    ],
  ]);
  expect(fake.newest.closedWith?.[0]).toBe(1000);
  scope.stop();
});

test.each([[-1], [Number.NaN], [Infinity], ['5'], [null]])('close({ drain: %s }) throws in development', (drain) => {
  const { scope, socket } = connect();
  expect(() => socket.close({ drain: drain as number })).toThrow('close: drain must be a number of ms, 0 or more');
  scope.stop();
});

test.each<[string, Options | (() => Options), string]>([
  [
    'a delivery of its own',
    { delivery: { handedOver: 1 } as never },
    'option: delivery must be what atLeastOnce() gives',
  ],
  ['the function itself', { delivery: atLeastOnce as never }, 'option: delivery must be what atLeastOnce() gives'],
  ['no heartbeat', { heartbeat: false }, 'option: delivery must have a heartbeat'],
  ['a buffer without room', { buffer: { limit: 0 } }, 'option: buffer.limit must be a number of messages, 1 or more'],
  [
    'an ackWithin of 0',
    () => ({ delivery: atLeastOnce({ ackWithin: 0 }) }),
    'ackWithin must be a number of ms, 1 or more, received 0',
  ],
  [
    'an ack that is no function',
    () => ({ delivery: atLeastOnce({ ack: 'id' as never }) }),
    'ack must be a function, received String',
  ],
  ['an id without ack', () => ({ delivery: atLeastOnce({ id: () => 1 }) }), 'id needs ack'],
  [
    'a storage of another kind',
    () => ({ delivery: atLeastOnce({ storage: {} as never }) }),
    'storage must be { put, take }, received Object',
  ],
])('%s throws in development', (_, options, sentence) => {
  expect(() => connect(typeof options === 'function' ? options() : options)).toThrow(sentence);
});

test('what the plugin and a component give together is checked as well', () => {
  const app = createApp({ render: () => null });
  app.use(createHeartbeatSocket({ delivery: atLeastOnce() }));
  app.runWithContext(() => {
    expect(() => connect({ delivery: undefined, heartbeat: false })).toThrow('option: delivery must have a heartbeat');
  });
});

test('a request that has no room in the buffer says so', async () => {
  const { scope, socket, run } = connect({ buffer: { limit: 1, overflow: 'drop-newest' } });
  const request = run(() => useRequests(socket, 'id'));
  fake.newest.accept();
  socket.send('a');
  await expect(request({ ask: 1 })).rejects.toMatchObject({ code: 'dropped', cause: { reason: 'overflow' } });
  scope.stop();
});

test('without a heartbeat the acks of the server prove', () => {
  const options: AtLeastOnceOptions = { ack: (message) => message.ack };
  const { scope, socket, told } = connect({ heartbeat: false, delivery: atLeastOnce(options) });
  fake.newest.accept();
  socket.send('a');
  say({ ack: 1 });
  expect(told).toEqual([['delivered', 'a']]);
  scope.stop();
});
