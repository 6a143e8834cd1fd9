/** The seven rules of the state machine, on the engine with a manual clock. */
import { describe, expect, test } from 'vitest';
import { createConnection } from '../../src/core/connection';
import { HeartbeatSocketError } from '../../src/core/errors';
import { createMemoryPorts } from '../../src/core/memory-ports';
import { resolveOptions } from '../../src/core/options';
import { type Engine, startEngine } from '../support/engine';

const opened = (options: Parameters<typeof startEngine>[0] = {}): Engine => {
  const engine = startEngine(options);
  engine.socket.accept();
  return engine;
};

describe('rule 1: at most one live socket, and old sockets change nothing', () => {
  test('events of an abandoned socket change nothing', () => {
    const engine = opened();
    const old = engine.socket;
    const handlers = { ...old };
    engine.ports.clock.advance(20_000);
    engine.ports.clock.advance(100);
    engine.socket.accept();
    expect(engine.ports.live()).toEqual([engine.socket]);
    const before = { ...engine.view };
    for (const type of ['open', 'message', 'error'] as const) old.fire(type, { data: 'late' });
    old.fire('close', { code: 4401, reason: '', wasClean: true });
    // Even through handlers that were captured before they were taken off.
    handlers.onclose?.({ code: 4401, reason: '', wasClean: true } as never);
    handlers.onmessage?.({ data: 'late' } as never);
    handlers.onerror?.({} as never);
    handlers.onopen?.({} as never);
    expect(engine.view).toEqual(before);
    expect(engine.received).toEqual([]);
    expect(engine.log).toEqual(['connected', 'disconnected:1006:silence:false', 'connected']);
  });

  test('open() again and again, a new url, and the network coming back leave one socket', () => {
    const engine = startEngine();
    engine.connection.open();
    expect(engine.ports.live()).toHaveLength(1);
    engine.socket.accept();
    engine.connection.open();
    engine.ports.signal('online');
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.ports.live()).toHaveLength(1);
    engine.ports.signal('online');
    engine.socket.end();
    engine.ports.signal('online');
    engine.ports.signal('visibilitychange');
    expect(engine.ports.live()).toHaveLength(1);
    expect(engine.socket.url).toBe('ws://other/');
  });
});

describe('rule 2: at most one timer', () => {
  test('each state has one timer at most, and resting states none', () => {
    const engine = startEngine();
    const pending = (): number => engine.ports.clock.pending();
    expect([engine.view.phase, pending()]).toEqual(['connecting', 1]);
    engine.socket.accept();
    expect([engine.view.phase, pending()]).toEqual(['open', 1]);
    engine.ports.clock.advance(15_000);
    expect([engine.view.phase, pending()]).toEqual(['suspect', 1]);
    engine.socket.end();
    expect([engine.view.phase, pending()]).toEqual(['waiting', 1]);
    engine.ports.signal('offline');
    expect([engine.view.phase, pending()]).toEqual(['offline', 0]);
    engine.ports.signal('online');
    engine.connection.close(1000);
    expect([engine.view.phase, pending()]).toEqual(['closed', 0]);
  });

  test('2,000 messages arm no timer', () => {
    const engine = opened();
    const { armed } = engine.ports.clock;
    for (let i = 0; i < 2_000; i += 1) {
      engine.ports.clock.advance(1);
      engine.connection.send('busy', false);
      engine.socket.say(`message ${i}`);
    }
    expect(engine.received).toHaveLength(2_000);
    expect(engine.ports.clock.armed).toBe(armed);
    expect(engine.ports.clock.pending()).toBe(1);
  });

  test('the first sign of life after a beat arms the next one, and the others none', () => {
    const engine = opened();
    engine.ports.clock.advance(10_000);
    const { armed } = engine.ports.clock;
    engine.socket.say('HeartBeat');
    expect(engine.ports.clock.armed).toBe(armed + 1);
    for (let i = 0; i < 100; i += 1) engine.socket.say(`${i}`);
    expect(engine.ports.clock.armed).toBe(armed + 1);
  });
});

describe('rule 3: a socket that is given up is abandoned', () => {
  test('handlers are off, close() is called, and nothing waits for its close event', () => {
    const engine = opened();
    const old = engine.socket;
    const before = old.onclose;
    engine.ports.random = 0.5;
    engine.ports.clock.advance(20_000);
    expect(old.closedWith).toEqual([]);
    expect(old.onclose).not.toBe(before);
    expect(engine.view.ws).toBeUndefined();
    engine.ports.clock.advance(100);
    expect(engine.ports.sockets).toHaveLength(2);
  });

  test('an attempt that hangs is abandoned at connectTimeout', () => {
    const engine = startEngine({ connectTimeout: 3_000 });
    engine.ports.random = 0.5;
    engine.ports.clock.advance(2_999);
    expect(engine.view.phase).toBe('connecting');
    engine.ports.clock.advance(1);
    expect(engine.socket.closedWith).toEqual([]);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'connect-timeout' } });
    expect(engine.log).toEqual([]);
  });
});

