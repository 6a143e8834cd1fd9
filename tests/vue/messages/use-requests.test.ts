/** `useRequests`: questions and answers over one connection. */
import { expect, expectTypeOf, test, vi } from 'vitest';
import { createApp, effectScope, nextTick } from 'vue';
import {
  createHeartbeatSocket,
  HeartbeatSocketError,
  type UseHeartbeatSocketOptions,
  type UseHeartbeatSocketReturn,
  useHeartbeatSocket,
  useRequests,
} from '../../../src';
import { engineOf } from '../../../src/vue/engine-of';
import { useFakeSockets } from '../../support/use-fake-sockets';

const fake = useFakeSockets();

// biome-ignore lint/suspicious/noExplicitAny: tests send and receive anything
type Anything = any;
type Ask = (value: object, options?: { timeout?: number; signal?: AbortSignal }) => Promise<Anything>;

/** A connection, and its function for requests by `id`, in a scope of its own. */
function connect(options: UseHeartbeatSocketOptions<Anything, Anything> = {}) {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  const own = scope.run(() => {
    const given = { WebSocket, serializer: 'json' as const, heartbeat: false, ...options };
    const socket = useHeartbeatSocket<Anything>('ws://server/', given as typeof given & { serializer: 'json' });
    return { socket, request: useRequests(socket, 'id') as Ask };
  });
  return { scope, ...(own as NonNullable<typeof own>) };
}

const say = (message: unknown): void => fake.newest.say(JSON.stringify(message));
const sent = (): Anything[] => fake.newest.sent.map((text) => JSON.parse(text as string));

/** How a promise has settled so far. */
function follow(promise: Promise<unknown>): { outcome: unknown } {
  const followed: { outcome: unknown } = { outcome: 'pending' };
  promise.then(
    (value) => {
      followed.outcome = value;
    },
    (error) => {
      followed.outcome = error instanceof HeartbeatSocketError ? error.code : error;
    },
  );
  return followed;
}

const settle = async (): Promise<void> => {
  await nextTick();
  await nextTick();
};

test('many requests are under way, and each gets its own answer, in whatever order the answers come', async () => {
  const { scope, request } = connect();
  fake.newest.accept();
  const all = Promise.all([request({ ask: 'a' }), request({ ask: 'b' }), request({ ask: 'c' })]);
  expect(sent()).toEqual([
    { ask: 'a', id: 1 },
    { ask: 'b', id: 2 },
    { ask: 'c', id: 3 },
  ]);
  for (const id of [3, 1, 2]) say({ id, answer: id * 10 });
  expect(await all).toEqual([
    { id: 1, answer: 10 },
    { id: 2, answer: 20 },
    { id: 3, answer: 30 },
  ]);
  scope.stop();
});

test('an answer reaches neither onMessage nor data nor on(), and is in the log; any other message reaches all', async () => {
  const heard: unknown[] = [];
  const log: unknown[] = [];
  const { scope, socket, request } = connect({
    onMessage: (_, __, value) => heard.push(value),
    onEvent: (event) => event.type === 'received' && log.push(event.data),
  });
  socket.on('received', ({ value }) => heard.push(value));
  fake.newest.accept();
  const answer = request({ ask: 'a' });
  say({ id: 1 });
  await answer;
  expect([heard, socket.data.value]).toEqual([[], null]);
  expect(log).toEqual(['{"id":1}']);
  say({ id: 1, text: 'the same number again' });
  say({ id: 99 });
  expect(heard.length).toBe(4);
  scope.stop();
});

