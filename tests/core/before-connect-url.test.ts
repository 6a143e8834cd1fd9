/** The app changes the url while beforeConnect runs. */
import { expect, test } from 'vitest';
import { createEngine, type Engine, startEngine } from '../support/engine';

test('when the url changes while beforeConnect runs, beforeConnect runs again, and nothing goes to the old url', async () => {
  let held!: (target: { url: string }) => void;
  const engine: Engine = startEngine({
    url: 'ws://server/old',
    beforeConnect: () =>
      new Promise<{ url: string }>((resolve) => {
        held = resolve;
      }),
  });
  engine.connection.send('for the old one');
  engine.url = 'ws://server/new';
  engine.connection.changeUrl();
  held({ url: 'ws://server/old?token=1' });
  await Promise.resolve();
  expect(engine.ports.sockets).toEqual([]);
  expect(engine.log).toEqual(['dropped:for the old one:url']);
  held({ url: 'ws://server/new?token=2' });
  await Promise.resolve();
  expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://server/new?token=2']);
});

test('a token that beforeConnect has fetched for the old url does not go to the new one', async () => {
  const engine: Engine = startEngine({
    url: 'ws://a/',
    beforeConnect: async ({ url }) => ({ protocols: `token-for-${url}` }),
  });
  engine.url = 'ws://b/';
  engine.connection.changeUrl();
  for (let i = 0; i < 4; i += 1) await Promise.resolve();
  expect(engine.ports.sockets).toMatchObject([{ url: 'ws://b/', protocols: ['token-for-ws://b/'] }]);
});

test.each([
  ['hangs', () => new Promise<undefined>(() => {})],
  ['rejects', () => Promise.reject(new Error('403 for the old one'))],
])('a beforeConnect that %s for the old url does not keep the new url waiting', async (_, first) => {
  const targets = [first, async () => undefined];
  let signal: unknown;
  const engine: Engine = startEngine({
    url: 'ws://old/',
    autoReconnect: { retries: 0 },
    beforeConnect: (attempt) => {
      signal ??= attempt.signal;
      return targets.shift()?.();
    },
  });
  engine.url = 'ws://new/';
  engine.connection.changeUrl();
  for (let i = 0; i < 4; i += 1) await Promise.resolve();
  if (!engine.ports.sockets.length) engine.ports.clock.advance(10_000);
  await Promise.resolve();
  expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://new/']);
  expect(signal).toEqual({ aborted: true });
  expect(engine.log).toEqual([]);
});

test('a url that changes just before beforeConnect is done is not overlooked, though changeUrl() comes later', async () => {
  for (const next of ['ws://bob/', undefined]) {
    const engine: Engine = createEngine({
      url: 'ws://anon/',
      beforeConnect: async ({ url }) => ({ url: `${url}?t=1` }),
    });
    engine.connection.open();
    engine.url = next;
    engine.connection.send('for bob', true);
    await Promise.resolve();
    // Vue's watchers come last.
    engine.connection.changeUrl();
    for (let i = 0; i < 4; i += 1) await Promise.resolve();
    expect(engine.ports.live().map(({ url }) => url)).toEqual(next ? ['ws://bob/?t=1'] : []);
    engine.ports.live()[0]?.accept();
    expect(engine.ports.sockets.map(({ sent }) => sent)).toEqual(next ? [[], ['for bob']] : [[]]);
    expect(engine.view.phase).toBe(next ? 'open' : 'idle');
    engine.connection.leave();
  }
});

test('a url that changes while beforeConnect prepares a retry is tried, though no retries are left', async () => {
  const held: ((target?: undefined) => void)[] = [];
  const engine: Engine = createEngine({
    url: 'ws://dead/',
    autoReconnect: { retries: 1, delay: 10 },
    beforeConnect: () => new Promise<undefined>((resolve) => held.push(resolve)),
  });
  engine.connection.open();
  held.shift()?.();
  await Promise.resolve();
  engine.socket.end();
  engine.ports.clock.advance(10);
  engine.url = 'ws://good/';
  engine.connection.changeUrl();
  engine.ports.clock.advance(10_000);
  expect(engine.view).toMatchObject({ phase: 'connecting', failures: 0 });
  held.pop()?.();
  await Promise.resolve();
  expect(engine.socket.url).toBe('ws://good/');
  engine.socket.accept();
  expect(engine.view).toMatchObject({ phase: 'open', failures: 0 });
});

test('after a loss, a url that changes while beforeConnect prepares the retry is tried at once', async () => {
  const held: ((target?: { url: string }) => void)[] = [];
  const engine: Engine = createEngine({
    url: 'ws://a/',
    autoReconnect: { delay: 10 },
    beforeConnect: ({ url }) => new Promise((resolve) => held.push(() => resolve({ url: `${url}?t=1` }))),
  });
  const turnTo = async (url: string): Promise<void> => {
    engine.url = url;
    engine.connection.changeUrl();
    held.shift()?.();
    await Promise.resolve();
    held.shift()?.();
    await Promise.resolve();
  };
  engine.connection.open();
  await turnTo('ws://b/');
  engine.socket.accept();
  engine.socket.end();
  engine.ports.clock.advance(10);
  await turnTo('ws://c/');
  expect(engine.ports.live().map(({ url }) => url)).toEqual(['ws://c/?t=1']);
});

test('a url that changes each time before beforeConnect is done is tried in the end, though retries is 0', async () => {
  const engine: Engine = createEngine({
    url: 'ws://h/',
    autoReconnect: { retries: 0, delay: 1_000, finalCodes: [1006] },
    beforeConnect: async ({ url }) => ({ url: `${url}?t=1` }),
  });
  engine.connection.open();
  for (const url of ['ws://ho/', 'ws://hos/']) {
    engine.url = url;
    engine.connection.changeUrl();
    await Promise.resolve();
  }
  engine.ports.clock.advance(1_000);
  await Promise.resolve();
  expect(engine.ports.live().map(({ url }) => url)).toEqual(['ws://hos/?t=1']);
});
