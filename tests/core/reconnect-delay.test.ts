/** How long a connection waits before each retry. */
import { expect, test } from 'vitest';
import { NO_CLOSE_EVENT } from '../../src/core/ports';
import { backoff } from '../../src/core/reconnect-policy';
import { delayNow, openEngine, pass, startEngine } from '../support/engine';

test('the default delay is up to 100 ms after a local loss, up to 5 s after another, then 5 s doubling to 15 s, each with jitter', () => {
  const policy = backoff();
  const at = (retry: number, random: number, isLocal = false): number =>
    policy(retry, { isLocal, random, event: NO_CLOSE_EVENT });
  expect([at(1, 0), at(1, 1), at(1, 0, true), at(1, 1, true)]).toEqual([0, 5_000, 0, 100]);
  expect([2, 3, 4, 5, 2_000].map((retry) => at(retry, 1))).toEqual([5_000, 10_000, 15_000, 15_000, 15_000]);
  expect([at(3, 0), at(3, 0.5)]).toEqual([5_000, 7_500]);
  const context = { isLocal: false, random: 1, event: NO_CLOSE_EVENT };
  expect(backoff({ max: 60_000, local: 7, first: 10, base: 5 })(3, context)).toBe(10);
});

test.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000])('a server that closes with %i is tried again', (code) => {
  const engine = openEngine();
  engine.ports.random = 0.5;
  engine.socket.end(code);
  expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'closed' } });
  expect(delayNow(engine)).toBe(2_500);
});

test('a loss within 2 s of a wake counts as local, whatever its code, and a later loss as one by the server', () => {
  for (const signal of ['visibilitychange', 'online'] as const) {
    const soon = openEngine();
    soon.ports.clock.advance(9_000);
    soon.ports.random = 0.5;
    soon.ports.signal(signal);
    soon.ports.clock.advance(2_000 - 1);
    soon.socket.end(1006);
    expect(delayNow(soon)).toBe(50);
  }
  const last = openEngine({ heartbeat: false });
  last.ports.random = 0.5;
  last.ports.signal('online');
  last.ports.clock.advance(2_000);
  last.socket.end(1006);
  expect(delayNow(last)).toBe(50);
  const later = openEngine();
  later.ports.clock.advance(5_000);
  later.ports.random = 0.5;
  later.ports.signal('visibilitychange');
  later.ports.clock.advance(1_000);
  later.socket.say('alive');
  later.ports.clock.advance(1_001);
  later.socket.end(1006);
  expect(delayNow(later)).toBe(2_500);
});

test('a server that accepts and closes at once just after a wake is tried again after growing delays all the same', () => {
  const engine = openEngine();
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
  const engine = openEngine();
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
  const engine = openEngine({ heartbeat: { interval: 5_000, pongTimeout: 500 } });
  engine.ports.random = 0.999;
  for (let i = 0; i < 5; i += 1) {
    engine.ports.clock.advance(2_000);
    engine.socket.say('hello');
    pass(engine, () => engine.view.phase === 'waiting');
    expect(delayNow(engine)).toBeLessThan(100);
    engine.ports.clock.advance(delayNow(engine));
    engine.socket.accept();
  }
});

test('a server that accepts and closes at once is tried again after growing delays', () => {
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

test('a delay that is a number is used as it is', () => {
  const engine = openEngine({ autoReconnect: { delay: 1_234 } });
  engine.socket.end();
  expect(delayNow(engine)).toBe(1_234);
});

test('a delay function that gives no usable number falls back on the default delay, and is reported', () => {
  for (const delay of [() => '1000', () => Infinity, () => -1, () => undefined]) {
    const engine = openEngine({ autoReconnect: { delay: delay as never } });
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
  const engine = openEngine({ autoReconnect: { delay: () => -1 }, listener });
  engine.socket.end();
  expect(reported).toMatchObject([{ error: { message: 'callback: autoReconnect.delay gave -1' } }]);
});
