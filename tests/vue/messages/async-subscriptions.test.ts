/** `useSubscriptions` where the message that asks for a topic takes time to make, and topics that are asked for again. */
import { expect, expectTypeOf, test, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import {
  type UseHeartbeatSocketOptions,
  type UseHeartbeatSocketReturn,
  useHeartbeatSocket,
  useSubscriptions,
} from '../../../src';
import { engineOf } from '../../../src/vue/engine-of';
import { useFakeSockets } from '../../support/use-fake-sockets';

const fake = useFakeSockets();

// biome-ignore lint/suspicious/noExplicitAny: tests send and receive anything
type Anything = any;

/** Signatures that come when the test says so. */
const signatures: { readonly topic: string; sign(): void; refuse(): void }[] = [];

const signed = (topic: string) =>
  new Promise<Anything>((resolve, reject) => {
    signatures.push({
      topic,
      sign: () => resolve({ op: 'subscribe', topic }),
      refuse: () => reject(new Error(`no signature for ${topic}`)),
    });
  });

/** All that are asked for now come, and what follows is done. */
async function settle(way: 'sign' | 'refuse' = 'sign'): Promise<void> {
  for (const signature of signatures.splice(0)) signature[way]();
  await nextTick();
  await nextTick();
}

function connect(
  options: UseHeartbeatSocketOptions<Anything, Anything> = {},
  subscribe: (topic: string) => Anything = signed,
) {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  signatures.length = 0;
  const own = scope.run(() => {
    const socket: UseHeartbeatSocketReturn<Anything, Anything> = useHeartbeatSocket('ws://server/', {
      ...{ WebSocket, serializer: 'json', heartbeat: false, autoReconnect: { delay: 10 } },
      ...options,
    });
    const topics = useSubscriptions(socket, {
      subscribe,
      unsubscribe: (topic: string) => ({ op: 'unsubscribe', topic }),
      topicOf: (message: Anything) => message.topic,
    });
    return { socket, topics };
  });
  return { scope, ...(own as NonNullable<typeof own>) };
}

const sent = (): string[] =>
  fake.newest.sent.map((text) => {
    const { op = 'message', topic } = JSON.parse(text as string);
    return `${op} ${topic}`;
  });

/** The link falls, and the next connection is open. */
async function reconnect(): Promise<void> {
  fake.newest.end();
  vi.advanceTimersByTime(10);
  fake.newest.accept();
  await nextTick();
}

test('a private channel is asked for once its signature has come, and with a new one on each connection', async () => {
  const { scope, topics } = connect();
  topics('private-orders');
  expect(signatures).toEqual([]);
  fake.newest.accept();
  expect([sent(), signatures.map(({ topic }) => topic)]).toEqual([[], ['private-orders']]);
  await settle();
  expect(sent()).toEqual(['subscribe private-orders']);
  await reconnect();
  expect([sent(), signatures.length]).toEqual([[], 1]);
  await settle();
  expect(sent()).toEqual(['subscribe private-orders']);
  scope.stop();
});

test('channels whose signatures come together are asked for in their order', async () => {
  const { scope, topics } = connect();
  for (const topic of ['a', 'b', 'c']) topics(topic);
  fake.newest.accept();
  await settle();
  expect(sent()).toEqual(['subscribe a', 'subscribe b', 'subscribe c']);
  scope.stop();
});

test('a channel that is left before its signature has come is neither asked for nor ended', async () => {
  const { scope, socket, topics } = connect();
  fake.newest.accept();
  const end = topics('a');
  end();
  await nextTick();
  await settle();
  expect(sent()).toEqual([]);
  expect(engineOf(socket).listeners.size).toBe(2);
  scope.stop();
});

test('a channel that is left and wanted again meanwhile is asked for once, with the newer signature', async () => {
  let count = 0;
  const { scope, topics } = connect({}, async (topic) => {
    count += 1;
    const number = count;
    await signed(topic);
    return { op: 'subscribe', topic: `${topic}${number}` };
  });
  fake.newest.accept();
  topics('a')();
  await nextTick();
  topics('a');
  await settle();
  await settle();
  expect(sent()).toEqual(['subscribe a2']);
  scope.stop();
});

test('a signature for a connection that is gone is not sent on the next one', async () => {
  const { scope, topics } = connect();
  topics('a');
  fake.newest.accept();
  const [old] = signatures.splice(0);
  await reconnect();
  old?.sign();
  await nextTick();
  await nextTick();
  expect(sent()).toEqual([]);
  await settle();
  expect(sent()).toEqual(['subscribe a']);
  scope.stop();
});

test('after close() nothing is asked for', async () => {
  const { scope, socket, topics } = connect();
  topics('a');
  fake.newest.accept();
  socket.close();
  await settle();
  expect([sent(), socket.pending.value]).toEqual([[], 0]);
  scope.stop();
});

test('a signature that is refused goes to onError, and the channel is tried again on the next connection', async () => {
  const onError = vi.fn();
  const { scope, socket, topics } = connect({ onError });
  topics('a');
  fake.newest.accept();
  await settle('refuse');
  expect([sent(), onError.mock.calls.length]).toEqual([[], 1]);
  expect(socket.error.value).toMatchObject({ code: 'callback', message: 'callback: no signature for a' });
  vi.advanceTimersByTime(60_000);
  expect(signatures).toEqual([]);
  await reconnect();
  await settle();
  expect(sent()).toEqual(['subscribe a']);
  scope.stop();
});

test('a channel whose signature was refused ends without a word', async () => {
  const { scope, topics } = connect({ onError() {} });
  fake.newest.accept();
  const end = topics('a');
  await settle('refuse');
  end();
  await nextTick();
  expect(sent()).toEqual([]);
  scope.stop();
});

test('a signature is fetched once, also while the socket has too much to send', async () => {
  const { scope, topics } = connect();
  fake.newest.accept();
  const slow = fake.newest as { bufferedAmount?: number };
  slow.bufferedAmount = 2 ** 21;
  topics('a');
  await settle();
  vi.advanceTimersByTime(500);
  expect([sent(), signatures]).toEqual([[], []]);
  slow.bufferedAmount = 0;
  vi.advanceTimersByTime(50);
  expect(sent()).toEqual(['subscribe a']);
  scope.stop();
});

const now = (topic: string): Anything => ({ op: 'subscribe', topic });

test('after a gap in the numbers an order book is asked for again, with one call', () => {
  const { scope, topics } = connect({}, now);
  const heard: number[] = [];
  topics('book', ({ seq }: Anything) => {
    heard.push(seq);
    if (seq === 3) topics.again('book');
  });
  fake.newest.accept();
  for (const seq of [1, 3]) fake.newest.say(JSON.stringify({ topic: 'book', seq }));
  expect(sent()).toEqual(['subscribe book', 'unsubscribe book', 'subscribe book']);
  fake.newest.say(JSON.stringify({ topic: 'book', seq: 10 }));
  expect(heard).toEqual([1, 3, 10]);
  scope.stop();
});

test('a topic that nobody holds is not asked for again, nor one while there is no connection', async () => {
  const { scope, topics } = connect({}, now);
  topics.again('a');
  const end = topics('a');
  topics.again('a');
  fake.newest.accept();
  expect(sent()).toEqual(['subscribe a']);
  end();
  await nextTick();
  topics.again('a');
  topics.again('b');
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a']);
  scope.stop();
});

test('a private channel that is asked for again keeps coming until its new signature is there', async () => {
  const { scope, topics } = connect();
  fake.newest.accept();
  topics('a');
  await settle();
  topics.again('a');
  topics.again('a');
  expect([sent(), signatures.length]).toEqual([['subscribe a'], 1]);
  await settle();
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a', 'subscribe a']);
  scope.stop();
});

test('a channel that is left while it is being asked for again is ended once', async () => {
  const { scope, topics } = connect();
  fake.newest.accept();
  const end = topics('a');
  await settle();
  topics.again('a');
  end();
  await nextTick();
  await settle();
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a']);
  scope.stop();
});

test('a topic that is asked for again while the socket has too much to send waits for room', () => {
  const { scope, topics } = connect({}, now);
  fake.newest.accept();
  topics('a');
  const slow = fake.newest as { bufferedAmount?: number };
  slow.bufferedAmount = 2 ** 21;
  topics.again('a');
  vi.advanceTimersByTime(200);
  expect(sent()).toEqual(['subscribe a']);
  slow.bufferedAmount = 0;
  vi.advanceTimersByTime(50);
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a', 'subscribe a']);
  scope.stop();
});

test('types take a promise of what the server takes, and know the topic that is asked for again', () => {
  type Write = { op: string; topic: string };
  const never = (socket: UseHeartbeatSocketReturn<unknown, Write>) => {
    const unsubscribe = (topic: 'a' | 'b') => ({ op: 'unsubscribe', topic });
    const subscribe = useSubscriptions(socket, {
      subscribe: async (topic: 'a' | 'b') => ({ op: 'subscribe', topic }),
      unsubscribe,
    });
    expectTypeOf(subscribe.again).parameter(0).toEqualTypeOf<'a' | 'b'>();
    expectTypeOf(subscribe('a')).toEqualTypeOf<() => void>();
    useSubscriptions(socket, {
      // @ts-expect-error the server takes no such message
      subscribe: async () => ({ nonsense: 1 }),
      unsubscribe,
    });
  };
  expect(never).toBeTypeOf('function');
});
