/** What has numbers, for any numbers: fast-check looks for the case nobody thought of. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutbox, emptyOutbox, keepMessage, nextMessageAt, takeMessage } from '../../src/core/outbox';
import { NO_CLOSE_EVENT } from '../../src/core/ports';
import { backoff } from '../../src/core/reconnect-policy';
import { retryAfter } from '../../src/core/retry-after';
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
          const delay = backoff(figures)(retry, { isLocal, random: chance, event: NO_CLOSE_EVENT });
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
        const at = (n: number): number => backoff()(n, { isLocal: false, random: chance, event: NO_CLOSE_EVENT });
        expect(at(retry + 1)).toBeGreaterThanOrEqual(at(retry));
      }),
    );
  });
});

describe('what the server says about its return', () => {
  const anyLoss = fc.record({ retry: fc.integer({ min: 1, max: 1_000 }), isLocal: fc.boolean(), random });

  test('is kept to: no retry comes sooner, or more than a half later', () => {
    fc.assert(
      fc.property(anyLoss, fc.double({ min: 0, max: 1e15, noNaN: true }), ({ retry, ...loss }, told) => {
        const wait = backoff({ hint: () => told })(retry, { ...loss, event: NO_CLOSE_EVENT });
        expect(wait).toBeGreaterThanOrEqual(told);
        expect(wait).toBeLessThanOrEqual(told * 1.5);
      }),
    );
  });

  test('changes nothing if it is no number of ms', () => {
    const noTime = fc.oneof(
      fc.constantFrom(undefined, null, Number.NaN, Infinity),
      fc.double({ max: -1e-9, noNaN: true }),
    );
    fc.assert(
      fc.property(anyLoss, noTime, ({ retry, ...loss }, told) => {
        const context = { ...loss, event: NO_CLOSE_EVENT };
        expect(backoff({ hint: () => told as number })(retry, context)).toBe(backoff()(retry, context));
      }),
    );
  });

  test('is found among any words, and no words throw or give what cannot be waited', () => {
    const words = fc.array(fc.constantFrom('restart', 'back soon', '1012', 'retry', 'after', 'x=5', 'é'));
    fc.assert(
      fc.property(words, words, fc.nat(999_999), fc.nat(99), (before, after, whole, part) => {
        const reason = [...before, `retry-after=${whole}.${part}`, ...after].join(' ');
        expect(retryAfter({ reason })).toBeCloseTo(Number(`${whole}.${part}`) * 1_000, 3);
      }),
    );
    const piece = fc.constantFrom('retry-after=', 'Retry-After=', '1', '9', '.', '-', 'e', ' ', ';', '=');
    const nonsense = fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(nonsense, (reason) => {
        const ms = retryAfter({ reason }) ?? 0;
        expect(ms >= 0 && ms < 1e12).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the outbox', () => {
  const settings = {
    limit: 1_000,
    maxBytes: Infinity,
    overflow: 'drop-oldest' as const,
    maxAge: Infinity,
    perSecond: Infinity,
  };

  test('keeps order and bounds under any sequence, and every message is kept, sent or reported, once', () => {
    const action = fc.oneof(
      { weight: 6, arbitrary: fc.record({ keep: fc.nat(4) }) },
      fc.record({ take: fc.nat(5) }),
      fc.record({ wait: fc.nat(10) }),
      fc.constant('empty' as const),
    );
    fc.assert(
      fc.property(
        fc.nat(8),
        fc.constantFrom(0, 5, 10, Infinity),
        fc.constantFrom(0, 5, 20, Infinity),
        fc.constantFrom('drop-oldest' as const, 'drop-newest' as const),
        fc.array(action, { maxLength: 100 }),
        (limit, maxBytes, maxAge, overflow, actions) => {
          const sent: number[] = [];
          const dropped: number[] = [];
          const bounds = { ...settings, limit, maxBytes, maxAge, overflow, highWaterMark: 0 };
          const outbox = createOutbox(bounds, ({ value }) => dropped.push(value as number));
          const sizes: number[] = [];
          const givenAt: number[] = [];
          let now = 0;
          for (const act of actions) {
            if (act === 'empty') emptyOutbox(outbox, 'closed');
            else if ('wait' in act) now += act.wait;
            else if ('keep' in act) {
              const value = sizes.push(act.keep) - 1;
              givenAt.push(now);
              const isKept = keepMessage(outbox, { data: 'x'.repeat(act.keep), value, url: '', at: now });
              expect(isKept).toBe(!dropped.includes(value));
            } else {
              for (let room = act.take; room > 0 && nextMessageAt(outbox, now) <= now; room -= 1) {
                const value = takeMessage(outbox, now).value as number;
                expect(now - (givenAt[value] as number)).toBeLessThan(maxAge);
                sent.push(value);
              }
            }
            const gone = new Set([...sent, ...dropped]);
            const kept = sizes.map((_, value) => value).filter((value) => !gone.has(value));
            expect(outbox.messages.length).toBe(kept.length);
            expect(kept.length).toBeLessThanOrEqual(limit);
            expect(kept.reduce((sum, value) => sum + (sizes[value] as number), 0)).toBeLessThanOrEqual(maxBytes);
          }
          emptyOutbox(outbox, 'closed');
          expect(sent).toEqual(sent.toSorted((a, b) => a - b));
          expect([...sent, ...dropped].sort((a, b) => a - b)).toEqual(sizes.map((_, value) => value));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('counts a text in bytes as they go over the wire', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (data) => {
        const bytes = new TextEncoder().encode(data).length;
        for (const [maxBytes, isKept] of [
          [bytes, true],
          [bytes - 1, false],
        ] as const) {
          const outbox = createOutbox({ ...settings, maxBytes, highWaterMark: 0 }, () => {});
          expect(keepMessage(outbox, { data, value: data, url: '', at: 0 })).toBe(isKept);
        }
      }),
    );
  });

  test('hands over no more than perSecond in any second, however late the timers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(3_000), { maxLength: 60 }), (perSecond, waits) => {
        const outbox = createOutbox({ ...settings, perSecond, highWaterMark: 0 }, () => {});
        for (let value = 0; value < 1_000; value += 1) keepMessage(outbox, { data: '', value, url: '', at: 0 });
        const times: number[] = [];
        let now = 0;
        for (const wait of waits) {
          now += wait;
          while (nextMessageAt(outbox, now) <= now) {
            takeMessage(outbox, now);
            times.push(now);
          }
        }
        for (const from of times) {
          const within = times.filter((at) => at >= from && at < from + 1_000).length;
          expect(within).toBeLessThanOrEqual(2 * perSecond);
        }
        expect(times.length).toBeLessThanOrEqual(1 + ((now + 1_000) * perSecond) / 1_000);
      }),
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