describe('rule 4: after leaving, nothing', () => {
  const quiet = (engine: Engine, sockets: number): void => {
    engine.connection.open();
    engine.connection.changeUrl();
    engine.connection.activate();
    for (const signal of ['online', 'visibilitychange', 'pageshow', 'offline', 'pagehide'] as const)
      engine.ports.signal(signal);
    engine.ports.clock.advance(3_600_000);
    expect(engine.view).toMatchObject({ phase: 'left', left: true, status: 'CLOSED', ws: undefined });
    expect(engine.ports.sockets).toHaveLength(sockets);
    expect(engine.ports.live()).toEqual([]);
    expect(engine.ports.clock.pending()).toBe(0);
    expect(engine.ports.listening()).toBe(0);
  };

  test('from connecting, open, suspect, waiting, offline', () => {
    const connecting = startEngine();
    connecting.connection.leave();
    quiet(connecting, 1);
    const open = opened();
    open.connection.leave();
    expect(open.socket.closedWith).toEqual([1000, undefined]);
    quiet(open, 1);
    const suspect = opened();
    suspect.ports.clock.advance(15_000);
    suspect.connection.leave();
    quiet(suspect, 1);
    const waiting = opened();
    waiting.socket.end();
    waiting.connection.leave();
    quiet(waiting, 1);
    const offline = opened();
    offline.socket.end();
    offline.ports.signal('offline');
    offline.connection.leave();
    quiet(offline, 1);
  });

  test('an async beforeConnect that resolves or rejects late opens nothing', async () => {
    for (const settle of ['resolve', 'reject'] as const) {
      let finish = (): void => {};
      let signal: unknown;
      const engine = startEngine({
        beforeConnect: (attempt) => {
          signal = attempt.signal;
          return new Promise((resolve, reject) => {
            finish = () => (settle === 'resolve' ? resolve(undefined) : reject(new Error('late')));
          });
        },
      });
      engine.connection.leave();
      expect(signal).toEqual({ aborted: true });
      finish();
      await Promise.resolve();
      await Promise.resolve();
      quiet(engine, 0);
    }
  });

  test('a socket whose close() throws leaves no listener behind, and its end is told', () => {
    const engine = opened();
    engine.socket.close = () => {
      throw new Error('InvalidAccessError');
    };
    engine.connection.leave();
    expect(engine.log.at(-1)).toBe('disconnected:1000::true');
    expect(engine.view.error).toMatchObject({ code: 'close' });
    expect(engine.ports.clock.pending()).toBe(0);
    expect(engine.ports.listening()).toBe(0);
  });

  test('what is buffered or sent afterwards is reported as dropped', () => {
    const engine = startEngine();
    engine.connection.send('a', true);
    engine.connection.leave();
    engine.connection.send('b', true);
    expect(engine.log).toEqual(['dropped:a:left', 'dropped:b:left']);
  });
});

describe('rule 5: closed is undone by open() or a new url alone', () => {
  test('not by a late event, the network coming back, or the page', () => {
    const engine = opened();
    const { onclose } = engine.socket;
    engine.connection.close(1000);
    onclose?.({ code: 1006, reason: '', wasClean: false } as never);
    for (const signal of ['online', 'visibilitychange', 'pagehide', 'pageshow'] as const) engine.ports.signal(signal);
    engine.ports.clock.advance(3_600_000);
    expect(engine.view.phase).toBe('closed');
    expect(engine.ports.sockets).toHaveLength(1);
    engine.connection.open();
    expect(engine.view.phase).toBe('connecting');
    engine.connection.close(1000);
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('connecting');
  });
});

