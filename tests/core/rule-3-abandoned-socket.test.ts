/** Rule 3 of the state machine: a socket that is given up is abandoned. */
import { expect, test } from 'vitest';
import { openEngine, startEngine } from '../support/engine';

test('a socket that is given up loses its handlers and is closed, and nothing waits for its close event', () => {
  const engine = openEngine();
  const old = engine.socket;
  const before = old.onclose;
  old.say('hello');
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
