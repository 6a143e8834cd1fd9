/** What goes over the channel, and what others may put there. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createConnection } from '../../../src/core/connection';
import type { Share } from '../../../src/core/share';
import { tabs } from '../../../src/tabs/tabs';
import { createMemoryPorts } from '../../../src/testing/memory-ports';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { createWorld, openTabs, type SharingTab, type World } from '../../support/tabs';

const NAME = 'ws://server/';

/** A script of the same origin that is not this library. */
const stranger = ({ tabs: all }: World) => {
  const heard: Record<string, unknown>[] = [];
  const channel = all.open().channel(NAME, (message) => heard.push(message as never));
  return { heard, say: (message: object) => channel.post(message) };
};

const seen = (all: SharingTab[]) =>
  all.map(({ view, received, dropped, log }) => ({
    ...view,
    received: [...received],
    dropped: [...dropped],
    log: log.length,
  }));

describe('strangers on the channel', () => {
  const header = { v: 1, from: 'x', term: 1, at: 1_000_000 };
  const state = { type: 'state', connection: 1, view: { phase: 'failed', failures: 3 } };

  test('what is no message of this version changes nothing, however much of it comes', async () => {
    const { world, tabs: all } = await openTabs(3);
    const { say } = stranger(world);
    const before = seen(all);
    const said = world.tabs.said.length;
    const foreign: object[] = [
      {},
      [],
      { type: 'bye' },
      { ...header, ...state, v: 2 },
      { ...header, ...state, v: undefined },
      { ...header, ...state, term: '9' },
      { ...header, ...state, term: Number.NaN },
      { ...header, ...state, term: Number.POSITIVE_INFINITY },
      { ...header, ...state, at: undefined },
      { ...header, ...state, from: 7 },
      { ...header, type: 7 },
      { ...header, type: 'constructor' },
      { ...header, type: 'newer than this' },
      { v: 2, type: 'close', from: 'x', term: 1, at: 1, code: 1000, reason: '', order: 9e15, by: 'x' },
      { ...header, type: 'close', code: 1000, reason: '' },
      { ...header, type: 'close', code: 1000, reason: '', order: '9999999999999', by: 'x' },
      { ...header, type: 'close', code: 1000, reason: '', order: Number.POSITIVE_INFINITY, by: 'x' },
      { ...header, type: 'drain', ms: 0, order: Number.NaN, by: 'x' },
      new Map(),
      new Error('x'),
    ];
    for (let count = 0; count < 100_000 / foreign.length / 10; count += 1) {
      for (let again = 0; again < 10; again += 1) for (const one of foreign) say(one);
      world.tabs.settle();
      for (const { ports } of all) ports.clock.advance(1);
    }
    await world.settle();
    expect(seen(all)).toEqual(before);
    expect(world.tabs.said.length - said).toBeGreaterThanOrEqual(100_000);
    expect(world.sockets).toHaveLength(1);
    world.socket.say('all is well');
    await world.settle();
    for (const tab of all) expect(tab.received).toEqual(['all is well']);
  });

  test('messages of an old term change nothing', async () => {
    const { world, tabs: all } = await openTabs(3);
    const { say } = stranger(world);
    const before = seen(all);
    const told = { type: 'data', connection: 1, data: 'old' };
    for (const body of [
      state,
      told,
      { type: 'bye' },
      { type: 'alive', connection: 1 },
      { type: 'prove', connection: 1 },
    ])
      say({ ...header, ...body });
    for (const to of ['x', undefined]) say({ ...header, type: 'ack', to, connection: 1, took: 9, delivered: 9 });
    say({ ...header, type: 'send', connection: 1, number: 1, data: 'old' });
    await world.settle();
    expect(seen(all)).toEqual(before);
    expect(world.socket.sent).toEqual([]);
  });

  test('what a follower says is not taken for the word of the leader', async () => {
    const { world, tabs: all } = await openTabs(2);
    const { heard, say } = stranger(world);
    world.socket.say('x');
    await world.settle();
    const [last] = heard;
    say({ ...last, from: 'x', data: 'forged by mistake' });
    await world.settle();
    for (const tab of all) expect(tab.received).toEqual(['x']);
  });
});

