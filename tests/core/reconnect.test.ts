import { describe, expect, test, vi } from 'vitest';
import { HeartbeatSocketError } from '../../src/core/errors';
import { backoff } from '../../src/core/reconnect-policy';
import { createEngine, type Engine, pass, startEngine } from '../support/engine';

const opened = (options: Parameters<typeof startEngine>[0] = {}): Engine => {
  const engine = startEngine(options);
  engine.socket.accept();
  return engine;
};

const delayNow = (engine: Engine): number => (engine.view.retryAt ?? Number.NaN) - engine.ports.clock.now();

/** Accepts and closes at once, as often as the client comes, and answers with the number of sockets. */
const acceptThenClose = (engine: Engine, code = 1006, limit = 50): number => {
  for (let i = 0; i < limit && engine.view.phase !== 'failed'; i += 1) {
    engine.socket.accept();
    engine.socket.end(code);
    if (engine.view.retryAt) engine.ports.clock.advance(delayNow(engine));
  }
  return engine.ports.sockets.length;
};

describe('the default policy', () => {
  test("after a local loss at once, after a server's within 5 s, then 5 s doubling to 15 s, all with jitter", () => {
    const policy = backoff();
    const at = (retry: number, random: number, isLocal = false): number => policy(retry, { isLocal, random });
    expect([at(1, 0), at(1, 1), at(1, 0, true), at(1, 1, true)]).toEqual([0, 5_000, 0, 100]);
    expect([2, 3, 4, 5, 2_000].map((retry) => at(retry, 1))).toEqual([5_000, 10_000, 15_000, 15_000, 15_000]);
    expect([at(3, 0), at(3, 0.5)]).toEqual([5_000, 7_500]);
    expect(backoff({ max: 60_000, local: 7, first: 10, base: 5 })(3, { isLocal: false, random: 1 })).toBe(10);
  });

  test.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000])('a server that closes with %i is tried again', (code) => {
    const engine = opened();
    engine.ports.random = 0.5;
    engine.socket.end(code);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'closed' } });
    expect(delayNow(engine)).toBe(2_500);
  });

  test("a loss within 2 s of a wake is local, whatever code it carries; later it is the server's", () => {
    for (const signal of ['visibilitychange', 'online'] as const) {
      const soon = opened();
      soon.ports.clock.advance(9_000);
      soon.ports.random = 0.5;
      soon.ports.signal(signal);
      soon.ports.clock.advance(2_000 - 1);
      soon.socket.end(1006);
      expect(delayNow(soon)).toBe(50);
    }
    const last = opened({ heartbeat: false });
    last.ports.random = 0.5;
    last.ports.signal('online');
    last.ports.clock.advance(2_000);
    last.socket.end(1006);
    expect(delayNow(last)).toBe(50);
    const later = opened();
    later.ports.clock.advance(5_000);
    later.ports.random = 0.5;
    later.ports.signal('visibilitychange');
    later.ports.clock.advance(1_000);
    later.socket.say('alive');
    later.ports.clock.advance(1_001);
    later.socket.end(1006);
    expect(delayNow(later)).toBe(2_500);
  });
});

test('a server that accepts and closes at once just after a wake meets growing delays all the same', () => {
  const engine = opened();
  engine.ports.clock.advance(6_000);
  engine.ports.signal('visibilitychange');
  engine.ports.random = 0.999;
  engine.socket.end();
  expect(delayNow(engine)).toBeLessThan(100);
  engine.ports.clock.advance(delayNow(engine));
  engine.socket.accept();
  engine.socket.end();
  expect(delayNow(engine)).toBeGreaterThan(900);
});

test('a laptop that wakes soon after a reconnect is back at once all the same', () => {
  const engine = opened();
  engine.ports.clock.advance(6_000);
  engine.socket.end(1012);
  engine.ports.clock.advance(5_000);
  engine.socket.accept();
  engine.ports.clock.advance(2_000);
  engine.ports.random = 0.999;
  engine.ports.signal('resume');
  engine.socket.end(1006);
  expect(delayNow(engine)).toBeLessThan(100);
});

test('a link that falls silent again and again is replaced at once each time', () => {
  const engine = opened({ heartbeat: { interval: 500, pongTimeout: 500 } });
  engine.ports.random = 0.999;
  for (let i = 0; i < 5; i += 1) {
    pass(engine, () => engine.view.phase === 'waiting');
    expect(delayNow(engine)).toBeLessThan(100);
    engine.ports.clock.advance(delayNow(engine));
    engine.socket.accept();
  }
});

describe('final codes', () => {
  test.each([1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403])('%i ends it: failed, no further attempt', (code) => {
    const engine = opened();
    engine.socket.end(code, 'go away');
    engine.ports.clock.advance(3_600_000);
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code' } });
    expect(engine.view.error?.message).toBe(`final-code: closed ${code} go away`);
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.log).toEqual(['connected', `disconnected:${code}:go away:true`, 'failed']);
  });

  test('finalCodes replaces the list', () => {
    const engine = opened({ autoReconnect: { finalCodes: [4000] } });
    engine.socket.end(4401);
    expect(engine.view.phase).toBe('waiting');
    const other = opened({ autoReconnect: { finalCodes: [4000] } });
    other.socket.end(4000);
    expect(other.view.phase).toBe('failed');
  });
});