test('a request rejects after 10 s without an answer, and its late answer reaches nobody', async () => {
  const heard: unknown[] = [];
  const { scope, request } = connect({ onMessage: (_, __, value) => heard.push(value) });
  fake.newest.accept();
  const [usual, own] = [follow(request({ ask: 'a' })), follow(request({ ask: 'b' }, { timeout: 500 }))];
  vi.advanceTimersByTime(499);
  await settle();
  expect(own.outcome).toBe('pending');
  vi.advanceTimersByTime(1);
  await settle();
  expect([usual.outcome, own.outcome]).toEqual(['pending', 'timeout']);
  vi.advanceTimersByTime(9_500);
  await settle();
  expect(usual.outcome).toBe('timeout');
  say({ id: 2 });
  say({ id: 1 });
  expect(heard).toEqual([]);
  say({ id: 1 });
  expect(heard).toEqual([{ id: 1 }]);
  scope.stop();
});

test('an answer that would have come too late is not expected from the next connection', async () => {
  const heard: unknown[] = [];
  const { scope, socket, request } = connect({ onMessage: (_, __, value) => heard.push(value) });
  fake.newest.accept();
  const waiting = follow(request({ ask: 'a' }, { timeout: 100 }));
  vi.advanceTimersByTime(100);
  socket.open();
  fake.newest.accept();
  say({ id: 1 });
  await settle();
  expect([waiting.outcome, heard]).toEqual(['timeout', [{ id: 1 }]]);
  expect(engineOf(socket).listeners.size).toBe(1);
  scope.stop();
});

test('a server that never answers does not make the page remember every question', async () => {
  const heard: unknown[] = [];
  const { scope, request } = connect({ onMessage: (_, __, value) => heard.push(value) });
  fake.newest.accept();
  const all = Array.from({ length: 1_001 }, () => request({ ask: 'a' }, { timeout: 100 }));
  vi.advanceTimersByTime(100);
  await Promise.allSettled(all);
  say({ id: 1 });
  say({ id: 2 });
  expect(heard).toEqual([{ id: 1 }]);
  scope.stop();
});

test('a request whose sending makes a callback close the connection rejects at once', async () => {
  const { scope, socket, request } = connect({ onSend: () => socket.close() });
  fake.newest.accept();
  const closed = follow(request({ ask: 'a' }));
  await settle();
  expect(closed.outcome).toBe('closed');
  scope.stop();
});

test('idOf is asked about values only, and not about a message that cannot be read', async () => {
  const asked: unknown[] = [];
  const { scope, socket } = connect({ onError: () => {} });
  const idOf = (message: Anything): unknown => {
    asked.push(message);
    return message.id;
  };
  const request = useRequests(socket, { tag: (value: object, id) => ({ ...value, id }), idOf });
  fake.newest.accept();
  const waiting = request({});
  fake.newest.say('no JSON');
  say({ id: 1 });
  say({ id: 1 });
  await waiting;
  expect(asked).toEqual([{ id: 1 }]);
  scope.stop();
});

test('with the timeout Infinity a request waits without a timer', async () => {
  const { scope, request } = connect();
  fake.newest.accept();
  const before = vi.getTimerCount();
  const waiting = follow(request({ ask: 'a' }, { timeout: Infinity }));
  expect(vi.getTimerCount()).toBe(before);
  vi.advanceTimersByTime(1_000_000);
  await settle();
  expect(waiting.outcome).toBe('pending');
  scope.stop();
  await settle();
  expect(waiting.outcome).toBe('left');
});

test('a timeout for all requests can be given, and one that makes no sense is refused', async () => {
  const { scope, socket } = connect();
  fake.newest.accept();
  const request = useRequests(socket, 'id', { timeout: 100 }) as Ask;
  const waiting = follow(request({ ask: 'a' }));
  const nonsense = follow(request({ ask: 'b' }, { timeout: Number.NaN }));
  vi.advanceTimersByTime(100);
  await settle();
  expect([waiting.outcome, nonsense.outcome]).toEqual(['timeout', 'option']);
  expect(sent()).toEqual([{ ask: 'a', id: 1 }]);
  request({ ask: 'c' }).catch(() => {});
  scope.stop();
});

