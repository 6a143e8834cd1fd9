/** `beats: 'server'`: the server sends the heartbeats, and its silence is the end. */
import { describe, expect, test } from 'vitest';
import { createAtLeastOnce } from '../../src/core/at-least-once';
import { checkDelivery } from '../../src/core/check-options';
import { type Engine, type EngineOptions, openEngine, serverBeats } from '../support/engine';

const opened = (more: object = {}, options: EngineOptions = {}): Engine =>
  openEngine({
    ...options,
    heartbeat: {
      beats: 'server',
      interval: 3_000,
      pongTimeout: 2_000,
      control: (data: string) => (data === 'ping' ? {} : undefined),
      ...more,
    },
  });

const beat = (engine: Engine, seconds: number): void => serverBeats(engine, 'ping', seconds);

describe('a server that sends the heartbeats', () => {
  test('gets none, and keeps the connection open for as long as it beats', () => {
    const engine = opened();
    beat(engine, 600);
    expect(engine.socket.sent).toEqual([]);
    expect(engine.view.phase).toBe('open');
    expect(engine.log).toEqual(['connected']);
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('is suspect after interval and half of pongTimeout, and lost after all of it', () => {
    const engine = opened();
    beat(engine, 30);
    engine.ports.clock.advance(3_999);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(999);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
    expect(engine.view.error?.code).toBe('silence');
    expect(engine.log.at(-1)).toBe('disconnected:1006:silence:false');
  });

  test('is open again with the first heartbeat that comes', () => {
    const engine = opened();
    engine.ports.clock.advance(4_500);
    engine.socket.say('ping');
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(3_900);
    expect(engine.view.phase).toBe('open');
  });

  test("any message of it counts, but with liveness: 'response' only its heartbeats do", () => {
    for (const [liveness, phase] of [
      ['traffic', 'open'],
      ['response', 'suspect'],
    ]) {
      const engine = opened({ liveness });
      engine.ports.clock.advance(2_000);
      engine.socket.say('a price');
      engine.ports.clock.advance(2_500);
      expect(engine.view.phase).toBe(phase);
      engine.socket.say('ping');
      expect(engine.view.phase).toBe('open');
    }
  });

  test('is replaced at once after its silence, however long it had only sent heartbeats', () => {
    const engine = opened();
    for (const _ of [1, 2, 3]) {
      beat(engine, 60);
      engine.ports.clock.advance(5_000);
      expect(engine.view.phase).toBe('connecting');
      engine.socket.accept();
    }
    // The next connection has no more time than the first had.
    engine.ports.clock.advance(5_000);
    expect(engine.view.phase).toBe('connecting');
  });

  test('that never says a word makes the next connection wait longer, and counts as the server’s loss', () => {
    const engine = opened();
    engine.ports.clock.advance(5_000);
    expect(engine.view.phase).toBe('connecting');
    engine.socket.accept();
    engine.ports.clock.advance(6_999);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('has one interval, and some time for being late, to give a sign of life when the page wakes', () => {
    const engine = opened({ pongTimeout: 60_000 });
    beat(engine, 30);
    engine.ports.clock.advance(2_000);
    engine.ports.signal('visibilitychange');
    engine.ports.clock.advance(4_999);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('whose heartbeats are a little late keeps its connection, however often the network changes right after one', () => {
    const engine = opened();
    for (let count = 0; count < 100; count += 1) {
      engine.ports.clock.advance(3_150);
      engine.socket.say('ping');
      engine.ports.signal('online');
    }
    expect(engine.view.phase).toBe('open');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('each look at the page does not put its end off', () => {
    const engine = opened({ pongTimeout: 60_000 });
    for (let look = 0; look < 6; look += 1) {
      engine.ports.clock.advance(1_100);
      engine.ports.signal('visibilitychange');
    }
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('is not found dead by a timer that fires late: what it has sent meanwhile may be queued', () => {
    const engine = opened();
    beat(engine, 30);
    engine.ports.clock.sleep(20_000);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(4_999);
    expect(engine.view.status).toBe('OPEN');
    engine.socket.say('ping');
    beat(engine, 30);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.sleep(20_000);
    engine.ports.clock.advance(5_000);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('a scheduler has no effect', () => {
    const engine = opened({ scheduler: () => ({ pause() {}, resume() {} }) });
    engine.connection.beat();
    expect(engine.socket.sent).toEqual([]);
    engine.ports.clock.advance(5_000);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('proves no delivery by answers to heartbeats, so atLeastOnce needs an ack', () => {
    const delivery = createAtLeastOnce({ ackWithin: 1_000 } as never);
    expect(() => checkDelivery({ delivery, beats: 'server' })).toThrow(
      "option: delivery must have heartbeat.beats: 'client', or atLeastOnce({ ack }), received 'server'",
    );
  });
});
