/** `useSubscriptions`: topics of a server, counted by connection. */
import { expect, expectTypeOf, test, vi } from 'vitest';
import { createApp, effectScope, nextTick, ref, watch } from 'vue';
import {
  createHeartbeatSocket,
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
type Socket = UseHeartbeatSocketReturn<Anything, Anything>;

/** The protocol of an exchange's feeds. */
const feeds = {
  subscribe: (topic: string) => ({ op: 'subscribe', topic }),
  unsubscribe: (topic: string) => ({ op: 'unsubscribe', topic }),
  topicOf: (message: Anything) => message.topic,
};

const say = (message: unknown): void => fake.newest.say(JSON.stringify(message));
/** What the newest socket was sent, in short. */
const sent = (): string[] =>
  fake.newest.sent.map((text) => {
    const { op = 'message', topic } = JSON.parse(text as string);
    return `${op} ${topic}`;
  });

function connect(options: UseHeartbeatSocketOptions<Anything, Anything> = {}, url: Anything = 'ws://server/') {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  const own = scope.run(() => {
    const socket: Socket = useHeartbeatSocket(url, { WebSocket, serializer: 'json', heartbeat: false, ...options });
    return { socket, subscribe: useSubscriptions(socket, feeds) };
  });
  return { scope, ...(own as NonNullable<typeof own>) };
}

/** An app with a connection of its own, which any number of components join. */
function start(options: UseHeartbeatSocketOptions<Anything, Anything> = {}) {
  const { WebSocket } = fake;
  const app = createApp({ render: () => null });
  app.use(createHeartbeatSocket({ url: 'ws://server/', WebSocket, serializer: 'json', heartbeat: false, ...options }));
  app.mount(document.createElement('div'));
  const join = () => {
    const scope = effectScope(true);
    const own = app.runWithContext(() =>
      scope.run(() => {
        const socket: Socket = useHeartbeatSocket();
        return { socket, subscribe: useSubscriptions(socket, feeds) };
      }),
    );
    return { scope, ...(own as NonNullable<typeof own>) };
  };
  return { app, join };
}

test('the feeds of an exchange: subscribe, confirm, data by topic, and all again after the link fell', async () => {
  const all: unknown[] = [];
  const { scope, socket, subscribe } = connect({ onMessage: (_, __, value) => all.push(value.topic ?? value.event) });
  const prices: Record<string, number[]> = { BTC: [], ETH: [] };
  const end = subscribe('trades.BTC', ({ price }) => prices.BTC?.push(price));
  subscribe('trades.ETH', ({ price }) => prices.ETH?.push(price));
  fake.newest.accept();
  expect(sent()).toEqual(['subscribe trades.BTC', 'subscribe trades.ETH']);
  say({ event: 'subscribed' });
  say({ topic: 'trades.BTC', price: 1 });
  say({ topic: 'trades.ETH', price: 2 });
  say({ topic: 'trades.XRP', price: 3 });
  fake.newest.end();
  socket.open();
  fake.newest.accept();
  expect(sent()).toEqual(['subscribe trades.BTC', 'subscribe trades.ETH']);
  say({ topic: 'trades.BTC', price: 4 });
  end();
  say({ topic: 'trades.BTC', price: 5 });
  await nextTick();
  expect(sent().at(-1)).toBe('unsubscribe trades.BTC');
  expect(prices).toEqual({ BTC: [1, 4], ETH: [2] });
  expect(all).toEqual(['subscribed', 'trades.BTC', 'trades.ETH', 'trades.XRP', 'trades.BTC', 'trades.BTC']);
  scope.stop();
});

test('two components with one topic: one message to the server, and the end when the last has left', async () => {
  const { app, join } = start();
  const [one, two, three] = [join(), join(), join()];
  fake.newest.accept();
  const heard: string[] = [];
  one.subscribe('a', () => heard.push('one'));
  two.subscribe('a', () => heard.push('two'));
  three.subscribe('b');
  expect(sent()).toEqual(['subscribe a', 'subscribe b']);
  say({ topic: 'a' });
  one.scope.stop();
  await nextTick();
  say({ topic: 'a' });
  expect([heard, sent().length]).toEqual([['one', 'two', 'two'], 2]);
  two.scope.stop();
  await nextTick();
  expect(sent()).toEqual(['subscribe a', 'subscribe b', 'unsubscribe a']);
  fake.newest.end();
  three.socket.open();
  fake.newest.accept();
  expect(sent()).toEqual(['subscribe b']);
  app.unmount();
});

test('subscriptions go out before anything that waits in the buffer, and after what onConnected sends', () => {
  const { scope, socket, subscribe } = connect({ onConnected: () => socket.send({ op: 'login' }) });
  socket.send({ topic: 'waiting' });
  subscribe('a');
  expect(socket.pending.value).toBe(1);
  fake.newest.accept();
  expect(sent()).toEqual(['login undefined', 'subscribe a', 'message waiting']);
  scope.stop();
});

test('what begins and ends while there is no connection is never said', async () => {
  const { scope, socket, subscribe } = connect();
  const end = subscribe('a');
  subscribe('b');
  end();
  await nextTick();
  expect(socket.pending.value).toBe(0);
  fake.newest.accept();
  expect(sent()).toEqual(['subscribe b']);
  scope.stop();
});

test('a subscription that ends while the link is down is not taken up again, and nothing is said of its end', async () => {
  const { scope, socket, subscribe } = connect();
  fake.newest.accept();
  const end = subscribe('a');
  fake.newest.end();
  end();
  await nextTick();
  socket.open();
  fake.newest.accept();
  expect([sent(), socket.pending.value]).toEqual([[], 0]);
  subscribe('a');
  expect(sent()).toEqual(['subscribe a']);
  scope.stop();
});

test('ending and beginning in one task sends nothing; ending, a pause and beginning sends both', async () => {
  const { scope, subscribe } = connect();
  fake.newest.accept();
  const heard: string[] = [];
  subscribe('a', () => heard.push('old'))();
  const end = subscribe('a', () => heard.push('new'));
  await nextTick();
  say({ topic: 'a' });
  expect([sent(), heard]).toEqual([['subscribe a'], ['new']]);
  end();
  end();
  await nextTick();
  subscribe('a');
  subscribe('a')();
  await nextTick();
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a', 'subscribe a']);
  scope.stop();
});

test('a topic that a callback subscribes to while the connection is being opened is asked for once', async () => {
  const topics = ['changed', 'opened', 'connected', 'sent'];
  const { scope, socket, subscribe } = connect({
    onConnected: () => subscribe('connected'),
    onSend: () => topics.includes('sent') && topics.splice(3) && subscribe('sent'),
  });
  subscribe('before');
  socket.on('changed', ({ phase }) => phase === 'open' && subscribe('changed'));
  socket.on('opened', () => subscribe('opened'));
  fake.newest.accept();
  await nextTick();
  const asked = ['before', 'changed', 'connected', 'opened', 'sent'].map((topic) => `subscribe ${topic}`);
  expect(sent().sort()).toEqual(asked);
  scope.stop();
});

test('a callback that ends and begins subscriptions whenever something is sent is not told twice', async () => {
  const { scope, subscribe } = connect({
    onSend: (data) => {
      if (String(data).includes('"unsubscribe"')) subscribe('a');
    },
  });
  fake.newest.accept();
  subscribe('a')();
  await nextTick();
  await nextTick();
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a', 'subscribe a']);
  scope.stop();
});

test('with a new url the topics are asked for there', async () => {
  const url = ref('ws://one/');
  const { scope, subscribe } = connect({}, url);
  fake.newest.accept();
  subscribe('a');
  url.value = 'ws://two/';
  await nextTick();
  expect([String(fake.newest.url), sent()]).toEqual(['ws://two/', []]);
  fake.newest.accept();
  expect(sent()).toEqual(['subscribe a']);
  scope.stop();
});

test('after close() and open() the topics are asked for again, with those that came meanwhile', () => {
  const dropped = vi.fn();
  const { scope, socket, subscribe } = connect({ buffer: { onDropped: dropped } });
  fake.newest.accept();
  subscribe('a');
  say({ event: 'subscribed' });
  socket.close();
  subscribe('b');
  socket.open();
  fake.newest.accept();
  expect(sent()).toEqual(['subscribe a', 'subscribe b']);
  expect(dropped).not.toHaveBeenCalled();
  scope.stop();
});

test('while the socket has too much to send, a topic waits, and what changes meanwhile is not said', async () => {
  const { scope, socket, subscribe } = connect();
  fake.newest.accept();
  const slow = fake.newest as { bufferedAmount?: number };
  const known = subscribe('known');
  slow.bufferedAmount = 2 ** 21;
  const fleeting = subscribe('fleeting');
  subscribe('a');
  known();
  await nextTick();
  vi.advanceTimersByTime(200);
  fleeting();
  await nextTick();
  expect([sent(), socket.pending.value]).toEqual([['subscribe known'], 0]);
  slow.bufferedAmount = 0;
  vi.advanceTimersByTime(50);
  expect(sent().slice(1).sort()).toEqual(['subscribe a', 'unsubscribe known']);
  const timers = vi.getTimerCount();
  vi.advanceTimersByTime(1_000);
  expect([sent().length, vi.getTimerCount()]).toEqual([3, timers]);
  scope.stop();
});

test('a topic that ends and begins while the socket has too much to send is left as it is', async () => {
  const { scope, socket, subscribe } = connect();
  fake.newest.accept();
  const slow = fake.newest as { bufferedAmount?: number };
  const end = subscribe('a');
  slow.bufferedAmount = 2 ** 21;
  end();
  await nextTick();
  const endAgain = subscribe('a');
  slow.bufferedAmount = 0;
  vi.advanceTimersByTime(100);
  expect(sent()).toEqual(['subscribe a']);
  slow.bufferedAmount = 2 ** 21;
  endAgain();
  await nextTick();
  slow.bufferedAmount = 0;
  vi.advanceTimersByTime(100);
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a']);
  expect(engineOf(socket).listeners.size).toBe(2);
  scope.stop();
});

test('a topic that comes while the buffer is handed over at a pace goes out after it', () => {
  const { scope, socket, subscribe } = connect({ buffer: { perSecond: 1 } });
  for (const topic of [1, 2, 3]) socket.send({ topic });
  fake.newest.accept();
  subscribe('a');
  expect(sent()).toEqual(['message 1']);
  vi.advanceTimersByTime(3_000);
  expect(sent()).toEqual(['message 1', 'message 2', 'message 3', 'subscribe a']);
  scope.stop();
});

test('a message to the server that is refused is not tried again, whether or not the socket is busy', () => {
  const onError = vi.fn();
  const { scope, socket } = connect({ onError });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const refused = useSubscriptions(socket, { ...feeds, subscribe: () => circular });
  const throwing = useSubscriptions(socket, {
    ...feeds,
    subscribe() {
      throw new Error('boom');
    },
  });
  fake.newest.accept();
  refused('a');
  expect(onError).toHaveBeenCalledTimes(1);
  (fake.newest as { bufferedAmount?: number }).bufferedAmount = 2 ** 21;
  throwing('b');
  vi.advanceTimersByTime(1_000);
  expect(onError).toHaveBeenCalledTimes(2);
  scope.stop();
});

test('who has left can subscribe to nothing any more', async () => {
  const { app, join } = start();
  const one = join();
  fake.newest.accept();
  one.scope.stop();
  one.subscribe('a')();
  one.subscribe('b');
  await nextTick();
  expect(sent()).toEqual([]);
  app.unmount();
});

test('a handler that subscribes once more does not hear the same message twice, and ending twice ends nobody else', () => {
  const { scope, subscribe } = connect();
  fake.newest.accept();
  const heard: string[] = [];
  const end = subscribe('a', () => {
    end();
    subscribe('a', () => heard.push('second'));
  });
  subscribe('b', () => heard.push('b'));
  say({ topic: 'a' });
  end();
  expect(heard).toEqual([]);
  say({ topic: 'a' });
  say({ topic: 'b' });
  expect(heard).toEqual(['second', 'b']);
  const grow = subscribe('c', () => {
    heard.push('c');
    subscribe('c', () => heard.push('c again'));
  });
  say({ topic: 'c' });
  grow();
  expect(heard).toEqual(['second', 'b', 'c']);
  scope.stop();
});

test('a topic that begins anew between the ends of two subscriptions is counted from there', async () => {
  const { scope, subscribe } = connect();
  fake.newest.accept();
  subscribe('a')();
  const later = Promise.resolve().then(() => subscribe('a'));
  subscribe('a')();
  await later;
  await nextTick();
  subscribe('a');
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a', 'subscribe a']);
  scope.stop();
});

test('what the own connection of a component was asked for ends with it, without a word', async () => {
  const { scope, subscribe } = connect();
  fake.newest.accept();
  const end = subscribe('a');
  scope.stop();
  end();
  await nextTick();
  expect([sent(), fake.live()]).toEqual([['subscribe a'], []]);
  subscribe('b')();
  expect(vi.getTimerCount()).toBe(0);
});

test('a subscription ends with the scope in which it was made, also if that is not the scope of useSubscriptions', async () => {
  const { scope, socket, subscribe } = connect();
  fake.newest.accept();
  const inner = effectScope(true);
  inner.run(() => subscribe('a'));
  inner.stop();
  await nextTick();
  expect(sent()).toEqual(['subscribe a', 'unsubscribe a']);
  expect(engineOf(socket).listeners.size).toBe(2);
  scope.stop();
});

test('a topic that follows a ref: the old one ends, the new one begins', async () => {
  const { scope, subscribe } = connect();
  fake.newest.accept();
  const symbol = ref('BTC');
  scope.run(() => watch(symbol, (now, _, onCleanup) => onCleanup(subscribe(now)), { immediate: true }));
  symbol.value = 'ETH';
  await nextTick();
  expect(sent()).toEqual(['subscribe BTC', 'subscribe ETH', 'unsubscribe BTC']);
  scope.stop();
});

test('topics may be objects: those with the same JSON are the same', async () => {
  const { scope, socket } = connect();
  const heard: unknown[] = [];
  const own = scope.run(() =>
    useSubscriptions(socket, {
      subscribe: (topic: { room: number }) => ({ op: 'join', topic: topic.room }),
      unsubscribe: (topic) => ({ op: 'part', topic: topic.room }),
      topicOf: ({ room }) => room && { room },
    }),
  );
  fake.newest.accept();
  own?.({ room: 1 }, (message) => heard.push(message));
  own?.({ room: 1 });
  own?.({ room: 2 });
  say({ room: 1, text: 'a' });
  say({ text: 'b' });
  expect([sent(), heard]).toEqual([['join 1', 'join 2'], [{ room: 1, text: 'a' }]]);
  scope.stop();
});

test('what one handler throws goes to the app’s error handler, and the other handlers hear the message', () => {
  const boom = new Error('boom');
  const errors: unknown[] = [];
  const { app, join } = start();
  app.config.errorHandler = (error) => errors.push(error);
  const { subscribe } = join();
  const heard: string[] = [];
  fake.newest.accept();
  let end = (): void => {};
  subscribe('a', () => {
    end();
    throw boom;
  });
  end = subscribe('a', () => heard.push('ended by the first'));
  subscribe('a', () => heard.push('third'));
  say({ topic: 'a' });
  expect([errors, heard]).toEqual([[boom], ['third']]);
  app.unmount();
});

test('a message to the server that cannot be made goes to onError, and the other topics are asked for', () => {
  const onError = vi.fn();
  const { scope, socket, subscribe } = connect({ onError });
  const failing = scope.run(() =>
    useSubscriptions(socket, {
      ...feeds,
      subscribe(topic) {
        throw new Error(topic);
      },
    }),
  );
  failing?.('bad');
  subscribe('good');
  fake.newest.accept();
  failing?.('worse');
  expect([sent(), onError.mock.calls.length]).toEqual([['subscribe good'], 2]);
  vi.advanceTimersByTime(1_000);
  expect(onError.mock.calls.length).toBe(2);
  scope.stop();
});

test('a handler without topicOf is refused, by types and at once', () => {
  const { scope, socket } = connect();
  const { subscribe, unsubscribe } = feeds;
  const plain = useSubscriptions(socket, { subscribe, unsubscribe });
  // @ts-expect-error nothing tells which messages are for the handler
  expect(() => plain('a', () => {})).toThrow(/topicOf/);
  scope.stop();
});

test('types know the topics and the messages', () => {
  interface Trade {
    topic: 'trades';
    price: number;
  }
  type Read = Trade | { topic: 'news'; text: string };
  const never = (socket: UseHeartbeatSocketReturn<Read, { op: string; topic: string }>) => {
    const subscribe = useSubscriptions(socket, {
      subscribe: (topic: Read['topic']) => ({ op: 'subscribe', topic }),
      unsubscribe: (topic) => ({ op: 'unsubscribe', topic }),
      topicOf: (message) => message.topic,
    });
    subscribe('trades', (message) => expectTypeOf(message).toEqualTypeOf<Read>());
    subscribe('trades', (message: Trade) => message.price);
    // @ts-expect-error there is no such topic
    subscribe('weather');
    // @ts-expect-error no message is like that
    subscribe('news', (message: { nonsense: boolean }) => message);
    useSubscriptions(socket, {
      // @ts-expect-error the server takes no such message
      subscribe: () => ({ nonsense: 1 }),
      unsubscribe: () => ({ op: 'unsubscribe', topic: '' }),
    });
    const texts = useSubscriptions(socket, {
      subscribe: (topic) => ({ op: 'subscribe', topic }),
      unsubscribe: (topic) => ({ op: 'unsubscribe', topic }),
    });
    expectTypeOf(texts).parameter(0).toEqualTypeOf<string>();
  };
  expect(never).toBeTypeOf('function');
});
