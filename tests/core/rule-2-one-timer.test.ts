/** Rule 2 of the state machine: at most one timer. */
import { expect, test } from 'vitest';
import { openEngine, startEngine } from '../support/engine';

test('each phase has one timer at most, and a resting phase none', () => {
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
  expect([engine.view.phase, pending()]).toEqual(['offline', 1]);
  engine.ports.signal('online');
  engine.connection.close(1000);
  expect([engine.view.phase, pending()]).toEqual(['closed', 0]);
});

test('2,000 messages arm no timer', () => {
  const engine = openEngine();
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

test('the first message after a beat arms the timer of the next beat, and the messages after it arm none', () => {
  const engine = openEngine();
  engine.ports.clock.advance(10_000);
  const { armed } = engine.ports.clock;
  engine.socket.say('HeartBeat');
  expect(engine.ports.clock.armed).toBe(armed + 1);
  for (let i = 0; i < 100; i += 1) engine.socket.say(`${i}`);
  expect(engine.ports.clock.armed).toBe(armed + 1);
});
