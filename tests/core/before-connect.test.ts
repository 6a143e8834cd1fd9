/** beforeConnect: what it is told, what it may give, how it fails, and a url that it writes itself. */
import { describe, expect, test, vi } from 'vitest';
import { createEngine, type Engine, startEngine } from '../support/engine';

test('beforeConnect need not be async', () => {
  const targets = [{ url: 'ws://elsewhere/' }, undefined, {}];
  const engine = startEngine({ autoReconnect: { delay: 10 }, beforeConnect: () => targets.shift() });
  for (const expected of ['ws://elsewhere/', 'ws://server/', 'ws://server/']) {
    expect(engine.socket.url).toBe(expected);
    engine.socket.end();
    engine.ports.clock.advance(10);
  }
});

test('beforeConnect does not run without a url, and a url that goes away while it runs leaves the connection idle', async () => {
  const beforeConnect = vi.fn(async () => undefined);
  const engine = startEngine({ autoReconnect: { delay: 10 }, beforeConnect });
  engine.url = '';
  await Promise.resolve();
  expect(engine.view).toMatchObject({ phase: 'idle', error: undefined });
  engine.url = 'ws://server/';
  engine.connection.open();
  await Promise.resolve();
  engine.socket.end();
  engine.url = undefined;
  beforeConnect.mockClear();
  engine.ports.clock.advance(10);
  expect(engine.view.phase).toBe('idle');
  expect(beforeConnect).not.toHaveBeenCalled();
});

test("beforeConnect may give another url and protocols, and is told the url, the failures and the last message's time", async () => {
  const attempts: unknown[] = [];
  const engine = createEngine({
    autoReconnect: { delay: 10 },
    beforeConnect: async ({ url, failures, lastMessageAt }) => {
      attempts.push({ url, failures, lastMessageAt });
      return { url: `ws://elsewhere/${attempts.length}`, protocols: ['v2'] };
    },
  });
  engine.ports.clock.toEpoch = (at) => at + 5_000_000;
  engine.connection.open();
  expect(engine.view.phase).toBe('connecting');
  await Promise.resolve();
  expect(engine.socket).toMatchObject({ url: 'ws://elsewhere/1', protocols: ['v2'] });
  engine.socket.accept();
  engine.socket.say('hello');
  const heardAt = engine.ports.clock.now() + 5_000_000;
  engine.socket.end();
  engine.ports.clock.advance(10);
  await Promise.resolve();
  expect(attempts).toEqual([
    { url: 'ws://server/', failures: 0, lastMessageAt: undefined },
    { url: 'ws://server/', failures: 1, lastMessageAt: heardAt },
  ]);
});

test('after close() in beforeConnect no socket is made', () => {
  const engine: Engine = createEngine({ beforeConnect: () => void engine.connection.close(1000) as undefined });
  engine.connection.open();
  expect(engine.view.phase).toBe('closed');
  expect(engine.ports.sockets).toEqual([]);
});

test('a url that goes away while beforeConnect runs ends the attempt at once', async () => {
  const engine = startEngine({ beforeConnect: async () => ({ url: 'ws://server/?token=1' }) });
  engine.url = undefined;
  engine.connection.changeUrl();
  expect(engine.view.phase).toBe('idle');
  await Promise.resolve();
  expect(engine.ports.sockets).toEqual([]);
});

test('connectTimeout covers beforeConnect, and aborts it', () => {
  let signal: unknown;
  const engine = startEngine({
    beforeConnect: (attempt) => {
      signal = attempt.signal;
      return new Promise(() => {});
    },
  });
  engine.ports.random = 0.5;
  engine.ports.clock.advance(10_000);
  expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'connect-timeout' } });
  expect(signal).toEqual({ aborted: true });
});

test('a beforeConnect that rejects is a failed attempt', async () => {
  const engine = startEngine({ beforeConnect: () => Promise.reject(new Error('401')) });
  engine.ports.random = 0.5;
  await Promise.resolve();
  await Promise.resolve();
  expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'before-connect' } });
  expect(engine.view.error?.message).toBe('before-connect: 401');
});

