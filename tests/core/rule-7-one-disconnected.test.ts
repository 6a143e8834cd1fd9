/** Rule 7 of the state machine: onDisconnected runs once for each socket that was open. */
import { expect, test } from 'vitest';
import { type Engine, openEngine, startEngine } from '../support/engine';

test.each([
  ['a close of the server', (e: Engine) => e.socket.end(1001, 'bye'), 'disconnected:1001:bye:true'],
  ['silence', (e: Engine) => e.ports.clock.advance(20_000), 'disconnected:1006:silence:false'],
  ['close()', (e: Engine) => e.connection.close(3001, 'done'), 'disconnected:3001:done:true'],
  ['open()', (e: Engine) => e.connection.open(), 'disconnected:1000::true'],
  ['leave()', (e: Engine) => e.connection.leave(), 'disconnected:1000::true'],
  ['pagehide', (e: Engine) => e.ports.signal('pagehide'), 'disconnected:1000:page hidden:true'],
])('onDisconnected runs once for an open socket that ends by %s', (_, act, expected) => {
  const engine = openEngine();
  const { socket } = engine;
  act(engine);
  socket.fire('close', { code: 1006, reason: '', wasClean: false });
  engine.connection.leave();
  expect(engine.log.filter((line) => line.startsWith('disconnected'))).toEqual([expected]);
});

test('onDisconnected does not run for a socket that never opened', () => {
  const engine = startEngine();
  engine.socket.end();
  engine.connection.leave();
  expect(engine.log).toEqual([]);
});
