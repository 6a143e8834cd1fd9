/** Callbacks that lead to themselves: the page stays alive, and the app is told. */
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/core/connection-types';
import { HeartbeatSocketError } from '../../src/core/errors';
import { createEngine, type Engine, openEngine, startEngine } from '../support/engine';

const WITHOUT_END = new HeartbeatSocketError('callback', 'callbacks run without end');

describe('an app that opens again whenever the connection has failed', () => {
  /** Opens again so often, at most: else the test itself would not end. */
  const TIMES = 5;

  test.each([
    ['a url that can never be used', 'url'],
    ['a WebSocket that is missing', 'constructor'],
  ] as const)('with %s makes one attempt in a task', (_, code) => {
    let attempts = 0;
    const engine: Engine = createEngine({
      listener: {
        onFailed: () => attempts < TIMES && engine.connection.open(),
        onEvent({ type }) {
          if (type === 'attempted') attempts += 1;
        },
      },
    });
    engine.ports.refusal = new HeartbeatSocketError(code, 'no');
    engine.connection.open();
    expect([attempts, engine.view.phase]).toEqual([1, 'waiting']);
    engine.ports.clock.advance(0);
    expect([attempts, engine.view.phase]).toEqual([TIMES, 'failed']);
  });

  test('whose beforeConnect gives up at once makes one attempt in a task', () => {
    let asked = 0;
    const engine: Engine = createEngine({
      beforeConnect({ giveUp }) {
        asked += 1;
        giveUp('logged out');
        return undefined;
      },
      listener: { onFailed: () => asked < TIMES && engine.connection.open() },
    });
    engine.connection.open();
    expect([asked, engine.view.phase]).toEqual([1, 'waiting']);
    engine.ports.clock.advance(0);
    expect([asked, engine.view.phase]).toEqual([TIMES, 'failed']);
  });
});

test('an attempt that threw keeps nobody from opening later: open() connects at once', () => {
  const engine = createEngine();
  engine.ports.refusal = new HeartbeatSocketError('url', 'no');
  engine.connection.open();
  engine.ports.clock.advance(0);
  expect(engine.ports.clock.pending()).toBe(0);
  engine.ports.refusal = undefined;
  engine.connection.open();
  expect(engine.view.phase).toBe('connecting');
});

test('after ten attempts in one task the next one waits for another task', () => {
  const engine = createEngine();
  for (let call = 0; call < 30; call += 1) engine.connection.open();
  expect([engine.ports.sockets.length, engine.view.phase]).toEqual([10, 'waiting']);
  engine.ports.clock.advance(0);
  expect([engine.ports.sockets.length, engine.ports.live().length]).toEqual([11, 1]);
});

test('a connection that leaves in the task of an attempt that threw has no timer left', () => {
  const engine = createEngine();
  engine.ports.refusal = new HeartbeatSocketError('url', 'no');
  engine.connection.open();
  engine.connection.leave();
  expect(engine.ports.clock.pending()).toBe(0);
});

