/** A busy link is not a dead link, and a slow server is not a dead server. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Engine, openEngine, pass, startEngine } from '../support/engine';

/** Lets time pass while the socket sends `perSecond` bytes, until it has none left or the connection is lost. */
function upload(engine: Engine, perSecond: number): void {
  const { socket } = engine;
  while (socket.bufferedAmount > 0 && engine.view.ws === socket) {
    engine.ports.clock.advance(100);
    socket.bufferedAmount = Math.max(0, socket.bufferedAmount - perSecond / 10);
  }
}

describe('a user who uploads 60 MB over a slow link', () => {
  test('sends it once: the connection stays for as long as the upload goes on', () => {
    const engine = openEngine();
    engine.connection.send('60 MB');
    engine.socket.bufferedAmount = 60e6;
    upload(engine, 1e6);
    expect(engine.socket.bufferedAmount).toBe(0);
    engine.socket.say('HeartBeat');
    expect(engine.view.phase).toBe('open');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('sends it once also where the page hung when it began: the operating system still has some of it after the browser', () => {
    const engine = openEngine();
    const { clock } = engine.ports;
    engine.connection.send('60 MB');
    engine.socket.bufferedAmount = 10e6;
    // The timer of the heartbeat is late, so what is sent is a probe, which waits for 2 s.
    clock.sleep(20_000);
    upload(engine, 1e6);
    expect(engine.socket.bufferedAmount).toBe(0);
    clock.advance(4_000);
    engine.socket.say('HeartBeat');
    expect(engine.view.phase).toBe('open');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('sees while it goes on that the server has not answered', () => {
    const engine = openEngine();
    engine.socket.bufferedAmount = 60e6;
    for (let tenth = 0; tenth < 300; tenth += 1) {
      engine.ports.clock.advance(100);
      engine.socket.bufferedAmount -= 1e5;
    }
    expect(engine.view.phase).toBe('suspect');
  });

  test('is connected again half a pongTimeout after the upload came to a halt, at the latest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_001, max: 50_000 }), (haltsAfter) => {
        const engine = openEngine();
        const { clock } = engine.ports;
        engine.socket.say('hello');
        engine.socket.bufferedAmount = 1e9;
        for (let passed = 0; passed < haltsAfter; passed += 100) {
          clock.advance(100);
          engine.socket.bufferedAmount -= 1e5;
        }
        const halted = clock.now();
        pass(engine, () => engine.ports.sockets.length > 1);
        expect(clock.now() - halted).toBeLessThanOrEqual(10_000 + 5_000 + 200);
      }),
      { numRuns: 50 },
    );
  });

  test('is connected again in time if the link was dead from the start', () => {
    const engine = openEngine();
    engine.socket.say('hello');
    engine.socket.bufferedAmount = 60e6;
    const cut = engine.ports.clock.now();
    pass(engine, () => engine.ports.sockets.length > 1);
    expect(engine.ports.clock.now() - cut).toBeLessThanOrEqual(20_200);
  });

  test('keeps the connection also if the page finds the heartbeat overdue only when its time is up', () => {
    const engine = openEngine({ heartbeat: { interval: 10_000, pongTimeout: 1_000 } });
    engine.socket.bufferedAmount = 10e6;
    engine.ports.clock.advance(10_000);
    engine.socket.bufferedAmount = 9e6;
    engine.ports.clock.sleep(1_200);
    expect(engine.view.phase).toBe('suspect');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('keeps the connection when a probe waits behind the upload', () => {
    const engine = openEngine();
    engine.socket.bufferedAmount = 10e6;
    engine.ports.clock.advance(3_000);
    engine.ports.signal('visibilitychange');
    upload(engine, 1e6);
    engine.socket.say('HeartBeat');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('keeps the connection also if the app goes on sending meanwhile', () => {
    const engine = openEngine();
    const { socket } = engine;
    socket.bufferedAmount = 2e6;
    for (let tenth = 0; tenth < 600; tenth += 1) {
      engine.ports.clock.advance(100);
      // As much as has gone out, so that the amount is the same at each look.
      socket.bufferedAmount -= 1e5;
      const { send } = socket;
      socket.send = (data) => {
        send.call(socket, data);
        socket.bufferedAmount += 1e5;
      };
      engine.connection.send('100 kB');
      socket.send = send;
    }
    expect(engine.ports.sockets).toHaveLength(1);
  });
});

describe('a user whose link has died silently', () => {
  /** What is sent to a dead link goes to the buffers of the operating system within milliseconds. */
  function die(engine: Engine): void {
    const { socket } = engine;
    const { send } = socket;
    socket.send = (data) => {
      send.call(socket, data);
      socket.bufferedAmount += String(data).length;
    };
  }

  test.each([
    ['sends nothing', Infinity, 0],
    ['sends a message each second', 1_000, 1],
    ['sends two messages each second', 1_000, 2],
    ['sends a message ten times a second', 100, 1],
  ])('is connected again in time if the app %s', (_, every, count) => {
    const engine = openEngine();
    const { clock } = engine.ports;
    engine.socket.say('hello');
    die(engine);
    const cut = clock.now();
    pass(
      engine,
      () => engine.ports.sockets.length > 1,
      () => {
        engine.socket.bufferedAmount = 0;
        if ((clock.now() - cut) % every) return;
        for (let i = 0; i < count; i += 1) engine.connection.send('where the pointer is');
      },
    );
    expect(clock.now() - cut).toBeLessThanOrEqual(20_200);
  });
});

describe('a heartbeat that leaves the page', () => {
  test('is no upload: a silent cut is found in time, however late the timers are by some ms', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.boolean(), (first, second, isProbe) => {
        const engine = openEngine();
        const { clock } = engine.ports;
        engine.socket.say('hello');
        if (isProbe) {
          clock.advance(3_000);
          engine.ports.signal('visibilitychange');
        } else clock.advance(10_000);
        const timeout = isProbe ? 2_000 : 10_000;
        clock.sleep(timeout / 2 + first);
        clock.sleep(timeout / 2 - first + second);
        clock.advance(100);
        expect(engine.ports.sockets).toHaveLength(2);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a server whose first message takes long to arrive', () => {
  /** The server sends a snapshot that takes this long (ms), and answers heartbeats behind it. Answers how often it was asked for. */
  const askFor = (snapshot: number, greeting?: string): { readonly asked: number; readonly engine: Engine } => {
    const engine = startEngine();
    for (let asked = 1; asked < 20; asked += 1) {
      const { socket } = engine;
      socket.accept();
      if (greeting) socket.say(greeting);
      engine.ports.clock.advance(snapshot);
      if (engine.view.ws === socket) {
        socket.say('snapshot');
        return { asked, engine };
      }
      pass(engine, () => engine.view.phase === 'connecting');
    }
    throw new Error('it was asked for again without end');
  };

  test.each([19_999, 20_000, 30_000, 60_000, 69_000])('is not asked again without end: %i ms', (snapshot) => {
    const { asked, engine } = askFor(snapshot);
    expect(asked).toBeLessThanOrEqual(4);
    expect(engine.received).toEqual(['snapshot']);
  });

  test('is not asked again without end if it greets first', () => {
    expect(askFor(30_000, 'hello').asked).toBeLessThanOrEqual(3);
  });

  test('counts as busy the second time in a row: the next attempt then waits as after any loss of the server', () => {
    const engine = openEngine();
    engine.ports.random = 0.5;
    const waits: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      pass(engine, () => engine.view.phase === 'waiting');
      waits.push((engine.view.retryAt ?? 0) - engine.ports.clock.now());
      pass(engine, () => engine.view.phase === 'connecting');
      engine.socket.accept();
    }
    expect(waits).toEqual([50, 2_500]);
  });

  test('is not what a link is that falls silent again and again after the server has said something', () => {
    const engine = openEngine();
    engine.ports.random = 0.5;
    for (let round = 0; round < 3; round += 1) {
      engine.ports.clock.advance(2_000);
      engine.socket.say('news');
      const cut = engine.ports.clock.now();
      pass(engine, () => engine.view.phase === 'waiting');
      expect(engine.ports.clock.now() - cut).toBeLessThanOrEqual(20_000);
      expect((engine.view.retryAt ?? 0) - engine.ports.clock.now()).toBe(50);
      pass(engine, () => engine.view.phase === 'connecting');
      engine.socket.accept();
    }
  });

  test('has its usual time again once a heartbeat is answered', () => {
    const engine = openEngine();
    pass(engine, () => engine.view.phase === 'connecting');
    engine.socket.accept();
    engine.ports.clock.advance(25_000);
    engine.socket.say('HeartBeat');
    const cut = engine.ports.clock.now();
    pass(engine, () => engine.ports.sockets.length > 2);
    expect(engine.ports.clock.now() - cut).toBeLessThanOrEqual(20_100);
  });

  test('has its usual time again at a new url', () => {
    const engine = openEngine();
    pass(engine, () => engine.view.phase === 'connecting');
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    engine.ports.random = 0.5;
    engine.socket.accept();
    const cut = engine.ports.clock.now();
    pass(engine, () => engine.view.phase === 'waiting');
    expect(engine.ports.clock.now() - cut).toBeLessThanOrEqual(20_000);
  });

  test('is given a minute at most, or what the user says if that is more', () => {
    for (const [pongTimeout, most] of [
      [10_000, 60_000],
      [90_000, 90_000],
    ] as const) {
      const engine = openEngine({ heartbeat: { pongTimeout } });
      for (let round = 0; round < 5; round += 1) {
        const begun = engine.ports.clock.now();
        while (engine.view.status === 'OPEN') engine.ports.clock.advance(100);
        expect(engine.ports.clock.now() - begun).toBeLessThanOrEqual(10_000 + most);
        while (engine.view.phase !== 'connecting') engine.ports.clock.advance(100);
        engine.socket.accept();
      }
    }
  });
});

describe('a server that closes, and whose TCP connection does not end', () => {
  /** The server has sent a close frame: the browser waits for the end of TCP before it fires `close`. */
  const closing = (): Engine => {
    const engine = openEngine();
    engine.socket.say('hello');
    engine.ports.random = 0.5;
    engine.ports.clock.advance(19_000);
    engine.socket.readyState = 2;
    return engine;
  };

  test('is heard: the code of a close event that comes after the verdict was due counts', () => {
    const engine = closing();
    engine.ports.clock.advance(2_500);
    engine.socket.end(4401, 'token');
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code', closeCode: 4401 } });
  });

  test('is given up 3 s later if no close event comes', () => {
    const engine = closing();
    let waited = 0;
    for (; engine.view.phase !== 'waiting'; waited += 100) engine.ports.clock.advance(100);
    expect(engine.view.error?.code).toBe('silence');
    expect(waited).toBeLessThanOrEqual(1_000 + 3_000);
  });
});

describe('a browser that makes an attempt wait before it begins', () => {
  /** How long (ms) each of these attempts is given. */
  const given = (engine: Engine, attempts: number): number[] => {
    engine.ports.random = 0.5;
    return Array.from({ length: attempts }, () => {
      const begun = engine.ports.clock.now();
      while (engine.view.phase === 'connecting') engine.ports.clock.advance(100);
      const took = engine.ports.clock.now() - begun;
      while (engine.view.phase === 'waiting') engine.ports.clock.advance(100);
      return took;
    });
  };

  test('is given twice the time after each attempt that took too long, up to two minutes', () => {
    const engine = startEngine();
    expect(given(engine, 6)).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  });

  test('that ends an attempt itself after a while leaves the next one as far away as it would have been', () => {
    const engine = startEngine();
    engine.ports.random = 0.5;
    const starts: number[] = [];
    const begun = engine.ports.clock.now();
    // Firefox ends a handshake that hangs after 20 s.
    for (let made = 0; starts.length < 6; engine.ports.clock.advance(100)) {
      const { sockets, clock } = engine.ports;
      if (sockets.length > made) starts.push(clock.now() - begun);
      made = sockets.length;
      if (engine.view.phase === 'connecting' && clock.now() - begun - (starts.at(-1) ?? 0) >= 20_000)
        engine.socket.end();
    }
    const apart = starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
    for (const [i, least] of [10_000, 20_000, 40_000, 80_000, 80_000].entries()) {
      expect(apart[i]).toBeGreaterThanOrEqual(least);
      // Rule 9: who wants a connection makes an attempt within a minute after the one before has ended.
      expect(apart[i]).toBeLessThanOrEqual(20_000 + 60_000 + 200);
    }
  });

  test('that refuses an attempt at once does not make the next one wait for longer', () => {
    const engine = startEngine();
    engine.ports.random = 0.5;
    given(engine, 2);
    engine.socket.end();
    expect((engine.view.retryAt ?? 0) - engine.ports.clock.now()).toBeLessThanOrEqual(15_000);
  });

  test('is given the usual time again once a connection was open', () => {
    const engine = startEngine();
    given(engine, 2);
    engine.socket.accept();
    engine.socket.end();
    while (engine.view.phase === 'waiting') engine.ports.clock.advance(100);
    expect(given(engine, 1)).toEqual([10_000]);
  });

  test('starts at once when somebody looks, the network is back, or the user asks, and keeps its time', () => {
    for (const ask of [
      (engine: Engine) => engine.ports.signal('online'),
      (engine: Engine) => engine.ports.signal('visibilitychange'),
      (engine: Engine) => engine.connection.open(),
    ]) {
      const engine = startEngine();
      given(engine, 2);
      engine.ports.clock.advance(5_000);
      const made = engine.ports.sockets.length;
      ask(engine);
      expect(engine.ports.sockets).toHaveLength(made + 1);
      expect(given(engine, 1)).toEqual([40_000]);
    }
  });

  test('is given the usual time at a new url', () => {
    const engine = startEngine();
    given(engine, 2);
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(given(engine, 1)).toEqual([10_000]);
  });

  test('is given what the user says if that is more than two minutes', () => {
    expect(given(startEngine({ connectTimeout: 300_000 }), 2)).toEqual([300_000, 300_000]);
  });
});