test('an aborted request rejects with the reason of its signal, as fetch does', async () => {
  const heard: unknown[] = [];
  const { scope, request } = connect({ onMessage: (_, __, value) => heard.push(value) });
  fake.newest.accept();
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error('not needed any more');
  const waiting = follow(request({ ask: 'a' }, { signal }));
  const done = follow(request({ ask: 'b' }, { signal }));
  say({ id: 2 });
  controller.abort(reason);
  const tooLate = follow(request({ ask: 'c' }, { signal }));
  await settle();
  expect([waiting.outcome, done.outcome, tooLate.outcome]).toEqual([reason, { id: 2 }, reason]);
  expect(sent().length).toBe(2);
  say({ id: 1 });
  expect(heard).toEqual([]);
  scope.stop();
});

test('when the link falls, what was asked rejects as lost, and the next connection is not taken to answer it', async () => {
  const heard: unknown[] = [];
  const { scope, socket, request } = connect({ onMessage: (_, __, value) => heard.push(value) });
  fake.newest.accept();
  const promise = request({ ask: 'a' });
  const waiting = follow(promise);
  fake.newest.end(1011, 'restart');
  await settle();
  expect(waiting.outcome).toBe('lost');
  await expect(promise).rejects.toMatchObject({ closeCode: 1011, cause: { code: 1011, reason: 'restart' } });
  socket.open();
  fake.newest.accept();
  say({ id: 1 });
  expect(heard).toEqual([{ id: 1 }]);
  scope.stop();
});

test('a request that waits in the buffer goes out in its order with the next connection, also after lost attempts', async () => {
  const { scope, socket, request } = connect();
  socket.send({ first: true });
  const waiting = follow(request({ ask: 'a' }));
  socket.send({ last: true });
  fake.newest.end();
  await settle();
  expect([waiting.outcome, socket.pending.value]).toEqual(['pending', 3]);
  socket.open();
  fake.newest.accept();
  expect(sent()).toEqual([{ first: true }, { ask: 'a', id: 1 }, { last: true }]);
  // From here on it is lost with the link.
  const other = follow(request({ ask: 'b' }));
  fake.newest.end();
  await settle();
  expect([waiting.outcome, other.outcome]).toEqual(['lost', 'lost']);
  scope.stop();
});

test('a request that was given up while it waited in the buffer is not sent', async () => {
  const { scope, socket, request } = connect({ connectTimeout: 60_000 });
  const controller = new AbortController();
  const outcomes = [
    follow(request({ ask: 'a' }, { timeout: 1_000 })),
    follow(request({ ask: 'b' }, { signal: controller.signal })),
    follow(request({ ask: 'c' })),
  ];
  expect(socket.pending.value).toBe(3);
  vi.advanceTimersByTime(1_000);
  controller.abort('enough');
  await settle();
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['timeout', 'enough', 'pending']);
  expect(socket.pending.value).toBe(1);
  fake.newest.accept();
  expect(sent()).toEqual([{ ask: 'c', id: 3 }]);
  scope.stop();
});

test('close() rejects what was asked, what waits and what comes after', async () => {
  const { scope, socket, request } = connect();
  fake.newest.accept();
  const asked = follow(request({ ask: 'a' }));
  socket.close();
  const after = follow(request({ ask: 'b' }));
  socket.open();
  const kept = follow(request({ ask: 'c' }));
  socket.close();
  await settle();
  expect([asked.outcome, after.outcome, kept.outcome]).toEqual(['closed', 'closed', 'closed']);
  scope.stop();
});

test('a request that the buffer drops rejects, and says why', async () => {
  const { scope, request } = connect({ buffer: { limit: 1 } });
  const first = request({ ask: 'a' });
  const second = follow(request({ ask: 'b' }));
  await expect(first).rejects.toMatchObject({ code: 'dropped', cause: { reason: 'overflow' } });
  await settle();
  expect(second.outcome).toBe('pending');
  scope.stop();
});

