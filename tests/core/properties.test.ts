/** What has numbers, for any numbers: fast-check looks for the case nobody thought of. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutbox } from '../../src/core/outbox';
import { backoff } from '../../src/core/reconnect-policy';
import { beats, startEngine } from '../support/engine';

/** In [0, 1). */
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const ms = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

describe('the back-off', () => {
  test('stays within its bounds and never exceeds its cap', () => {
    fc.assert(
      fc.property(
        fc.record({ local: ms(1_000), first: ms(10_000), base: ms(5_000), max: ms(100_000) }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.boolean(),
        random,
        (figures, retry, isLocal, chance) => {
          const delay = backoff(figures)(retry, { isLocal, random: chance });
          const growing = Math.min(figures.max, figures.base * 2 ** (retry - 2));
          const locally = figures.local * (retry === 1 ? 1 : Math.min(10, 2 ** (retry - 1)));
          const cap = isLocal ? locally : retry === 1 ? figures.first : growing;
          expect(delay).toBeGreaterThanOrEqual(retry === 1 ? 0 : cap / 2);
          expect(delay).toBeLessThanOrEqual(cap);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('with the same luck, no later retry of a server comes sooner than the one before, from the second on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_000 }), random, (retry, chance) => {
        const at = (n: number): number => backoff()(n, { isLocal: false, random: chance });
        expect(at(retry + 1)).toBeGreaterThanOrEqual(at(retry));
      }),
    );
  });
});

describe('the outbox', () => {
  test('keeps order and limit under any sequence, and every message is kept, sent or reported, once', () => {
    const action = fc.oneof(
      { weight: 6, arbitrary: fc.constant('keep' as const) },
      fc.record({ flush: fc.nat(5) }),
      fc.constant('empty' as const),
    );
    fc.assert(
      fc.property(
        fc.nat(8),
        fc.constantFrom('drop-oldest' as const, 'drop-newest' as const),
        fc.array(action, { maxLength: 100 }),
        (limit, overflow, actions) => {
          const sent: number[] = [];
          const dropped: number[] = [];
          const outbox = createOutbox({ limit, overflow }, (data) => dropped.push(data as number));
          let next = 0;
          for (const act of actions) {
            if (act === 'keep') outbox.keep(next, next++, '');
            else if (act === 'empty') outbox.empty('closed');
            else {
              let room = act.flush;
              outbox.flush(
                () => room-- > 0,
                (data) => sent.push(data as number),
              );
            }
            expect(next - sent.length - dropped.length).toBeLessThanOrEqual(limit);
          }
          outbox.flush(
            () => true,
            (data) => sent.push(data as number),
          );
          expect(sent).toEqual(sent.toSorted((a, b) => a - b));
          expect([...sent, ...dropped].sort((a, b) => a - b)).toEqual(Array.from({ length: next }, (_, i) => i));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the heartbeat', () => {
  /** Traffic of both directions: what happens, and how long (ms) before it nothing did. */
  const traffic = fc.array(fc.record({ wait: fc.nat(3_000), kind: fc.constantFrom('say', 'send', 'answer') }), {
    maxLength: 40,
  });

  test('finds a dead link no later than interval + pongTimeout, for any traffic before and any sending after', () => {
    fc.assert(
      fc.property(ms(20_000), ms(20_000), random, traffic, traffic, (interval, pongTimeout, chance, before, after) => {
        const engine = startEngine({ heartbeat: { interval, pongTimeout } });
        const { clock } = engine.ports;
        engine.ports.random = chance;
        engine.socket.accept();
        const live = engine.socket;
        for (const { wait, kind } of before) {
          clock.advance(wait);
          if (engine.socket !== live || engine.view.status !== 'OPEN') return;
          if (kind === 'send') engine.connection.send('x', false);
          else live.say(kind === 'answer' ? 'HeartBeat' : 'x');
        }
        // The link dies here, silently. We may go on sending into it.
        const diedAt = clock.now();
        for (const { wait } of after) {
          if (engine.view.status !== 'OPEN') break;
          clock.advance(Math.min(wait, Math.max(0, diedAt + interval + pongTimeout - clock.now())));
          if (engine.view.status === 'OPEN') engine.connection.send('x', false);
        }
        clock.advance(Math.max(0, diedAt + interval + pongTimeout - clock.now()));
        expect(live.closedWith).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('no link that answers within pongTimeout is ever given up', () => {
    fc.assert(
      fc.property(
        ms(20_000),
        fc.integer({ min: 10, max: 20_000 }),
        random,
        random,
        (interval, pongTimeout, chance, delay) => {
          const engine = startEngine({ heartbeat: { interval, pongTimeout } });
          const { clock } = engine.ports;
          engine.ports.random = chance;
          engine.socket.accept();
          const step = Math.min(interval, pongTimeout) / 10;
          for (let beat = 1; beat <= 10; beat += 1) {
            for (let i = 0; i <= 11 * (interval / step) && beats(engine.socket) < beat; i += 1) clock.advance(step);
            clock.advance(delay * (pongTimeout - 2 * step));
            engine.socket.say('HeartBeat');
          }
          expect(beats(engine.socket)).toBeGreaterThanOrEqual(10);
          expect(engine.ports.sockets).toHaveLength(1);
          expect(engine.view.phase).toBe('open');
        },
      ),
      { numRuns: 100 },
    );
  });

  test('keeps alive: where beats are answered, something is sent within every interval, whatever is pushed', () => {
    fc.assert(
      fc.property(ms(20_000), random, fc.array(fc.nat(30_000), { maxLength: 50 }), (interval, chance, pushes) => {
        const engine = startEngine({ heartbeat: { interval } });
        const { clock } = engine.ports;
        engine.ports.random = chance;
        const live = engine.socket;
        const sentAt = [clock.now()];
        live.send = () => {
          sentAt.push(clock.now());
          live.say('HeartBeat');
        };
        live.accept();
        for (const wait of pushes) {
          clock.advance(wait / 100);
          live.say('push');
        }
        clock.advance(3 * interval);
        const gaps = sentAt.slice(1).map((at, i) => at - (sentAt[i] as number));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(interval + 1e-6);
        expect(gaps.length).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 200 },
    );
  });
});
