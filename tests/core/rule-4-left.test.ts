/** Rule 4 of the state machine: after leaving, nothing. */
import { expect, test } from 'vitest';
import { type Engine, openEngine, startEngine } from '../support/engine';

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

test('leaving from connecting, open, suspect, waiting or offline leaves nothing behind', () => {
  const connecting = startEngine();
  connecting.connection.leave();
  quiet(connecting, 1);
  const open = openEngine();
  open.connection.leave();
  expect(open.socket.closedWith).toEqual([1000, undefined]);
  quiet(open, 1);
  const suspect = openEngine();
  suspect.ports.clock.advance(15_000);
  suspect.connection.leave();
  quiet(suspect, 1);
  const waiting = openEngine();
  waiting.socket.end();
  waiting.connection.leave();
  quiet(waiting, 1);
  const offline = openEngine();
  offline.socket.end();
  offline.ports.signal('offline');
  offline.connection.leave();
  quiet(offline, 1);
});

test('an async beforeConnect that resolves or rejects after leave() opens nothing', async () => {
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

test('leave() with a socket whose close() throws leaves no listener behind, and onDisconnected is told', () => {
  const engine = openEngine();
  engine.socket.close = () => {
    throw new Error('InvalidAccessError');
  };
  engine.connection.leave();
  expect(engine.log.at(-1)).toBe('disconnected:1000::true');
  expect(engine.view.error).toMatchObject({ code: 'close' });
  expect(engine.ports.clock.pending()).toBe(0);
  expect(engine.ports.listening()).toBe(0);
});

test('what is buffered at leave(), or sent after it, is reported as dropped', () => {
  const engine = startEngine();
  engine.connection.send('a', true);
  engine.connection.leave();
  engine.connection.send('b', true);
  expect(engine.log).toEqual(['dropped:a:left', 'dropped:b:left']);
});