test('a request that cannot be written rejects with the error, each time, also in setup', async () => {
  const onError = vi.fn();
  const { scope, request } = connect({ onError });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const first = follow(request(circular));
  fake.newest.accept();
  const second = follow(request(circular));
  await settle();
  expect([first.outcome, second.outcome]).toEqual(['serializer', 'serializer']);
  expect(onError).toHaveBeenCalled();
  scope.stop();
});

test('a component that leaves rejects its own requests, and not those of others on the same connection', async () => {
  const { WebSocket } = fake;
  const heard: unknown[] = [];
  const app = createApp({ render: () => null });
  const onMessage = (_: unknown, __: unknown, value: unknown): void => void heard.push(value);
  app.use(createHeartbeatSocket({ url: 'ws://server/', WebSocket, serializer: 'json', heartbeat: false, onMessage }));
  app.mount(document.createElement('div'));
  const join = () => {
    const scope = effectScope(true);
    const request = app.runWithContext(() => scope.run(() => useRequests(useHeartbeatSocket(), 'id'))) as Ask;
    return { scope, request };
  };
  const [one, two] = [join(), join()];
  fake.newest.accept();
  const [first, second] = [follow(one.request({ ask: 'a' })), follow(two.request({ ask: 'b' }))];
  expect(sent().map(({ id }) => id)).toEqual([1, 2]);
  one.scope.stop();
  say({ id: 1 });
  say({ id: 2 });
  const after = follow(one.request({ ask: 'c' }));
  await settle();
  expect([first.outcome, second.outcome, after.outcome]).toEqual(['left', { id: 2 }, 'left']);
  expect([heard, sent().length]).toEqual([[], 2]);
  app.unmount();
});

interface Call {
  method: string;
  params: unknown;
}

/** JSON-RPC 2.0, as its specification has it. */
const jsonRpc = {
  tag: ({ method, params }: Call, id: number) => ({ jsonrpc: '2.0', method, params, id }),
  idOf: (message: Anything) => message.id,
  errorOf: (message: Anything) => message.error && Object.assign(new Error(message.error.message), message.error),
  resultOf: (message: Anything) => message.result as unknown,
};

test('JSON-RPC 2.0: results resolve, errors reject, notifications reach the app', async () => {
  const heard: unknown[] = [];
  const { scope, socket } = connect({ onMessage: (_, __, value) => heard.push(value) });
  const call = useRequests(socket, jsonRpc);
  fake.newest.accept();
  const sum = call({ method: 'subtract', params: [42, 23] });
  const missing = call({ method: 'foobar', params: [] });
  const empty = call({ method: 'nothing', params: [] });
  expect(sent()[0]).toEqual({ jsonrpc: '2.0', method: 'subtract', params: [42, 23], id: 1 });
  say({ jsonrpc: '2.0', error: { code: -32601, message: 'Method not found' }, id: 2 });
  say({ jsonrpc: '2.0', method: 'update', params: [1, 2] });
  say({ jsonrpc: '2.0', result: 19, id: 1 });
  say({ jsonrpc: '2.0', result: null, id: 3 });
  expect(await sum).toBe(19);
  expect(await empty).toBe(null);
  await expect(missing).rejects.toMatchObject({ code: -32601, message: 'Method not found' });
  expect(heard).toEqual([{ jsonrpc: '2.0', method: 'update', params: [1, 2] }]);
  scope.stop();
});

test('two protocols on one connection: each takes its own answers', async () => {
  const { scope, socket, request } = connect();
  const call = useRequests(socket, {
    ...jsonRpc,
    idOf: (message: Anything) => message.rpc,
    tag: (rpc: object, id) => ({ ...rpc, rpc: id }),
  });
  fake.newest.accept();
  const [byId, byRpc] = [follow(request({ ask: 'a' })), follow(call({}))];
  say({ rpc: 1, result: 'not mine' });
  say({ rpc: 2, result: 'mine' });
  say({ id: 1 });
  await settle();
  expect([byId.outcome, byRpc.outcome]).toEqual([{ id: 1 }, 'mine']);
  scope.stop();
});

