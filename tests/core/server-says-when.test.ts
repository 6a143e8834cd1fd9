/** A server that knows when it will be back says so as it closes, and its clients keep to that. */
import { describe, expect, test } from 'vitest';
import { NO_CLOSE_EVENT } from '../../src/core/ports';
import { backoff } from '../../src/core/reconnect-policy';
import { retryAfter } from '../../src/core/retry-after';
import { delayNow, type Engine, openEngine } from '../support/engine';

const obedient = { autoReconnect: { delay: backoff({ hint: retryAfter }) } };

/** How long (ms) a client waits that draws this number, after the server has closed with this reason. */
function waitAfter(reason: string, random: number, options: Parameters<typeof openEngine>[0] = obedient): number {
  const engine = openEngine(options);
  engine.ports.random = random;
  engine.socket.end(1012, reason);
  expect(engine.view).toMatchObject({ phase: 'waiting', error: { closeCode: 1012 } });
  return delayNow(engine);
}

describe('a server that says retry-after=20', () => {
  test('is left alone for 20 s, and each client draws up to a half more', () => {
    expect(waitAfter('restart; retry-after=20', 0)).toBe(20_000);
    expect(waitAfter('restart; retry-after=20', 0.5)).toBe(25_000);
    expect(waitAfter('restart; retry-after=20', 0.999)).toBeCloseTo(30_000, -2);
  });

  test('is left alone for as long where the page woke a moment ago', () => {
    const engine = openEngine(obedient);
    engine.ports.clock.advance(9_000);
    engine.ports.signal('visibilitychange');
    engine.socket.end(1012, 'retry-after=20');
    expect(delayNow(engine)).toBe(20_000);
  });

  test('is left alone for as long each time, and longer than the longest usual wait', () => {
    const engine = openEngine(obedient);
    for (let i = 0; i < 5; i += 1) {
      engine.socket.end(1012, 'retry-after=20');
      expect(delayNow(engine)).toBe(20_000);
      engine.ports.clock.advance(20_000);
      engine.socket.accept();
    }
  });

  test('and is not back by then is tried again as any server that is down', () => {
    const engine = openEngine(obedient);
    engine.socket.end(1012, 'retry-after=20');
    engine.ports.random = 0.5;
    for (const usual of [3_750, 7_500, 11_250]) {
      engine.ports.clock.advance(delayNow(engine));
      engine.socket.end();
      expect(delayNow(engine)).toBe(usual);
    }
  });

  test('is tried at once all the same if its user looks at the page', () => {
    const engine = openEngine(obedient);
    engine.socket.end(1012, 'retry-after=20');
    engine.ports.signal('hidden');
    engine.ports.clock.advance(5_000);
    engine.ports.signal('visibilitychange');
    expect(engine.view.phase).toBe('connecting');
  });

  test('is not heard where nobody hands retryAfter in', () => {
    expect(waitAfter('retry-after=20', 0.5, {})).toBe(2_500);
    expect(waitAfter('retry-after=20', 0.5, { autoReconnect: { delay: backoff() } })).toBe(2_500);
  });

  test('with a final code is not tried again', () => {
    const engine = openEngine(obedient);
    engine.socket.end(4403, 'retry-after=20');
    expect(engine.view.phase).toBe('failed');
  });
});

describe('retryAfter reads', () => {
  test.each([
    ['retry-after=20', 20_000],
    ['restart; retry-after=20', 20_000],
    ['retry-after=20; restart', 20_000],
    ['(retry-after=20)', 20_000],
    ['Back soon, Retry-After=20.', 20_000],
    ['RETRY-AFTER=1.5, please', 1_500],
    ['retry-after=0', 0],
    ['retry-after=007', 7_000],
    ['retry-after=soon retry-after=3', 3_000],
    // 31 years: the most that is read.
    ['retry-after=999999999', 999_999_999_000],
  ])('%j as %i ms', (reason, ms) => {
    expect(retryAfter({ reason })).toBe(ms);
  });

  test.each([
    '',
    'restart',
    'retry-after',
    'retry-after=',
    'retry-after=soon',
    'retry-after=-5',
    'retry-after=+5',
    'retry-after=.5',
    'retry-after=1e9',
    'retry-after=1.5e9',
    'retry-after=0x10',
    'retry-after=Infinity',
    'retry-after=NaN',
    'retry-after=20s',
    'retry-after=20ms',
    'retry-after=1,5',
    'retry-after=1.2.3',
    'retry-after=5-10',
    'retry-after=2026-11-26',
    'retry-after=1_000',
    'retry-after=２０',
    // Seconds and ms since 1970: a time is no wait.
    'retry-after=1764157044',
    'retry-after=1764157044000',
    `retry-after=${'9'.repeat(111)}`,
    'retry after=20',
    'retry-after 20',
    'x-retry-after=20',
    'noretry-after=20',
  ])('nothing in %j', (reason) => {
    expect(retryAfter({ reason })).toBeUndefined();
    expect(waitAfter(reason, 0.5)).toBe(2_500);
  });
});

describe('a hint of the app', () => {
  const waitsFor = (hint: () => unknown): number =>
    backoff({ hint: hint as () => number })(1, { isLocal: false, random: 0.5, event: NO_CLOSE_EVENT });

  test('is told how the connection ended', () => {
    const seen: unknown[] = [];
    const hint = (event: unknown): undefined => void seen.push(event);
    waitAfter('see you', 0, { autoReconnect: { delay: backoff({ hint }) } });
    expect(seen).toEqual([{ code: 1012, reason: 'see you', wasClean: true }]);
  });

  test.each([-1, Number.NaN, Infinity, -Infinity, undefined, null, 'soon', {}])(
    'that gives %s changes nothing',
    (value) => {
      expect(waitsFor(() => value)).toBe(2_500);
    },
  );

  test('may bound what the server says', () => {
    const hint = (event: { reason: string }): number => Math.min(retryAfter(event) ?? Number.NaN, 60_000);
    const bounded = { autoReconnect: { delay: backoff({ hint }) } };
    expect(waitAfter('retry-after=86400', 0, bounded)).toBe(60_000);
    expect(waitAfter('retry-after=20', 0, bounded)).toBe(20_000);
    expect(waitAfter('restart', 0.5, bounded)).toBe(2_500);
  });

  test('that throws is reported, and the wait is the usual one', () => {
    const hint = (): never => {
      throw new Error('of the app');
    };
    const engine: Engine = openEngine({ autoReconnect: { delay: backoff({ hint }) } });
    engine.ports.random = 0.5;
    engine.socket.end(1012, 'retry-after=20');
    expect(engine.log).toContain('error');
    expect(delayNow(engine)).toBe(2_500);
  });
});
