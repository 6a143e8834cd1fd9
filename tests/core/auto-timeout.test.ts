/** `pongTimeout: 'auto'` follows the round trip, as TCP's own timer does: RFC 6298, section 2. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedWithin, measure } from '../../src/core/round-trip';
import { type Engine, openEngine } from '../support/engine';

const measured = (...latencies: number[]) => {
  const trip = { latency: undefined, mean: 0, deviation: 0 };
  for (const latency of latencies) measure(trip, latency);
  return trip;
};

describe('how long the next answer may take', () => {
  test('before any answer came it is the default', () => {
    expect(expectedWithin(measured())).toBe(10_000);
  });

  test('after the first answer it is three times that: SRTT is R, RTTVAR is R / 2', () => {
    expect(expectedWithin(measured(800))).toBe(2_400);
  });

  test('after the second answer it is as the RFC computes it', () => {
    // RTTVAR = 3/4 · 400 + 1/4 · |800 - 1200|, SRTT = 7/8 · 800 + 1/8 · 1200.
    expect(expectedWithin(measured(800, 1_200))).toBe(850 + 4 * 400);
  });

  test('answers that all take as long bring it near to that', () => {
    expect(expectedWithin(measured(...Array<number>(50).fill(2_000)))).toBeCloseTo(2_000, 0);
  });

  test('it is never less than a second, nor more than ten', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1 }), (latencies) => {
        const within = expectedWithin(measured(...latencies));
        expect(within).toBeGreaterThanOrEqual(1_000);
        expect(within).toBeLessThanOrEqual(10_000);
      }),
    );
  });
});

describe("a connection with pongTimeout: 'auto'", () => {
  /** A connection whose first heartbeat was answered after `latency` ms. */
  const answered = (latency: number): Engine => {
    const engine = openEngine({ heartbeat: { pongTimeout: 'auto' } });
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(latency);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(10_000 - latency);
    expect(engine.socket.sent).toHaveLength(2);
    return engine;
  };

  test('finds a dead link on a fast network a second after the heartbeat', () => {
    const engine = answered(20);
    engine.ports.clock.advance(999);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test.each([1_000, 1_200, 1_400])('keeps a connection whose answer waits while the page is busy for %i ms', (ms) => {
    const engine = answered(20);
    const { clock } = engine.ports;
    clock.after(ms, () => engine.socket.say('HeartBeat'));
    clock.sleep(ms);
    expect(engine.view.phase).toBe('open');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('finds a dead link in the turn after the page was busy', () => {
    const engine = answered(20);
    engine.ports.clock.sleep(1_200);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('is patient on a slow network', () => {
    const engine = answered(2_000);
    engine.ports.clock.advance(5_999);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('has the default until the first answer of each socket', () => {
    const engine = openEngine({ heartbeat: { pongTimeout: 'auto' } });
    engine.ports.clock.advance(19_999);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });

  test('takes what the server has named instead', () => {
    const engine = openEngine({
      heartbeat: {
        pongTimeout: 'auto',
        control: (data: string) => (data === 'slow' ? { pongTimeout: 4_000 } : undefined),
      },
    });
    engine.socket.say('slow');
    engine.ports.clock.advance(13_999);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
  });
});