test('what the functions of a protocol throw rejects the request; what idOf throws goes to onError, and the message to the app', async () => {
  const boom = new Error('boom');
  const throwing = (): never => {
    throw boom;
  };
  const onError = vi.fn();
  const heard: unknown[] = [];
  const { scope, socket } = connect({ onError, onMessage: (_, __, value) => heard.push(value) });
  fake.newest.accept();
  const tag = follow(useRequests(socket, { ...jsonRpc, tag: throwing })({}));
  const errorOf = follow(useRequests(socket, { ...jsonRpc, errorOf: throwing })({ method: '', params: 1 }));
  const resultOf = follow(useRequests(socket, { ...jsonRpc, resultOf: throwing })({ method: '', params: 1 }));
  say({ id: 2 });
  say({ id: 3 });
  say(null);
  await settle();
  expect([tag.outcome, errorOf.outcome, resultOf.outcome]).toEqual([boom, boom, boom]);
  expect([heard, onError.mock.calls.length]).toEqual([[null], 0]);
  const waiting = follow(useRequests(socket, jsonRpc)({ method: '', params: 1 }));
  say(null);
  say({ id: 4, result: 'well' });
  await settle();
  expect(waiting.outcome).toBe('well');
  expect([heard, onError.mock.calls.length]).toEqual([[null, null], 1]);
  scope.stop();
});

test('when nothing is under way, no timer and no listener is left, after whatever end', async () => {
  const { scope, socket, request } = connect();
  fake.newest.accept();
  const before = vi.getTimerCount();
  const controller = new AbortController();
  const { signal } = controller;
  const removed = vi.spyOn(signal, 'removeEventListener');
  const all = [request({ ask: 'a' }, { signal }), request({ ask: 'b' }, { signal })];
  say({ id: 1 });
  fake.newest.end();
  socket.open();
  fake.newest.accept();
  await Promise.allSettled(all);
  expect(vi.getTimerCount()).toBe(before);
  expect(removed).toHaveBeenCalledTimes(2);
  expect(engineOf(socket).listeners.size).toBe(1);
  scope.stop();
});

test('anything but what useHeartbeatSocket returned is refused at once', () => {
  expect(() => useRequests({ on: () => () => {} } as never, 'id')).toThrow(/socket must be/);
});

test('a message to ask has no field for the number, and the answer is one of the messages', () => {
  type Read = { id: number; user: string } | { type: 'push' };
  interface Write {
    id: number;
    ask: string;
  }
  const never = (
    typed: UseHeartbeatSocketReturn<Read, Write>,
    untyped: UseHeartbeatSocketReturn<Anything, Anything>,
  ) => {
    const request = useRequests(typed, 'id');
    expectTypeOf(request({ ask: 'a' })).toEqualTypeOf<Promise<Read>>();
    expectTypeOf(request<{ id: number; user: string }>({ ask: 'a' })).toEqualTypeOf<
      Promise<{ id: number; user: string }>
    >();
    // @ts-expect-error the question has no such field
    request({ question: 'a' });
    // @ts-expect-error no message is like that
    request<{ nonsense: boolean }>({ ask: 'a' });
    expectTypeOf(useRequests(untyped, 'id')({ any: 'thing' })).toEqualTypeOf<Promise<Anything>>();
    const call = useRequests(untyped, jsonRpc);
    expectTypeOf(call({ method: 'm', params: 1 })).toEqualTypeOf<Promise<unknown>>();
    expectTypeOf(call<number>({ method: 'm', params: 1 })).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error the question is no Call
    call({ name: 'm' });
  };
  expect(never).toBeTypeOf('function');
});
