/** `beats: 'both'`: each side sends heartbeats of its own, and neither answers those of the other. */
import { describe, expect, test } from 'vitest';
import { createAtLeastOnce } from '../../src/core/at-least-once';
import { checkDelivery } from '../../src/core/check-options';
import { type Engine, openEngine, serverBeats } from '../support/engine';

const opened = (more: object = {}): Engine =>
  openEngine({
    heartbeat: {
      beats: 'both',
      message: 'beat',
      interval: 3_000,
      pongTimeout: 2_000,
      control: (data: string) => (data === 'beat' ? {} : undefined),
      ...more,
    },
  });

const beat = (engine: Engine, seconds: number): void => serverBeats(engine, 'beat', seconds);

describe('both sides send heartbeats', () => {
  test('this side sends one when it has sent nothing for interval, whatever it hears', () => {
    const engine = opened();
    for (let second = 0; second < 9; second += 1) {
      engine.ports.clock.advance(1_000);
      engine.socket.say('beat');
    }
    expect(engine.socket.sent).toEqual(['beat', 'beat', 'beat']);
    expect(engine.received).toEqual([]);
  });

  test('this side sends none while the app sends, and none because the server is silent', () => {
    const engine = opened();
    for (let second = 0; second < 4; second += 1) {
      engine.ports.clock.advance(1_000);
      engine.connection.send('news', false);
    }
    expect(engine.socket.sent).toEqual(['news', 'news', 'news', 'news']);
  });

  test('a heartbeat of this side wants no answer: the connection stays open, and is never suspect', () => {
    const engine = opened({ interval: 30_000 });
    const phases = new Set<string>();
    for (let second = 0; second < 300; second += 1) {
      engine.ports.clock.advance(1_000);
      // Right after the heartbeat of this side has gone out, so that the server's is as far away as it can be.
      if (second % 30 === 1) engine.socket.say('beat');
      phases.add(engine.view.phase);
    }
    expect([...phases]).toEqual(['open']);
    expect(engine.socket.sent.length).toBeGreaterThan(8);
  });

  test('a server that is silent is suspect after interval and half of pongTimeout, and lost after all of it', () => {
    const engine = opened();
    beat(engine, 30);
    const { length } = engine.socket.sent;
    engine.ports.clock.advance(3_999);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(999);
    expect(engine.view.status).toBe('OPEN');
    expect(engine.socket.sent.length).toBeGreaterThan(length);
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
    expect(engine.view.error?.code).toBe('silence');
  });

  test('heartbeats of this side go on while the server is silent, and do not put its end off', () => {
    const engine = opened({ pongTimeout: 20_000 });
    engine.ports.clock.advance(22_999);
    expect(engine.view.phase).toBe('suspect');
    expect(engine.socket.sent).toHaveLength(7);
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test.each([
    [2_000, 5_000],
    [60_000, 62_000],
  ])('with pongTimeout %i the server has %i ms to give a sign of life when the page wakes', (pongTimeout, most) => {
    const engine = opened({ pongTimeout });
    beat(engine, 30);
    engine.ports.clock.advance(2_000);
    engine.ports.signal('visibilitychange');
    engine.ports.clock.advance(most - 1);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('after a sleep of the machine this side beats at once, and waits for the server', () => {
    const engine = opened();
    beat(engine, 30);
    const { length } = engine.socket.sent;
    engine.ports.clock.sleep(20_000);
    expect(engine.view.phase).toBe('open');
    expect(engine.socket.sent.length).toBe(length + 1);
    engine.ports.clock.advance(4_999);
    expect(engine.view.status).toBe('OPEN');
    engine.socket.say('beat');
    beat(engine, 30);
    expect(engine.view.phase).toBe('open');
  });

  test("with liveness: 'response' only the server's heartbeats count", () => {
    const engine = opened({ liveness: 'response' });
    engine.ports.clock.advance(2_000);
    engine.socket.say('a price');
    engine.ports.clock.advance(2_500);
    expect(engine.view.phase).toBe('suspect');
    engine.socket.say('beat');
    expect(engine.view.phase).toBe('open');
  });

  test('a text like the heartbeat reaches the app, unless control says otherwise', () => {
    const engine = opened({ control: undefined, responseMessage: 'pong' });
    engine.ports.clock.advance(3_000);
    for (const data of ['beat', 'pong']) engine.socket.say(data);
    expect(engine.received).toEqual(['beat', 'pong']);
  });

  test('a scheduler has no effect', () => {
    const engine = opened({ scheduler: () => ({ pause() {}, resume() {} }) });
    engine.connection.beat();
    expect(engine.socket.sent).toEqual([]);
    engine.ports.clock.advance(5_000);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('heartbeats that nobody answers prove no delivery, so atLeastOnce needs an ack', () => {
    const delivery = createAtLeastOnce({ ackWithin: 1_000 } as never);
    expect(() => checkDelivery({ delivery, beats: 'both' })).toThrow(
      "option: delivery must have heartbeat.beats: 'client', or atLeastOnce({ ack }), received 'both'",
    );
  });
});
