/** What people meet when they come back to the page, and on links that are slow or work hard. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beats, type Engine, pass, startEngine } from '../support/engine';

type Options = Parameters<typeof startEngine>[0];

const opened = (options: Options = {}): Engine => {
  const engine = startEngine(options);
  engine.socket.accept();
  return engine;
};

/** The page goes out of sight, or comes back into sight. */
const show = (engine: Engine, isVisible: boolean): void => {
  engine.ports.isVisible = isVisible;
  if (isVisible) engine.ports.signal('visibilitychange');
};

describe('a user who unlocks the phone while an attempt hangs', () => {
  test('is connected at once: an attempt that began in the dark is started afresh', () => {
    const engine = opened();
    show(engine, false);
    engine.socket.end();
    engine.ports.clock.advance(100);
    const stalled = engine.socket;
    engine.ports.clock.advance(500);
    show(engine, true);
    expect([stalled.closedWith, engine.ports.sockets.length]).toEqual([[], 3]);
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });

  test('is connected at once also if the attempt began over 2 s ago, in sight', () => {
    const engine = startEngine();
    engine.ports.clock.advance(2_000);
    show(engine, true);
    expect(engine.ports.sockets).toHaveLength(1);
    engine.ports.clock.advance(1);
    show(engine, true);
    expect(engine.ports.sockets).toHaveLength(2);
    expect(engine.ports.live()).toEqual([engine.socket]);
    expect(engine.view).toMatchObject({ phase: 'connecting', failures: 0 });
  });

  test('is connected at once also if the attempt of the look before hangs as well', () => {
    const engine = startEngine();
    engine.ports.clock.advance(3_000);
    show(engine, true);
    engine.ports.clock.advance(10_000);
    const made = engine.ports.sockets.length;
    engine.ports.clock.advance(11_000);
    show(engine, true);
    expect(engine.ports.sockets.length).toBeGreaterThan(made);
  });

  test('and switches tabs every second does not keep a slow handshake from ending', () => {
    const engine = startEngine();
    const handshake = 4_500;
    let madeAt = engine.ports.clock.now();
    let made = 1;
    for (let second = 0; second < 12 && engine.view.phase !== 'open'; second += 1) {
      for (let tenth = 0; tenth < 10; tenth += 1) {
        engine.ports.clock.advance(100);
        if (engine.ports.sockets.length > made) {
          made = engine.ports.sockets.length;
          madeAt = engine.ports.clock.now();
        }
        if (engine.ports.clock.now() - madeAt >= handshake && engine.view.phase === 'connecting')
          engine.socket.accept();
      }
      show(engine, second % 2 === 0);
    }
    expect(engine.view.phase).toBe('open');
  });

  test('runs beforeConnect once more, and the one that hung is aborted', async () => {
    const signals: { aborted: boolean }[] = [];
    const engine = startEngine({
      beforeConnect: ({ signal }) => {
        signals.push(signal as { aborted: boolean });
        return new Promise(() => {});
      },
    });
    engine.ports.clock.advance(3_000);
    show(engine, true);
    expect(signals).toEqual([{ aborted: true }, { aborted: false }]);
  });
});