describe('what cannot be cloned', () => {
  test('is refused with a clear error, and nothing else is lost', async () => {
    const { world, tabs: all } = await openTabs(2);
    const [, b] = all as [SharingTab, SharingTab];
    b.connection.send('zero');
    const clone = vi.spyOn(globalThis, 'structuredClone').mockImplementation(() => {
      throw new DOMException('could not be cloned', 'DataCloneError');
    });
    const unsent = (): unknown => b.engine.attempt?.socket?.bufferedAmount;
    const before = unsent();
    b.connection.send('none');
    clone.mockRestore();
    expect(unsent()).toBe(before);
    await world.settle();
    expect(b.view.error?.message).toBe('send: the socket threw DataCloneError');
    expect(unsent()).toBe(0);
    b.connection.send('one');
    b.connection.send('two');
    await world.settle();
    expect(world.socket.sent).toEqual(['zero', 'one', 'two']);
    expect(b.view.pending).toBe(0);
  });

  test('counts as no message: the leader takes one of the two that follow, and the other goes to the next leader', async () => {
    const { world, tabs: all } = await openTabs(2);
    const [a, b] = all as [SharingTab, SharingTab];
    const clone = vi.spyOn(globalThis, 'structuredClone').mockImplementation(() => {
      throw new DOMException('could not be cloned', 'DataCloneError');
    });
    b.connection.send('none');
    clone.mockRestore();
    b.connection.send('one');
    b.connection.send('two');
    const [first] = world.tabs.news.filter(({ tab }) => tab === a.tab.number);
    if (first) world.tabs.come(first);
    await Promise.resolve();
    a.crash();
    await world.pass(200);
    world.socket.accept();
    await world.settle();
    expect(world.sockets.map(({ sent }) => sent)).toEqual([['one'], ['two']]);
  });

  test.each([
    ['a function', () => {}],
    ['an object with a function', { status: 401, json() {} }],
  ])('that beforeConnect throws (%s) is known in each tab by its text', async (_, thrown) => {
    const world = createWorld();
    const beforeConnect = (): never => {
      throw thrown;
    };
    const all = [world.open({ beforeConnect }), world.open({ beforeConnect })];
    await world.settle();
    await world.pass(100);
    expect(all.map(({ view }) => view.error?.code)).toEqual(['before-connect', 'before-connect']);
    expect(all.map(({ view }) => view.isLeader)).toEqual([true, false]);
  });
});

test('a page in the back-forward cache is on no channel: a message would end it', async () => {
  const { world, tabs: all } = await openTabs(2);
  const [, b] = all as [SharingTab, SharingTab];
  b.hide();
  await world.settle();
  world.socket.say('x');
  await Promise.resolve();
  expect(world.tabs.news.filter(({ tab }) => tab === b.tab.number)).toEqual([]);
  b.show();
  await world.settle();
  world.socket.say('y');
  await world.settle();
  expect(b.received).toEqual(['y']);
});

test('a closed tab that comes back from the cache hears that another one opens', async () => {
  const { world, tabs: all } = await openTabs(2);
  const [a, b] = all as [SharingTab, SharingTab];
  a.connection.close(1000);
  await world.pass(500);
  b.hide();
  await world.settle();
  b.show();
  await world.settle();
  expect(b.view.phase).toBe('closed');
  a.connection.open();
  await world.pass(500);
  world.socket.accept();
  await world.settle();
  expect(all.map(({ view }) => view.phase)).toEqual(['open', 'open']);
});

test('a message that the socket refuses holds up no other', async () => {
  const { world, tabs: all } = await openTabs(2);
  const [, b] = all as [SharingTab, SharingTab];
  const { socket } = world;
  const { send } = socket;
  socket.send = () => {
    throw new Error('no');
  };
  b.connection.send('bad');
  await world.settle();
  socket.send = send;
  b.connection.send('good');
  await world.settle();
  expect(socket.sent).toEqual(['good']);
  expect(b.view.pending).toBe(0);
});

test('what the socket before did not take says nothing of what the next one takes', async () => {
  const { world, tabs: all } = await openTabs(3, { autoReconnect: { delay: 100 } });
  const [, b, c] = all as [SharingTab, SharingTab, SharingTab];
  world.socket.bufferedAmount = 2 ** 22;
  b.connection.send('from b');
  await world.settle();
  b.crash();
  world.socket.end(1011);
  await world.pass(200);
  world.socket.accept();
  await world.settle();
  c.connection.send('from c');
  await world.settle();
  expect(world.socket.sent).toEqual(['from c']);
  expect(c.view.pending).toBe(0);
});

test('requests of two tabs never have the same number', () => {
  const world = createWorld();
  const ids = [world.open(), world.open(), world.open()].map(({ engine }) => engine.options.lastId as number);
  for (const id of ids) expect(Number.isSafeInteger(id + 2 ** 20)).toBe(true);
  const far = ids.flatMap((one, at) => ids.slice(at + 1).map((other) => Math.abs(one - other)));
  for (const distance of far) expect(distance).toBeGreaterThanOrEqual(2 ** 20);
});