test.each([
  [5, 'Number'],
  [true, 'Boolean'],
  [['ws://server/'], 'Array'],
  [new Map([['url', 'ws://server/']]), 'Map'],
])('a beforeConnect that gives %o is a failed attempt at once, and the error says what it gave', (given, kind) => {
  const engine = startEngine({ beforeConnect: () => given as never });
  expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'before-connect' } });
  expect(engine.view.error?.message).toBe(`before-connect: makes no sense, received ${kind}`);
  expect(engine.ports.sockets).toEqual([]);
});

describe('a beforeConnect that writes the url', () => {
  test('a token that beforeConnect puts into the url is the one that is sent, and is fetched once', async () => {
    for (const isReactive of [true, false]) {
      let tokens = 0;
      const engine: Engine = startEngine({
        url: 'ws://server/?token=0',
        beforeConnect: async () => {
          await Promise.resolve();
          tokens += 1;
          engine.url = `ws://server/?token=${tokens}`;
          if (isReactive) engine.connection.changeUrl();
        },
      });
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
      expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://server/?token=1']);
      expect(tokens).toBe(1);
      engine.connection.leave();
    }
  });

  test.each([{}, { url: undefined }, { protocols: undefined }])(
    'a beforeConnect that writes the url itself and gives %o is not run again for that url',
    async (nothing) => {
      let tokens = 0;
      const engine: Engine = createEngine({
        beforeConnect: async () => {
          await Promise.resolve();
          tokens += 1;
          engine.url = `ws://server/?token=${tokens}`;
          engine.connection.changeUrl();
          return nothing;
        },
      });
      engine.connection.open();
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
      expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://server/?token=1']);
      expect(tokens).toBe(1);
    },
  );

  test('a synchronous beforeConnect that puts a token into the url makes one socket', () => {
    for (const isReturned of [true, false]) {
      let tokens = 0;
      const engine: Engine = createEngine({
        url: 'ws://server/?token=0',
        beforeConnect: () => {
          tokens += 1;
          engine.url = `ws://server/?token=${tokens}`;
          return isReturned ? { url: `wss://server/?token=${tokens}` } : undefined;
        },
      });
      engine.connection.open();
      // The binding hears of the new url before the next render.
      engine.connection.changeUrl();
      expect(engine.ports.sockets).toHaveLength(1);
      expect(tokens).toBe(1);
      engine.connection.leave();
    }
  });

  test('beforeConnect may put a token into the url, and give the url back as well', async () => {
    let tokens = 0;
    const engine: Engine = createEngine({
      url: 'ws://server/?token=0',
      beforeConnect: async () => {
        await Promise.resolve();
        tokens += 1;
        engine.url = `ws://server/?token=${tokens}`;
        engine.connection.changeUrl();
        return { url: engine.url };
      },
    });
    engine.connection.open();
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://server/?token=1']);
    expect(tokens).toBe(1);
  });

  test('a beforeConnect that changes the url each time, and gives another one, is not run again and again without a pause', async () => {
    let tokens = 0;
    const engine: Engine = createEngine({
      autoReconnect: { retries: 0, delay: (retry) => retry * 1_000 },
      beforeConnect: async () => {
        await Promise.resolve();
        tokens += 1;
        engine.url = `ws://server/?token=${tokens}`;
        engine.connection.changeUrl();
        return { url: `ws://elsewhere/?token=${tokens}` };
      },
    });
    engine.connection.open();
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    expect(tokens).toBe(2);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1 });
    expect(engine.view.error?.message).toBe('before-connect: the url has changed');
    engine.ports.clock.advance(1_000);
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    expect(tokens).toBe(3);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 2 });
  });

  test('a beforeConnect that writes the url and throws is a failed attempt, and no other attempt follows at once', () => {
    let calls = 0;
    const engine: Engine = createEngine({
      beforeConnect: () => {
        calls += 1;
        engine.url = `ws://server/?n=${calls}`;
        throw new Error('no token');
      },
    });
    engine.connection.open();
    engine.connection.changeUrl();
    expect(calls).toBe(1);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1 });
  });
});