describe('rule 6: what user code throws never breaks the machine', () => {
  test.each(['onConnected', 'onMessage', 'onDisconnected', 'onSend', 'onDropped', 'onFailed'] as const)(
    '%s',
    (name) => {
      const engine = opened({
        autoReconnect: { retries: 0 },
        buffer: { limit: 0 },
        listener: {
          [name]() {
            throw new Error(`${name} threw`);
          },
        },
      });
      engine.connection.send('x', true);
      engine.socket.say('hello');
      engine.socket.end();
      engine.connection.send('y', true);
      expect(engine.view.phase).toBe('failed');
      expect(engine.log.includes('error') || engine.unhandled.length === 1).toBe(true);
      engine.connection.open();
      engine.socket.accept();
      expect(engine.view.phase).toBe('open');
    },
  );

  test('onError that throws reaches the app', () => {
    const boom = new Error('boom');
    const engine = opened({
      listener: {
        onError() {
          throw boom;
        },
      },
    });
    engine.socket.fail();
    expect(engine.unhandled).toEqual([boom]);
    expect(engine.view.phase).toBe('open');
  });

  test('a callback without an onError reaches the app with the very error', () => {
    const boom = new Error('boom');
    const engine = startEngine();
    engine.connection.listeners.clear();
    engine.connection.listeners.add({
      onConnected() {
        throw boom;
      },
    });
    engine.socket.accept();
    expect(engine.unhandled).toEqual([boom]);
    expect(engine.view.error).toMatchObject({ code: 'callback', cause: boom });
  });

  test('beforeConnect that throws is a failed attempt with back-off', async () => {
    const engine = startEngine({
      autoReconnect: { delay: 500 },
      beforeConnect: () => {
        throw new Error('no token');
      },
    });
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'before-connect' } });
    engine.ports.clock.advance(500);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 2 });
    expect(engine.ports.sockets).toHaveLength(0);
  });

  test('beforeConnect that rejects with nothing at all is a failed attempt too', async () => {
    const engine = startEngine({ autoReconnect: { delay: 500 }, beforeConnect: () => Promise.reject(null) });
    await Promise.resolve();
    await Promise.resolve();
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'before-connect' } });
  });

  test('retries and delay that throw or miscount fall back on the default policy', () => {
    for (const autoReconnect of [
      {
        retries: () => {
          throw new Error('retries');
        },
      },
      {
        delay: () => {
          throw new Error('delay');
        },
      },
      { delay: () => Number.NaN },
    ]) {
      const engine = startEngine({ autoReconnect });
      engine.ports.random = 0.5;
      engine.socket.end();
      expect(engine.view.phase).toBe('waiting');
      expect(engine.view.retryAt).toBe(engine.ports.clock.now() + 2_500);
      expect(engine.log).toEqual(['error']);
    }
  });

  test('a thrown string, and nothing at all, still say what failed', () => {
    const thrown = startEngine({
      beforeConnect: () => {
        throw 'no token';
      },
    });
    expect(thrown.view.error?.message).toBe('before-connect: no token');
  });

  test('a HeartbeatSocketError from beforeConnect is a failed attempt, not an unusable url', () => {
    const engine = startEngine({
      beforeConnect: () => {
        throw new HeartbeatSocketError('url', 'mine');
      },
    });
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1 });
  });

  test('a heartbeat message that throws is reported, and is no silence', () => {
    const engine = opened({
      heartbeat: {
        message: () => {
          throw new Error('message');
        },
      },
    });
    engine.ports.clock.advance(60_000);
    expect(engine.view.phase).toBe('open');
    expect(engine.log.filter((line) => line === 'error')).toHaveLength(6);
  });

  test('onDisconnected that throws on our own close() reaches onError', () => {
    const engine = opened({
      listener: {
        onDisconnected() {
          throw new Error('boom');
        },
      },
    });
    engine.connection.close(1000);
    expect(engine.log).toEqual(['connected', 'error']);
    expect(engine.unhandled).toEqual([]);
  });

  test('what is sent after open() or close() in a callback does not go to the socket that they end', () => {
    const reopened: Engine = opened({
      listener: {
        onMessage() {
          reopened.connection.open();
          reopened.connection.send('login', true);
        },
      },
    });
    const old = reopened.socket;
    old.say('token expired');
    expect(old.sent).toEqual([]);
    reopened.socket.accept();
    expect(reopened.socket.sent).toEqual(['login']);
    const closed: Engine = opened({
      listener: {
        onMessage() {
          closed.connection.close(1000);
          closed.connection.send('x', true);
        },
      },
    });
    closed.socket.say('bye');
    expect(closed.socket.sent).toEqual([]);
    closed.connection.open();
    closed.socket.accept();
    expect(closed.socket.sent).toEqual(['x']);
  });

  test('close(), open() and send() in a callback: what was sent before is dropped, what came last arrives, in order', () => {
    const engine: Engine = opened({
      listener: {
        onMessage() {
          engine.connection.close(1000);
          engine.connection.send('to be dropped?', true);
          engine.connection.close(1000);
          engine.connection.open();
          engine.connection.send('login', true);
          engine.connection.send('hello', true);
        },
      },
    });
    engine.socket.say('kicked');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['login', 'hello']);
    expect(engine.log).toContain('dropped:to be dropped?:closed');
  });

  test('close(), another url and send() in a callback: it arrives at that url', () => {
    const engine: Engine = opened({
      listener: {
        onMessage() {
          engine.connection.close(1000);
          engine.url = 'ws://other/';
          engine.connection.send('for the other', true);
        },
      },
    });
    engine.socket.say('moved');
    engine.connection.changeUrl();
    engine.socket.accept();
    expect([engine.socket.url, engine.socket.sent]).toEqual(['ws://other/', ['for the other']]);
  });

  test('another url and send() in a callback, and the old url again in the next: it goes to neither', () => {
    const turnTo = (url: string): void => {
      engine.url = url;
      engine.connection.changeUrl();
    };
    const engine: Engine = startEngine({
      listener: {
        onConnected() {
          if (engine.ports.sockets.length > 1) return;
          turnTo('ws://other/');
          engine.connection.send('for the other', true);
        },
        onDisconnected: () => turnTo('ws://server/'),
      },
    });
    engine.socket.accept();
    engine.socket.accept();
    expect(engine.ports.sockets.map(({ url, sent }) => [url, sent])).toEqual([
      ['ws://server/', []],
      ['ws://server/', []],
    ]);
    expect(engine.log).toEqual(['dropped:for the other:url']);
  });

  test('what is sent after leave() in a callback is reported', () => {
    const engine: Engine = opened({
      listener: {
        onMessage() {
          engine.connection.leave();
          engine.connection.send('late', true);
        },
      },
    });
    engine.socket.say('bye');
    expect(engine.log).toContain('dropped:late:left');
  });

  test('an app whose error handler throws still lets it close', () => {
    const ports = createMemoryPorts();
    let phase = '';
    const connection = createConnection(ports, {
      ...resolveOptions({}, (source) => source),
      url: () => 'ws://server/',
      protocols: () => [],
      publish: (view) => {
        phase = view.phase;
      },
      received: () => {},
      unhandled: () => {
        throw new Error('console.error fails this test');
      },
    });
    connection.listeners.add({
      onConnected() {
        throw new Error('boom');
      },
    });
    connection.open();
    expect(() => ports.sockets[0]?.accept()).toThrow('fails this test');
    connection.leave();
    expect(phase).toBe('left');
    expect(ports.live()).toEqual([]);
  });

  test('a callback that throws while the connection is given up does not hide why it was', () => {
    const engine = opened({
      listener: {
        onDisconnected() {
          throw new Error('boom');
        },
        onFailed() {
          throw new Error('boom');
        },
      },
    });
    engine.socket.end(4401);
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code' } });
    expect(engine.log.filter((line) => line === 'error')).toHaveLength(2);
    engine.connection.open();
    engine.socket.accept();
    expect(engine.view.error).toBeUndefined();
  });

  test('events raised inside a callback wait their turn', () => {
    const seen: string[] = [];
    const engine = startEngine({
      listener: {
        onConnected() {
          engine.connection.close(1000);
          seen.push(engine.view.phase);
        },
        onDisconnected() {
          engine.connection.open();
          seen.push(engine.view.phase);
        },
      },
    });
    engine.socket.accept();
    expect(seen).toEqual(['open', 'closed']);
    expect(engine.view.phase).toBe('connecting');
    expect(engine.ports.live()).toHaveLength(1);
  });
});

describe('rule 7: onDisconnected runs once for each socket that was open', () => {
  test.each([
    ['the server closes', (e: Engine) => e.socket.end(1001, 'bye'), 'disconnected:1001:bye:true'],
    ['silence', (e: Engine) => e.ports.clock.advance(20_000), 'disconnected:1006:silence:false'],
    ['close()', (e: Engine) => e.connection.close(3001, 'done'), 'disconnected:3001:done:true'],
    ['open()', (e: Engine) => e.connection.open(), 'disconnected:1000::true'],
    ['leave', (e: Engine) => e.connection.leave(), 'disconnected:1000::true'],
    ['pagehide', (e: Engine) => e.ports.signal('pagehide'), 'disconnected:1000:page hidden:true'],
  ])('%s', (_, act, expected) => {
    const engine = opened();
    const { socket } = engine;
    act(engine);
    socket.fire('close', { code: 1006, reason: '', wasClean: false });
    engine.connection.leave();
    expect(engine.log.filter((line) => line.startsWith('disconnected'))).toEqual([expected]);
  });

  test('not for a socket that never opened', () => {
    const engine = startEngine();
    engine.socket.end();
    engine.connection.leave();
    expect(engine.log).toEqual([]);
  });
});