describe('retries', () => {
  test('a server that accepts and closes at once: retries: 3 means three', () => {
    const engine = startEngine({ autoReconnect: { retries: 3 } });
    expect(acceptThenClose(engine)).toBe(4);
    expect(engine.view).toMatchObject({ phase: 'failed', failures: 4, error: { code: 'retries' } });
    expect(engine.log.filter((line) => line === 'failed')).toHaveLength(1);
  });

  test('a server that accepts and closes at once meets growing delays', () => {
    const engine = startEngine();
    const delays: number[] = [];
    engine.ports.random = 0.999;
    for (let i = 0; i < 7; i += 1) {
      engine.socket.accept();
      engine.socket.end();
      delays.push(Math.round(delayNow(engine) / 1_000));
      engine.ports.clock.advance(delayNow(engine));
    }
    expect(delays).toEqual([5, 5, 10, 15, 15, 15, 15]);
  });

  test('failures and retries count from 0 again once it has stood for stableAfter, and not before', () => {
    const engine = startEngine({ autoReconnect: { retries: 1, delay: 10 } });
    engine.socket.end();
    expect(engine.view.failures).toBe(1);
    engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.advance(4_999);
    expect(engine.view.failures).toBe(1);
    engine.ports.clock.advance(1);
    expect(engine.view.failures).toBe(0);
    engine.socket.end();
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 0 });
    engine.ports.clock.advance(10);
    engine.socket.end();
    expect(engine.view).toMatchObject({ phase: 'failed', failures: 1 });
  });

  test('a beat in the meantime does not count as having stood', () => {
    const engine = startEngine({ heartbeat: { interval: 1_000 }, autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.advance(1_500);
    expect(engine.view.failures).toBe(1);
  });

  test('with the heartbeat off, too', () => {
    const engine = startEngine({ heartbeat: false, autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.advance(5_000);
    expect(engine.view.failures).toBe(0);
    expect(engine.ports.clock.pending()).toBe(0);
  });

  test('a function gets the retries made so far and the event; delay gets the retry about to be made', () => {
    const retries = vi.fn((retried: number) => retried < 2);
    const delay = vi.fn(() => 5);
    const engine = startEngine({ autoReconnect: { retries, delay } });
    for (let i = 0; i < 3; i += 1) {
      engine.socket.end(1013, 'busy');
      engine.ports.clock.advance(5);
    }
    expect(retries.mock.calls.map(([retried]) => retried)).toEqual([0, 1, 2]);
    expect(retries).toHaveBeenLastCalledWith(2, expect.objectContaining({ code: 1013, reason: 'busy' }));
    expect(delay.mock.calls).toMatchObject([
      [1, {}],
      [2, {}],
    ]);
    expect(engine.view.phase).toBe('failed');
  });

  test('a function is told of a silent link as of one that ended with 1006', () => {
    const retries = vi.fn(() => true);
    const engine = opened({ autoReconnect: { retries }, heartbeat: { interval: 1_000, pongTimeout: 1_000 } });
    engine.ports.random = 0.5;
    engine.ports.clock.advance(2_000);
    expect(retries).toHaveBeenCalledExactlyOnceWith(0, { code: 1006, reason: 'silence', wasClean: false });
  });

  test('autoReconnect: false gives up at the first loss, and open() tries again', () => {
    const engine = opened({ autoReconnect: false });
    engine.socket.end(1000);
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'retries' } });
    engine.connection.open();
    engine.socket.accept();
    expect(engine.view).toMatchObject({ phase: 'open', failures: 0, error: undefined });
  });

  test('a number is used as it is', () => {
    const engine = opened({ autoReconnect: { delay: 1_234 } });
    engine.socket.end();
    expect(delayNow(engine)).toBe(1_234);
  });
});

test('retries that throws each time does not end it, whatever the number of losses', () => {
  const engine = opened({
    autoReconnect: {
      retries() {
        throw new Error('retries');
      },
    },
  });
  for (let loss = 0; loss < 4; loss += 1) {
    engine.socket.end();
    expect(engine.view.phase).toBe('waiting');
    engine.ports.clock.advance(delayNow(engine));
  }
});

test('a delay that is no number falls back on the default, and is reported', () => {
  for (const delay of [() => '1000', () => Infinity, () => -1, () => undefined]) {
    const engine = opened({ autoReconnect: { delay: delay as never } });
    engine.ports.random = 0.5;
    engine.socket.end();
    expect(engine.view.phase).toBe('waiting');
    expect(delayNow(engine)).toBe(2_500);
    expect(engine.log).toContain('error');
  }
});

