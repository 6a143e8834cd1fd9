/** Rule 6 of the state machine: what user code throws never breaks the machine. */
import { expect, test } from 'vitest';
import { HeartbeatSocketError } from '../../src/core/errors';
import { openEngine, startEngine } from '../support/engine';

test.each(['onConnected', 'onMessage', 'onDisconnected', 'onSend', 'onDropped', 'onFailed'] as const)(
  'a connection goes on when %s throws',
  (name) => {
    const engine = openEngine({
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

test('what onError throws reaches the app, and the connection stays open', () => {
  const boom = new Error('boom');
  const engine = openEngine({
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

test('without an onError the very error that a callback throws reaches the app', () => {
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
  expect(engine.view.error).toMatchObject({ code: 'callback', cause: { name: 'Error', message: 'boom' } });
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

test('retries and delay functions that throw, and a delay of NaN, fall back on the default policy', () => {
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

test('a string that beforeConnect throws is in the message of the error', () => {
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

test('a heartbeat message that throws is reported, and the link does not count as silent', () => {
  const engine = openEngine({
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

test('what onDisconnected throws during close() reaches onError', () => {
  const engine = openEngine({
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

test('an app whose error handler throws can still leave the connection', () => {
  const engine = startEngine({
    unhandled() {
      throw new Error('console.error fails this test');
    },
    listener: {
      onConnected() {
        throw new Error('boom');
      },
      onError() {
        throw new Error('boom');
      },
    },
  });
  expect(() => engine.socket.accept()).toThrow('fails this test');
  engine.connection.leave();
  expect(engine.view.phase).toBe('left');
  expect(engine.ports.live()).toEqual([]);
});

test('a callback that throws while the connection gives up does not hide why it gave up', () => {
  const engine = openEngine({
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
