/** Tokens that run out, sessions that go stale, users who are logged out. */
import { describe, expect, test, vi } from 'vitest';
import type { ConnectAttempt, HandshakeLink } from '../../src/core/connection-types';
import { delayNow, type Engine, openEngine, startEngine } from '../support/engine';

/** The next attempt starts. */
const retry = (engine: Engine): void => engine.ports.clock.advance(delayNow(engine));

describe('a user whose token has run out', () => {
  const withToken = (beforeConnect: (attempt: ConnectAttempt) => undefined = () => undefined): Engine => {
    const engine = startEngine({ beforeConnect });
    engine.socket.accept();
    engine.ports.clock.advance(8_000);
    return engine;
  };

  test.each([3000, 3003, 4401, 4403])('stays connected: after %i beforeConnect fetches a new one', (code) => {
    const closes: unknown[] = [];
    const engine = withToken(({ lastClose }) => void closes.push(lastClose));
    engine.socket.end(code, 'token expired');
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'closed', closeCode: code } });
    retry(engine);
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
    expect(closes).toEqual([undefined, { code, reason: 'token expired', wasClean: true }]);
  });

  test('and who gets no better one has failed after one attempt more, whether the server refuses or closes', () => {
    for (const accepts of [true, false]) {
      const engine = withToken();
      engine.socket.end(4401);
      retry(engine);
      if (accepts) engine.socket.accept();
      engine.socket.end(4401);
      expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code', closeCode: 4401 } });
      expect(engine.ports.sockets).toHaveLength(2);
    }
  });

  test('and who gets no better one has failed also if the network fails in between', () => {
    const engine = withToken();
    engine.socket.end(4401);
    retry(engine);
    engine.socket.end();
    retry(engine);
    engine.socket.end(4401);
    expect(engine.view.phase).toBe('failed');
  });

  test('stays connected each time it runs out', () => {
    const engine = withToken();
    for (let hour = 0; hour < 5; hour += 1) {
      engine.socket.end(4401);
      retry(engine);
      engine.socket.accept();
      engine.ports.clock.advance(8_000);
      expect(engine.view.phase).toBe('open');
    }
  });

  test('has one attempt more after open()', () => {
    const engine = withToken();
    engine.socket.end(4401);
    retry(engine);
    engine.socket.end(4401);
    engine.connection.open();
    engine.socket.end(4401);
    expect(engine.view.phase).toBe('waiting');
  });

  /** A handshake that logs in, and waits for no answer. */
  const logIn = async ({ send }: HandshakeLink): Promise<undefined> => send('token') as undefined;

  test.each([3000, 3003, 4401, 4403])(
    'stays connected: after %i the handshake logs in with a new one',
    async (code) => {
      const engine = openEngine({ handshake: logIn });
      await expect.poll(() => engine.view.phase).toBe('open');
      engine.ports.clock.advance(8_000);
      engine.socket.end(code, 'token expired');
      expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'closed', closeCode: code } });
      retry(engine);
      engine.socket.accept();
      await expect.poll(() => engine.view.phase).toBe('open');
      expect(engine.socket.sent).toEqual(['token']);
    },
  );

  test('has failed where the server refuses what the handshake has just sent', async () => {
    const engine = openEngine({
      async handshake(link) {
        await logIn(link);
        await link.receive();
        return undefined;
      },
    });
    engine.socket.end(4403, 'Forbidden');
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code', closeCode: 4403 } });
  });

  test('has failed where the server takes each new one, and ends the connection soon all the same', async () => {
    const engine = openEngine({ handshake: logIn });
    await expect.poll(() => engine.view.phase).toBe('open');
    engine.socket.end(4401);
    retry(engine);
    engine.socket.accept();
    await expect.poll(() => engine.view.phase).toBe('open');
    engine.socket.end(4401);
    expect(engine.view.phase).toBe('failed');
  });

  test('has failed at once where nothing can fetch a new one, or no retry is allowed', () => {
    const plain = openEngine();
    plain.socket.end(4401);
    expect(plain.view.phase).toBe('failed');
    const once = startEngine({ beforeConnect: () => undefined, autoReconnect: { retries: 0 } });
    once.socket.end(4401);
    expect(once.view).toMatchObject({ phase: 'failed', error: { code: 'final-code', closeCode: 4401 } });
  });

  test('waits for the new one as after any loss of the server, so that all clients do not ask for theirs at once', () => {
    const engine = withToken();
    engine.ports.random = 0.5;
    engine.socket.end(4401);
    expect(delayNow(engine)).toBe(2_500);
  });
});

describe('a session that went stale', () => {
  test('while the machine slept is refused with 1008, and a new attempt follows', () => {
    const engine = openEngine();
    engine.ports.clock.advance(8_000);
    engine.ports.signal('visibilitychange');
    engine.socket.end(1008, 'session expired');
    retry(engine);
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });

  test('on a silent link is refused with 1008, and a new attempt follows', () => {
    const engine = openEngine();
    engine.socket.say('hello');
    engine.ports.random = 0.5;
    while (engine.view.phase !== 'connecting') engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.socket.end(1008, 'already connected');
    expect(engine.view.phase).toBe('waiting');
    retry(engine);
    engine.socket.end(1008, 'already connected');
    expect(engine.view.phase).toBe('failed');
  });

  test('is a policy of the server long after that', () => {
    const engine = openEngine();
    engine.socket.say('hello');
    engine.ports.random = 0.5;
    while (engine.view.phase !== 'connecting') engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.advance(6_000);
    engine.socket.end(1008);
    expect(engine.view.phase).toBe('failed');
  });

  test('is not what other final codes tell of', () => {
    const engine = openEngine();
    engine.ports.signal('visibilitychange');
    engine.socket.end(1003);
    expect(engine.view.phase).toBe('failed');
  });
});