test('the report of a bad delay names the option and the value', () => {
  const reported: unknown[] = [];
  const listener = { onError: (_: unknown, event: unknown) => reported.push(event) };
  const engine = opened({ autoReconnect: { delay: () => -1 }, listener });
  engine.socket.end();
  expect(reported).toMatchObject([{ error: { message: 'callback: autoReconnect.delay gave -1, not a number of ms' } }]);
});

describe('attempts', () => {
  test('open() while waiting or connecting: now, with one socket', () => {
    const engine = startEngine({ autoReconnect: { delay: 9_000 } });
    engine.socket.end();
    engine.connection.open();
    expect(engine.view).toMatchObject({ phase: 'connecting', failures: 0 });
    engine.connection.open();
    expect(engine.ports.live()).toHaveLength(1);
  });

  test('a constructor that throws is a failed attempt, never a crash', () => {
    const engine = startEngine();
    engine.connection.close(1000);
    engine.ports.random = 0.5;
    engine.ports.refusal = new Error('no sockets today');
    engine.connection.open();
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'constructor' } });
    engine.ports.refusal = undefined;
    engine.ports.clock.advance(2_500);
    expect(engine.view.phase).toBe('connecting');
  });

  test('an unusable url ends in failed, and never loops', () => {
    const engine = startEngine();
    engine.connection.close(1000);
    engine.ports.refusal = new HeartbeatSocketError('url', 'must be one');
    engine.connection.open();
    engine.ports.clock.advance(3_600_000);
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'url', message: 'url: must be one' } });
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('no url: not now', () => {
    for (const url of [undefined, '']) {
      const engine = startEngine();
      engine.connection.send('kept', true);
      engine.url = url;
      engine.connection.changeUrl();
      expect(engine.view).toMatchObject({ phase: 'idle', status: 'CLOSED', ws: undefined });
      expect(engine.ports.clock.pending()).toBe(0);
      expect(engine.log).toEqual(['dropped:kept:url']);
    }
  });

  test.each(['closed', 'failed'] as const)('open() without a url: a connection that is %s is idle then', (phase) => {
    const engine = startEngine({ autoReconnect: false });
    if (phase === 'closed') engine.connection.close(1000);
    else engine.socket.end();
    expect(engine.view.phase).toBe(phase);
    engine.url = undefined;
    engine.connection.open();
    expect(engine.view.phase).toBe('idle');
  });

  test('a getter is asked for the url once for each attempt', () => {
    const url = vi.fn(() => `ws://server/?n=${engine.ports.sockets.length}`);
    const engine: Engine = createEngine({ autoReconnect: { delay: 10 } });
    Object.defineProperty(engine, 'url', { get: url });
    engine.connection.open();
    url.mockClear();
    engine.socket.end();
    engine.ports.clock.advance(10);
    expect(engine.socket.url).toBe('ws://server/?n=1');
    expect(url).toHaveBeenCalledTimes(1);
  });

  test('beforeConnect need not be async', () => {
    const targets = [{ url: 'ws://elsewhere/' }, undefined, {}];
    const engine = startEngine({ autoReconnect: { delay: 10 }, beforeConnect: () => targets.shift() });
    for (const expected of ['ws://elsewhere/', 'ws://server/', 'ws://server/']) {
      expect(engine.socket.url).toBe(expected);
      engine.socket.end();
      engine.ports.clock.advance(10);
    }
  });

  test('without a url beforeConnect does not run; one that goes while it is at work is not now', async () => {
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

  test('beforeConnect may send it elsewhere, and learns what it needs', async () => {
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

  test('a url that changes while beforeConnect is at work for another: that runs again, and nothing goes to the old one', async () => {
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

  test.each([{}, { url: undefined }, { protocols: undefined }])(
    'a beforeConnect that gives %j gives nothing',
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

  test('what beforeConnect has fetched for the old url does not go to the new one', async () => {
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
  ])('a beforeConnect that %s for the old url does not keep the new one waiting', async (_, first) => {
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

  test('a token that beforeConnect puts into the url before it answers makes one socket', () => {
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

  test('a beforeConnect that changes the url each time, and gives another one, does not go round without a pause', async () => {
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

  test('a beforeConnect that writes the url and throws is a failed attempt, and no other follows at once', () => {
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

  test('a url that changes just before beforeConnect is done, of which nobody has told yet, is not overlooked', async () => {
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

  test('a url that changes while a retry is prepared is tried, though no retries are left', async () => {
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

  test('after a connection that was open, a url that changes while a retry is prepared is tried at once again', async () => {
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

  test('a url that changes each time before beforeConnect is done is tried in the end, though nothing is to be retried', async () => {
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

  test('close() in beforeConnect: no socket is made', () => {
    const engine: Engine = createEngine({ beforeConnect: () => void engine.connection.close(1000) as undefined });
    engine.connection.open();
    expect(engine.view.phase).toBe('closed');
    expect(engine.ports.sockets).toEqual([]);
  });

  test('a url that goes away while beforeConnect is at work ends the attempt at once', async () => {
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
});
