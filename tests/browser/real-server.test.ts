import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { commands } from 'vitest/browser';
import { nextTick } from 'vue';
import { watchLateness } from '../support/lateness';
import { type Mounted, mountSocket, opens, sleep, until } from './mount-socket';

let url: string;
let mounted: Mounted[] = [];

const mount = (...args: Parameters<typeof mountSocket>): Mounted => {
  const one = mountSocket(...args);
  mounted.push(one);
  return one;
};

beforeEach(async () => {
  url = await commands.startServer();
});

afterEach(async () => {
  for (const { unmount } of mounted) unmount();
  mounted = [];
  await commands.endServer(url);
});

/** Quick to find out, so that a test need not wait long. */
const quick = { interval: 400, pongTimeout: 400 };

test('opens, hears, sends, and ends with the component: 1000 on the server', async () => {
  const page = mount(`${url}?client=a`);
  expect(page.socket.status.value).toBe('CONNECTING');
  page.socket.send('buffered');
  await opens(page);
  page.socket.send('direct');
  await commands.broadcast(url, 'hello');
  await until(() => page.received.length, 'hello');
  expect(page.received).toEqual(['hello']);
  expect(await commands.receivedBy(url)).toEqual(['buffered', 'direct']);
  page.unmount();
  await until(async () => (await commands.countOf(url, 'a')).live === 0, 'closed');
});

test('1000 messages in one burst: onMessage sees 1000, in order', async () => {
  const page = mount(`${url}?client=a`);
  await opens(page);
  const messages = Array.from({ length: 1_000 }, (_, i) => `message ${i}`);
  await commands.broadcast(url, ...messages);
  await until(() => page.received.length >= 1_000, '1000 messages');
  expect(page.received).toEqual(messages);
});

test('a chat message that contains the word HeartBeat arrives, an answer does not', async () => {
  const page = mount(`${url}?client=a`, { heartbeat: { interval: 50 } });
  await opens(page);
  await until(() => page.socket.latency.value !== undefined, 'an answer');
  await commands.broadcast(url, 'my HeartBeat is fast');
  await until(() => page.received.length, 'the message');
  expect(page.received).toEqual(['my HeartBeat is fast']);
});

test('bad JSON goes to onError; the connection stays, and the next message arrives', async () => {
  const errors: Event[] = [];
  const page = mount(`${url}?client=a`, { serializer: 'json', onError: (_, event) => errors.push(event) });
  await opens(page);
  await commands.broadcast(url, '{"a":', '{"a":1}');
  await until(() => page.received.length, 'the message');
  expect(page.received).toEqual([{ a: 1 }]);
  expect(errors).toHaveLength(1);
  expect(await commands.countOf(url, 'a')).toMatchObject({ live: 1, total: 1 });
});

test('200 mounts and unmounts leave no timer, no listener and no connection', async () => {
  // Vue looks for its devtools once, with a timer of its own.
  mountSocket('').unmount();
  const timers = new Set<unknown>();
  let listeners = 0;
  const { setTimeout, clearTimeout, addEventListener, removeEventListener } = window;
  vi.spyOn(window, 'setTimeout').mockImplementation(((run: () => void, ms?: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    // The library's are of these lengths; Vitest has timers of its own in the page.
    if (ms && ms > 1_000 && ms <= 10_000) timers.add(timer);
    return timer;
  }) as never);
  vi.spyOn(window, 'clearTimeout').mockImplementation((timer) => {
    timers.delete(timer);
    clearTimeout(timer);
  });
  vi.spyOn(window, 'addEventListener').mockImplementation((...args: unknown[]) => {
    listeners += 1;
    Reflect.apply(addEventListener, window, args);
  });
  vi.spyOn(window, 'removeEventListener').mockImplementation((...args: unknown[]) => {
    listeners -= 1;
    Reflect.apply(removeEventListener, window, args);
  });
  for (let i = 0; i < 200; i += 1) {
    const page = mountSocket(`${url}?client=many`);
    // Each fifth one gets as far as an open connection.
    if (i % 5 === 0) await opens(page);
    page.unmount();
  }
  const left = { timers: timers.size, listeners };
  vi.restoreAllMocks();
  expect(left).toEqual({ timers: 0, listeners: 0 });
  await until(async () => (await commands.countOf(url, 'many')).live === 0, 'all closed');
  expect((await commands.countOf(url, 'many')).most).toBe(1);
});

describe('the original bug: log out and log in', () => {
  test('50 times at random moments: never two live connections, one at the end, each push once', async () => {
    const heard: unknown[] = [];
    let page: Mounted | undefined;
    for (let i = 0; i < 50; i += 1) {
      const moment = Math.floor(Math.random() * 4);
      page = mountSocket(`${url}?client=bug`, {
        heartbeat: { interval: 100, pongTimeout: 100 },
        autoReconnect: { delay: 30 },
        onMessage: (_, { data }) => heard.push(data),
      });
      // In the handshake; open; on a silent link; waiting.
      if (moment === 0) await sleep(Math.random() * 5);
      if (moment > 0) await opens(page);
      if (moment > 1) await commands.cut(url, 'client');
      if (moment === 2) await sleep(Math.random() * 200);
      if (moment === 3) await until(() => page?.socket.phase.value === 'waiting', 'waiting');
      page.unmount();
      if (Math.random() < 0.5) await sleep(Math.random() * 20);
    }
    page = mount(`${url}?client=bug`, { onMessage: (_, { data }) => heard.push(data) });
    await opens(page);
    await sleep(300);
    expect(await commands.countOf(url, 'bug')).toMatchObject({ live: 1, most: 1 });
    heard.length = 0;
    await commands.broadcast(url, 'push');
    await until(() => heard.length, 'the push');
    await sleep(100);
    expect(heard).toEqual(['push']);
  });
});