describe('giveUp', () => {
  test('ends at the login page: the connection has failed, and error says why', () => {
    const engine = startEngine({ beforeConnect: ({ giveUp }) => giveUp('logged out') as undefined });
    engine.ports.clock.advance(600_000);
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'gave-up', cause: 'logged out' } });
    expect(engine.view.error?.message).toBe('gave-up: logged out');
    expect([engine.log, engine.ports.sockets]).toEqual([['failed'], []]);
  });

  test('works after a wait, and what beforeConnect gives afterwards counts no more', async () => {
    const engine = startEngine({
      beforeConnect: async ({ giveUp }) => {
        await Promise.resolve();
        giveUp();
        return { url: 'ws://elsewhere/' };
      },
    });
    for (let i = 0; i < 9; i += 1) await Promise.resolve();
    expect(engine.view.phase).toBe('failed');
    expect(engine.ports.sockets).toEqual([]);
  });

  test('needs no reason', () => {
    const engine = startEngine({ beforeConnect: ({ giveUp }) => giveUp() as undefined });
    expect(engine.view.error?.message).toBe('gave-up: no reason was given');
  });

  test('of an attempt that is over changes nothing', () => {
    const attempts: ConnectAttempt[] = [];
    const engine = startEngine({ beforeConnect: (attempt) => void attempts.push(attempt) });
    engine.socket.end();
    retry(engine);
    attempts[0]?.giveUp('too late');
    expect(engine.view.phase).toBe('connecting');
    engine.socket.accept();
    attempts[1]?.giveUp('too late');
    expect(engine.view.phase).toBe('open');
  });

  test('for a url that is not the current one any more lets the current one have its attempt', () => {
    const asked: unknown[] = [];
    const give: ((reason: unknown) => void)[] = [];
    const engine = startEngine({
      url: 'ws://a/',
      beforeConnect({ url, giveUp }) {
        asked.push(url);
        give.push(giveUp);
        return new Promise(() => {});
      },
    });
    engine.url = 'ws://b/';
    engine.connection.changeUrl();
    give[0]?.('logged out of a');
    expect([engine.view.phase, asked]).toEqual(['connecting', ['ws://a/', 'ws://b/']]);
  });

  test('is undone by open()', () => {
    let isLoggedIn = false;
    const engine = startEngine({
      beforeConnect: ({ giveUp }) => (isLoggedIn ? undefined : (giveUp('logged out') as undefined)),
    });
    isLoggedIn = true;
    // The user logs in later than in the task of the attempt that was given up.
    engine.ports.clock.advance(0);
    engine.connection.open();
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });
});

describe('what beforeConnect and the policy are told', () => {
  test('the number of the attempt grows with each one', () => {
    const numbers: number[] = [];
    const engine = startEngine({ beforeConnect: ({ number }) => void numbers.push(number) });
    for (let i = 0; i < 3; i += 1) {
      engine.socket.end();
      retry(engine);
    }
    engine.connection.open();
    expect(numbers).toHaveLength(5);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test('lastClose is that of the server before, and of no other url', () => {
    const closes: unknown[] = [];
    const engine = startEngine({ beforeConnect: ({ lastClose }) => void closes.push(lastClose?.code) });
    engine.socket.end(1012);
    retry(engine);
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(closes).toEqual([undefined, 1012, undefined]);
  });

  test('lastClose is that of no other url also if the url changes while the page is away', () => {
    const closes: unknown[] = [];
    const engine = startEngine({ beforeConnect: ({ lastClose }) => void closes.push(lastClose?.code) });
    engine.socket.end(1012);
    engine.ports.signal('pagehide');
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    engine.ports.signal('pageshow');
    expect(closes).toEqual([undefined, undefined]);
  });

  test('retries and delay hear what was thrown', () => {
    const thrown = new Error('no token');
    const retries = vi.fn(() => true);
    const delay = vi.fn(() => 5);
    startEngine({
      autoReconnect: { retries, delay },
      beforeConnect() {
        throw thrown;
      },
    });
    const event = { code: 1006, reason: 'before-connect', wasClean: false, thrown };
    expect(retries).toHaveBeenCalledWith(0, event);
    expect(delay).toHaveBeenCalledWith(1, expect.objectContaining({ event }));
  });

  test('they are asked in this order: retries, delay, onDisconnected', () => {
    const asked: string[] = [];
    const engine = openEngine({
      autoReconnect: { retries: () => !!asked.push('retries'), delay: () => asked.push('delay') },
      listener: { onDisconnected: () => asked.push('onDisconnected') },
    });
    engine.socket.end();
    expect(asked).toEqual(['retries', 'delay', 'onDisconnected']);
  });
});

describe('error.closeCode', () => {
  test('is the code with which the socket ended, and nothing where none ended', () => {
    const engine = startEngine();
    engine.socket.end(1013);
    expect(engine.view.error).toMatchObject({ code: 'refused', closeCode: 1013 });
    const thrower = startEngine({
      beforeConnect() {
        throw new DOMException('aborted', 'AbortError');
      },
    });
    expect(thrower.view.error?.closeCode).toBeUndefined();
    const slow = startEngine();
    slow.ports.clock.advance(10_000);
    expect(slow.view.error).toMatchObject({ code: 'connect-timeout', closeCode: undefined });
  });
});