describe('callbacks that call one another without end', () => {
  test('end when each event closes and opens the connection, and the app is told', () => {
    const engine = openEngine();
    let events = 0;
    engine.connection.listeners.add({
      onEvent() {
        events += 1;
        engine.connection.close(1000);
        engine.connection.open();
      },
    });
    engine.connection.close(1000);
    expect(events).toBeGreaterThan(1);
    expect(engine.ports.live().length).toBeLessThan(2);
    expect(engine.unhandled).toContainEqual(WITHOUT_END);
  });

  test('end when each error sends again what cannot be sent', () => {
    let errors = 0;
    const circular: Record<string, unknown> = {};
    circular.itself = circular;
    const engine: Engine = openEngine({
      serializer: 'json',
      listener: {
        onError() {
          errors += 1;
          engine.connection.send(circular);
        },
      },
    });
    engine.connection.send(circular);
    expect(errors).toBe(5);
    expect(engine.unhandled).toEqual([WITHOUT_END]);
  });

  test.each([
    ['opens', (connection: Connection) => connection.open()],
    ['closes', (connection: Connection) => connection.close(1000)],
    ['asks the connection to read the url', (connection: Connection) => connection.changeUrl()],
  ])('end when the url getter %s', (_, command) => {
    let asked = 0;
    const engine = createEngine();
    Object.defineProperty(engine, 'url', {
      get() {
        asked += 1;
        command(engine.connection);
        return 'ws://server/';
      },
    });
    command(engine.connection);
    expect(asked).toBeLessThan(1_000);
    expect(engine.unhandled).toContainEqual(WITHOUT_END);
  });

  test('end when the message of a heartbeat asks for another heartbeat', () => {
    let asked = 0;
    const engine: Engine = openEngine({
      heartbeat: {
        message() {
          asked += 1;
          if (asked < 100) engine.connection.beat();
          return 'ping';
        },
      },
    });
    engine.connection.beat();
    expect(asked).toBe(5);
    expect(engine.unhandled).toEqual([WITHOUT_END]);
  });

  test('end when the serializer sends', () => {
    const engine: Engine = openEngine({
      serializer: { read: String, write: (value: unknown) => `${value}${engine.connection.send(value)}` },
    });
    engine.connection.send('x');
    expect(engine.socket.sent).toHaveLength(5);
    expect(engine.unhandled).toEqual([WITHOUT_END]);
  });

  test('do not keep a later command from being carried out, nor a later loop from being told', () => {
    const engine: Engine = openEngine({ listener: { onSend: () => void engine.connection.send('again') } });
    for (let call = 1; call < 3; call += 1) {
      engine.connection.send('x');
      expect(engine.socket.sent).toHaveLength(5 * call);
    }
    expect(engine.unhandled).toEqual([WITHOUT_END, WITHOUT_END]);
  });

  test('end when the app sends at each event that is told after the call that makes the connection', async () => {
    let events = 0;
    const engine: Engine = startEngine({
      isHeld: true,
      listener: {
        onEvent() {
          events += 1;
          if (events < 1_000) engine.connection.send('again');
        },
      },
    });
    engine.connection.release();
    await Promise.resolve();
    expect(events).toBeLessThan(100);
    expect(engine.unhandled).toContainEqual(WITHOUT_END);
  });

  test('and were told after the call do not keep the login from going out', () => {
    const engine: Engine = startEngine({
      isHeld: true,
      listener: {
        onEvent: ({ type }) => type !== 'sent' && void engine.connection.send('again'),
        onConnected: () => void engine.connection.send('login'),
      },
    });
    engine.connection.release();
    engine.socket.accept();
    expect(engine.socket.sent).toContain('login');
    expect(engine.unhandled).toContainEqual(WITHOUT_END);
  });

  test('end when the app sends something as it is told of them', () => {
    let told = 0;
    const engine: Engine = openEngine({
      listener: { onSend: () => void engine.connection.send('again') },
      unhandled() {
        told += 1;
        if (told < 10) engine.connection.send('told');
      },
    });
    engine.connection.send('x');
    expect([told, engine.socket.sent.length]).toEqual([1, 5]);
  });

  test('are no matter of an app that gives one command at each message: each is carried out', () => {
    const engine: Engine = openEngine({ listener: { onMessage: () => engine.connection.beat() } });
    for (let at = 0; at < 20; at += 1) engine.socket.say(`message ${at}`);
    expect(engine.socket.sent).toHaveLength(20);
  });

  test('cannot keep a component from leaving', () => {
    const engine: Engine = openEngine({
      listener: {
        onSend(data) {
          if (engine.connection.send(`${data}x`)) return;
          engine.connection.leave();
        },
      },
    });
    engine.connection.send('x');
    expect(engine.view.phase).toBe('left');
    expect(engine.unhandled).toEqual([WITHOUT_END]);
  });
});

test('who watches the error, and sends again what cannot be sent, is told of it once', () => {
  const engine = startEngine({ serializer: 'json' });
  engine.connection.send(undefined as never);
  const { error } = engine.view;
  engine.connection.send(undefined as never);
  expect(engine.view.error).toBe(error);
  expect(engine.log).toEqual(['error', 'error']);
});