describe('topics are counted over all tabs', () => {
  const topic = ({ engine, connection }: SharingTab, isWanted: boolean): unknown =>
    engine.options.forTopic?.({ key: 'news', isWanted, end: () => 'unsubscribe' }, () =>
      connection.send(isWanted ? 'subscribe' : 'unsubscribe'),
    );

  test('the server hears of the first tab that wants one, and of the last', async () => {
    const { world, tabs: all } = await openTabs(3);
    for (const tab of all) topic(tab, true);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe']);
    for (const tab of all.slice(0, 2)) topic(tab, false);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe']);
    expect(all.map(({ view }) => view.pending)).toEqual([0, 0, 0]);
    topic(all[2] as SharingTab, false);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe', 'unsubscribe']);
    topic(all[1] as SharingTab, true);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
  });

  test.each(['crash', 'leave', 'hide'] as const)('the last tab that wants one is gone (%s)', async (how) => {
    const { world, tabs: all } = await openTabs(3);
    const [, b, c] = all as [SharingTab, SharingTab, SharingTab];
    const go = (tab: SharingTab): void => {
      if (how === 'crash') tab.crash();
      else if (how === 'hide') tab.hide();
      else tab.connection.leave();
    };
    topic(b, true);
    topic(c, true);
    await world.settle();
    go(b);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe']);
    go(c);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe', 'unsubscribe']);
  });

  test('a tab that wants none any more and then crashes is told of once', async () => {
    const { world, tabs: all } = await openTabs(2);
    const [, b] = all as [SharingTab, SharingTab];
    topic(b, true);
    topic(b, false);
    await world.settle();
    b.crash();
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe', 'unsubscribe']);
  });

  test('what the server need not hear passes with what waits before it', async () => {
    const { world, tabs: all } = await openTabs(3, { buffer: { highWaterMark: 10 } });
    const [a, b, c] = all as [SharingTab, SharingTab, SharingTab];
    topic(a, true);
    await world.settle();
    world.socket.bufferedAmount = 100;
    b.connection.send('waits');
    await world.settle();
    topic(c, true);
    await world.settle();
    world.socket.bufferedAmount = 0;
    await world.pass(200);
    expect(world.socket.sent).toEqual(['subscribe', 'waits']);
    expect(all.map(({ view }) => view.pending)).toEqual([0, 0, 0]);
  });

  test('the next connection of the same leader counts anew', async () => {
    const { world, tabs: all } = await openTabs(2, { autoReconnect: { delay: 100 } });
    const [a, b] = all as [SharingTab, SharingTab];
    topic(b, true);
    await world.settle();
    world.socket.end(1011);
    await world.pass(200);
    world.socket.accept();
    await world.settle();
    topic(a, true);
    topic(b, true);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe']);
  });

  test('the next leader counts anew', async () => {
    const { world, tabs: all } = await openTabs(3);
    const [a, b, c] = all as [SharingTab, SharingTab, SharingTab];
    topic(b, true);
    await world.settle();
    a.connection.leave();
    await world.settle();
    world.socket.accept();
    await world.settle();
    topic(c, true);
    topic(b, true);
    await world.settle();
    expect(world.socket.sent).toEqual(['subscribe']);
  });
});

test('a heartbeat that a tab asks for as its buffer is half full proves its messages', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs: all } = await openTabs(2, { heartbeat, delivery: atLeastOnce(), buffer: { limit: 4 } } as never);
  const [, b] = all as [SharingTab, SharingTab];
  for (const value of ['one', 'two']) b.connection.send(value);
  await world.settle();
  expect(world.socket.sent).toEqual(['one', 'two', 'ping']);
});

describe('the name of the channel', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** The names that a page uses for these urls. */
  const namesOf = (urls: readonly string[], options = {}): string[] => {
    const names: string[] = [];
    const wait = (name: string): Promise<never> => {
      names.push(name);
      return new Promise(() => {});
    };
    vi.stubGlobal('document', { baseURI: 'https://app.example/page', addEventListener() {}, removeEventListener() {} });
    vi.stubGlobal('navigator', { locks: { request: wait, query: () => new Promise(() => {}) } });
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor(name: string) {
          names.push(name);
        }
        postMessage(): void {}
        close(): void {}
      },
    );
    const { engine } = createWorld().open({ immediate: false });
    const share = tabs(options) as Share;
    return urls.flatMap((url) => {
      names.length = 0;
      const connection = share.connect(createConnection, createMemoryPorts(), {
        ...engine.options,
        url: () => url,
      } as never);
      connection?.open();
      expect(connection).toBeDefined();
      return [...new Set(names.splice(0).map((name) => name.split(' ').slice(0, 3).join(' ')))];
    });
  };

  test('shows nothing of the url', () => {
    const secret = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0';
    const urls = [
      `wss://${secret}@server/`,
      `wss://server/?token=${secret}`,
      `wss://server/${secret}`,
      'wss://a/#1234',
    ];
    for (const name of namesOf(urls)) expect(name).toMatch(/^vue-heartbeat-socket \d+ [0-9a-f]{16}$/);
  });

  test('is another one for another url, and the same for the same url as text', () => {
    const urls = Array.from({ length: 2_000 }, (_, at) => `wss://server/rooms/${at}?token=${at * 7}`);
    expect(new Set(namesOf(urls)).size).toBe(urls.length);
    const [one, other] = namesOf(['wss://app.example/ws', '/ws']);
    expect([one, namesOf(['wss://app.example/ws'])[0]]).toEqual([one, one]);
    expect(other).toBeDefined();
  });

  test('is the name that the app gives', () => {
    expect(namesOf(['wss://a/'], { name: 'prices' })).toEqual(['vue-heartbeat-socket 1 name']);
  });
});