describe('a network that is announced before it is there', () => {
  test.each([300, 1_000, 2_000, 3_000])('is used within a second after %i ms in which attempts are refused', (ms) => {
    for (const random of [0, 0.5, 0.999]) {
      const engine = opened({ autoReconnect: { delay: undefined as never } });
      engine.socket.end();
      engine.ports.clock.advance(60_000);
      engine.socket.end();
      engine.ports.signal('offline');
      engine.ports.random = random;
      engine.ports.signal('online');
      const toldAt = engine.ports.clock.now();
      const refuse = (): void => {
        if (engine.view.phase === 'connecting' && engine.ports.clock.now() - toldAt < ms) engine.socket.end();
      };
      refuse();
      pass(engine, () => engine.view.phase === 'connecting' && engine.ports.clock.now() - toldAt >= ms, refuse);
      expect(engine.ports.clock.now() - toldAt - ms).toBeLessThanOrEqual(1_000);
    }
  });

  test('is asked again after 100 ms, then after twice as long each time, up to a second', () => {
    const engine = opened();
    engine.ports.random = 0.999_999;
    engine.ports.signal('online');
    engine.socket.end();
    const delays: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      delays.push(Math.round((engine.view.retryAt ?? Number.NaN) - engine.ports.clock.now()));
      engine.ports.clock.advance(delays.at(-1) as number);
      engine.socket.end();
    }
    expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  test('does not push back the retries of a server that is really gone', () => {
    const engine = opened();
    engine.ports.random = 0.5;
    engine.socket.end();
    engine.ports.signal('online');
    for (let i = 0; i < 3; i += 1) {
      engine.socket.end();
      engine.ports.clock.advance((engine.view.retryAt ?? Number.NaN) - engine.ports.clock.now());
    }
    engine.ports.clock.advance(6_000);
    engine.socket.end();
    // The second retry of the server's own series: a half to all of 5 s.
    expect((engine.view.retryAt ?? Number.NaN) - engine.ports.clock.now()).toBe(3_750);
  });

  test('that comes and goes does not buy more retries than the user allows', () => {
    const engine = startEngine({ autoReconnect: { retries: 3 } });
    for (let i = 0; i < 20 && engine.view.phase !== 'failed'; i += 1) {
      engine.socket.end();
      engine.ports.clock.advance(2_000);
    }
    expect(engine.ports.sockets).toHaveLength(4);
  });
});

describe('a browser that is wrong about the network', () => {
  test('does not keep the connection offline for ever: an attempt is made every 30 s', () => {
    const engine = opened();
    engine.ports.isOnline = false;
    engine.socket.end();
    expect(engine.view.phase).toBe('offline');
    engine.ports.clock.advance(29_999);
    expect(engine.ports.sockets).toHaveLength(1);
    engine.ports.clock.advance(1);
    expect(engine.ports.sockets).toHaveLength(2);
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });

  test('does not use up the retries while it says offline', () => {
    const engine = opened({ autoReconnect: { retries: 2 } });
    engine.ports.isOnline = false;
    for (let i = 0; i < 20; i += 1) {
      engine.socket.end();
      engine.ports.clock.advance(30_000);
    }
    expect(engine.view.phase).toBe('connecting');
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });
});

describe('a slow but healthy link', () => {
  test('of a known round trip of 2.1 s survives each look at the page', () => {
    const engine = opened();
    const { clock } = engine.ports;
    const answers: number[] = [];
    const { send } = engine.socket;
    engine.socket.send = (data) => {
      send.call(engine.socket, data);
      answers.push(clock.now() + 2_100);
    };
    const live = engine.socket;
    for (let tenth = 0; tenth < 3_000; tenth += 1) {
      clock.advance(100);
      if ((answers[0] ?? Infinity) <= clock.now()) {
        answers.shift();
        live.say('HeartBeat');
      }
      if (tenth > 200 && tenth % 97 === 0) engine.ports.signal(tenth % 2 ? 'online' : 'visibilitychange');
    }
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('never has a probe waiting for longer than pongTimeout', () => {
    const engine = opened({ heartbeat: { pongTimeout: 3_000 } });
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(2_500);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(5_000);
    engine.ports.random = 0.5;
    engine.ports.signal('online');
    engine.ports.clock.advance(2_999);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.clock.advance(1);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'silence' } });
  });
});

describe('a page that is busy for good, so that each timer is late', () => {
  /** Lets time pass so that each timer fires `lateness` ms after its time. */
  const busy = (engine: Engine, ms: number, lateness: () => number): void => {
    const { clock } = engine.ports;
    const until = clock.now() + ms;
    while (clock.now() < until) clock.sleep(Math.max(1, lateness()));
  };

  test('finds a dead link all the same', () => {
    const engine = opened();
    const live = engine.socket;
    busy(engine, 60_000, () => 4_000);
    expect(live.closedWith).toEqual([]);
  });

  test('ends an attempt that hangs all the same', () => {
    const engine = startEngine();
    const first = engine.socket;
    busy(engine, 60_000, () => 4_000);
    expect(first.closedWith).toEqual([]);
  });

  test('hears an answer that waits behind its late timer', () => {
    const engine = opened();
    const { clock } = engine.ports;
    for (let i = 0; i < 20; i += 1) {
      clock.sleep(4_000);
      // Queued while the page was busy: it comes after the timers.
      if (beats(engine.socket)) engine.socket.say('HeartBeat');
    }
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.view.phase).toBe('open');
  });

  test('finds a dead link within interval + pongTimeout + one grace, whatever the lateness', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 20_000 }),
        fc.integer({ min: 1_000, max: 20_000 }),
        fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 1, maxLength: 20 }),
        (interval, pongTimeout, lateness) => {
          const engine = opened({ heartbeat: { interval, pongTimeout } });
          const live = engine.socket;
          const most = Math.max(...lateness, 1);
          let at = 0;
          // Each of the few timers may be late, and the probe has its own time.
          const limit = interval + pongTimeout + Math.max(2_000, pongTimeout) + 6 * most;
          busy(engine, limit, () => {
            at += 1;
            return lateness[at % lateness.length] as number;
          });
          expect(live.closedWith).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a heartbeat that may stay unanswered for longer than the interval', () => {
  test('does not stop the keep-alive: something is sent every interval, and the verdict is not put off', () => {
    const engine = opened({ heartbeat: { interval: 5_000, pongTimeout: 60_000 } });
    engine.ports.clock.advance(60_000);
    expect(beats(engine.socket)).toBeGreaterThanOrEqual(11);
    expect(engine.view.status).toBe('OPEN');
    engine.ports.random = 0.5;
    engine.ports.clock.advance(5_000);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'silence' } });
  });
});