describe('when the network goes', () => {
  test('a silent cut: a new connection is open within interval + pongTimeout + 300 ms', async () => {
    const page = mount(`${url}?client=cut`, { heartbeat: quick });
    const times: number[] = [];
    const lateness = watchLateness();
    onTestFinished(lateness.stop);
    for (let i = 0; i < 5; i += 1) {
      await opens(page);
      // A link that is silent from the start may be a busy one, and makes the next one wait for longer.
      await until(() => page.socket.latency.value !== undefined, 'an answer');
      const old = page.socket.ws.value;
      await commands.cut(url);
      const cutAt = performance.now();
      lateness.take();
      await until(() => page.socket.ws.value !== old && page.socket.status.value === 'OPEN', 'a new connection');
      times.push(performance.now() - cutAt - lateness.take());
    }
    times.sort((a, b) => a - b);
    // The machine is shared: the middle one of five counts, without what was late in the page itself.
    expect(times[2]).toBeLessThanOrEqual(quick.interval + quick.pongTimeout + 300);
    expect(page.socket.error.value).toBeUndefined();
  });

  test('the server is away for 3 s: back without help', async () => {
    const page = mount(`${url}?client=restart`);
    await opens(page);
    await commands.stopServer(url);
    await until(() => page.socket.status.value === 'CLOSED', 'lost');
    await sleep(3_000);
    await commands.restartServer(url);
    await opens(page);
    expect(await commands.countOf(url, 'restart')).toMatchObject({ live: 1, most: 1, total: 2 });
  });

  test('it accepts and closes at once: delays grow, and retries: 3 means three', async () => {
    await commands.setManner(url, 1011);
    const planned: number[] = [];
    const page = mount(`${url}?client=close`, {
      autoReconnect: {
        retries: 3,
        delay: (retry) => {
          planned.push(retry);
          return 20 * 2 ** retry;
        },
      },
    });
    await until(() => page.socket.phase.value === 'failed', 'failed');
    await sleep(500);
    expect(await commands.countOf(url, 'close')).toMatchObject({ total: 4, most: 1, live: 0 });
    expect(planned).toEqual([1, 2, 3]);
    expect(page.socket.error.value).toMatchObject({ code: 'retries' });
  });

  test.each([1008, 4401])('it closes with %i: failed, no further attempt', async (code) => {
    await commands.setManner(url, code);
    const page = mount(`${url}?client=final`, { autoReconnect: { delay: 10 } });
    await until(() => page.socket.phase.value === 'failed', 'failed');
    await sleep(300);
    expect(await commands.countOf(url, 'final')).toMatchObject({ total: 1, asked: 1 });
    expect(page.socket.error.value).toMatchObject({ code: 'final-code' });
  });

  test('it accepts TCP and never answers the upgrade: given up at connectTimeout, and tried again', async () => {
    await commands.setManner(url, 'no-upgrade');
    const page = mount(`${url}?client=hung`, { connectTimeout: 1_000, autoReconnect: { delay: 10 } });
    await until(() => page.socket.failures.value >= 2, 'two attempts given up');
    expect(page.socket.error.value).toMatchObject({ code: 'connect-timeout' });
    await commands.setManner(url, 'well');
    await opens(page);
    expect(await commands.countOf(url, 'hung')).toMatchObject({ live: 1, total: 1 });
  });
});

describe('what the page says', () => {
  test('online while waiting: an attempt at once', async () => {
    const page = mount(`${url}?client=online`, { autoReconnect: { delay: 60_000 } });
    await opens(page);
    await commands.stopServer(url);
    await until(() => page.socket.phase.value === 'waiting', 'waiting');
    await commands.restartServer(url);
    window.dispatchEvent(new Event('online'));
    await opens(page);
  });

  test('pagehide closes with 1000, and coming back from the cache opens again', async () => {
    const page = mount(`${url}?client=hide`);
    await opens(page);
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    await until(() => page.socket.phase.value === 'idle', 'put away');
    await until(async () => (await commands.countOf(url, 'hide')).live === 0, 'closed');
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await opens(page);
    expect(await commands.countOf(url, 'hide')).toMatchObject({ live: 1, most: 1, total: 2 });
  });

  test('beforeunload changes nothing: the page may well stay', async () => {
    const page = mount(`${url}?client=stay`);
    await opens(page);
    window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    await nextTick();
    expect(page.socket.status.value).toBe('OPEN');
  });
});

describe('bad urls end in failed, with the option, the rule and the value', () => {
  test.each([
    ['ws://', /^url: is no valid url, received "ws:\/\/"$/],
    ['ftp://x', /^url: must be ws:, wss:, http:, https: or relative, received "ftp:\/\/x"$/],
    ['ws://host/#part', /^url: must have no #fragment, received "ws:\/\/host\/#\*\*\*"$/],
  ])('%s', async (bad, message) => {
    const page = mount(bad);
    await sleep(100);
    expect(page.socket.phase.value).toBe('failed');
    expect(page.socket.error.value?.code).toBe('url');
    expect(page.socket.error.value?.message).toMatch(message);
  });

  test('a bare word is a relative url, as in browsers', async () => {
    const page = mount('word', { autoReconnect: false });
    expect(page.socket.ws.value?.url).toBe(new URL('word', location.href.replace('http', 'ws')).href);
  });
});
