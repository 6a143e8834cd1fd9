/** The table of the design's section 6: each signal in each phase. */
import { describe, expect, test } from 'vitest';
import { beats, type Engine, openEngine, startEngine } from '../support/engine';

const in_ = {
  idle: () => {
    const engine = startEngine({ url: '' });
    return engine;
  },
  connecting: () => startEngine(),
  open: () => {
    const engine = openEngine();
    engine.ports.clock.advance(5_000);
    return engine;
  },
  suspect: () => {
    const engine = openEngine();
    engine.ports.clock.advance(15_000);
    return engine;
  },
  waiting: () => {
    const engine = startEngine({ autoReconnect: { delay: 60_000 } });
    engine.socket.end();
    return engine;
  },
  offline: () => {
    const engine = startEngine({ autoReconnect: { delay: 60_000 } });
    engine.socket.end();
    engine.ports.signal('offline');
    return engine;
  },
  closed: () => {
    const engine = startEngine();
    engine.connection.close(1000);
    return engine;
  },
  failed: () => {
    const engine = startEngine({ autoReconnect: false });
    engine.socket.end();
    return engine;
  },
  left: () => {
    const engine = startEngine();
    engine.connection.leave();
    return engine;
  },
} satisfies Record<string, () => Engine>;

const resting = ['idle', 'closed', 'failed', 'left'] as const;

test('the engine that the tests start in a phase is in that phase', () => {
  for (const [phase, start] of Object.entries(in_)) expect(start().view?.phase ?? 'idle').toBe(phase);
});

test('an `offline` event while the browser is online does not stop the retries', () => {
  const engine = startEngine({ autoReconnect: { delay: 1_000 } });
  engine.socket.end();
  const { online } = engine.ports.signals;
  engine.ports.signals.online = () => true;
  engine.ports.signal('offline');
  expect(engine.view.phase).toBe('waiting');
  engine.ports.signals.online = online;
  engine.ports.signal('offline');
  expect(engine.view.phase).toBe('offline');
});

describe('nothing stirs a resting connection', () => {
  test.each(resting)('no signal of the page changes a connection that is %s', (phase) => {
    for (const signal of ['online', 'offline', 'visibilitychange', 'pagehide', 'pageshow'] as const) {
      const engine = in_[phase]();
      const made = engine.ports.sockets.length;
      engine.ports.signal(signal);
      expect(engine.view?.phase ?? 'idle').toBe(phase);
      expect(engine.ports.sockets).toHaveLength(made);
      expect(engine.ports.listening()).toBe(0);
    }
  });
});

describe('online', () => {
  test('an online event while open sends a probe that the server must answer within probeTimeout', () => {
    const engine = in_.open();
    engine.ports.signal('online');
    expect(beats(engine.socket)).toBe(1);
    engine.ports.random = 0.5;
    engine.ports.clock.advance(1_000);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(1_000);
    expect(engine.view.phase).toBe('waiting');
  });

  test('an online event while suspect sends a probe, whose time is up before that of the beat', () => {
    const engine = in_.suspect();
    engine.ports.signal('online');
    engine.ports.random = 0.5;
    expect(beats(engine.socket)).toBe(2);
    engine.ports.clock.advance(2_000);
    expect(engine.view.phase).toBe('waiting');
  });

  test.each(['waiting', 'offline'] as const)('an online event connects a connection that is %s at once', (phase) => {
    const engine = in_[phase]();
    engine.ports.signal('online');
    expect(engine.view.phase).toBe('connecting');
    expect(engine.ports.sockets).toHaveLength(2);
  });

  test('an online event while connecting gives the socket up and starts another one', () => {
    const engine = in_.connecting();
    const old = engine.socket;
    engine.ports.signal('online');
    expect(old.closedWith).toEqual([]);
    expect(engine.ports.live()).toEqual([engine.socket]);
    expect(engine.view).toMatchObject({ phase: 'connecting', failures: 0 });
  });
});

describe('offline', () => {
  test('an offline event while open sends a probe, and without an answer the connection waits for the network', () => {
    const engine = in_.open();
    engine.ports.signal('offline');
    expect(beats(engine.socket)).toBe(1);
    engine.ports.clock.advance(2_000);
    expect(engine.view).toMatchObject({ phase: 'offline', retryAt: undefined });
    engine.ports.clock.advance(29_999);
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('an offline event while waiting puts the retry off until the network is back, but for 30 s at most', () => {
    const engine = in_.waiting();
    engine.ports.signal('offline');
    expect(engine.view.phase).toBe('offline');
    engine.ports.clock.advance(29_999);
    expect(engine.ports.sockets).toHaveLength(1);
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('connecting');
  });

  test('an offline event while connecting lets the handshake go on', () => {
    const engine = in_.connecting();
    engine.ports.signal('offline');
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });
});

describe('wake (visible, resume)', () => {
  test('a page that becomes visible sends a probe on an open connection if nothing was heard for 1 s', () => {
    const quiet = in_.open();
    quiet.ports.signal('visibilitychange');
    expect(beats(quiet.socket)).toBe(1);
    const busy = in_.open();
    busy.socket.say('just now');
    busy.ports.clock.advance(1_000);
    busy.ports.signal('visibilitychange');
    expect(beats(busy.socket)).toBe(0);
  });

  test('a user who looks away and back again does not give a silent server more time', () => {
    const engine = in_.open();
    engine.ports.random = 0.5;
    for (let i = 0; i < 4; i += 1) {
      engine.ports.signal('visibilitychange');
      engine.ports.clock.advance(500);
    }
    expect(engine.view.phase).toBe('waiting');
    expect(beats(engine.socket)).toBe(1);
  });

  test.each(['waiting', 'offline'] as const)(
    'a page that becomes visible connects a connection that is %s at once',
    (phase) => {
      const engine = in_[phase]();
      engine.ports.signal('visibilitychange');
      expect(engine.view.phase).toBe('connecting');
    },
  );

  test('a page that becomes visible while connecting lets the handshake go on', () => {
    const engine = in_.connecting();
    engine.ports.signal('visibilitychange');
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.socket.closedWith).toBeUndefined();
  });
});

describe('clock jump (a late timer)', () => {
  test('a timer that fires late while open sends a probe', () => {
    const engine = in_.open();
    engine.ports.clock.sleep(60_000);
    expect(beats(engine.socket)).toBe(1);
    engine.ports.random = 0.5;
    engine.ports.clock.advance(2_000);
    expect(engine.view.phase).toBe('waiting');
  });

  test('a timer that fires late while waiting connects at once', () => {
    const engine = in_.waiting();
    engine.ports.clock.sleep(3_600_000);
    expect(engine.view.phase).toBe('connecting');
  });
});

describe('pagehide and pageshow', () => {
  test.each(['open', 'suspect', 'connecting', 'waiting', 'offline'] as const)(
    'pagehide ends a connection that is %s, and pageshow connects it again',
    (phase) => {
      const engine = in_[phase]();
      const made = engine.ports.sockets.length;
      engine.ports.signal('pagehide');
      expect(engine.view).toMatchObject({ phase: 'idle', status: 'CLOSED' });
      expect(engine.ports.live()).toEqual([]);
      if (phase === 'open') expect(engine.socket.closedWith).toEqual([1000, 'page hidden']);
      engine.ports.signal('pageshow');
      expect(engine.view.phase).toBe('connecting');
      expect(engine.ports.sockets).toHaveLength(made + 1);
    },
  );

  test('a connection that pagehide has ended is not connected again by other signals than pageshow', () => {
    const engine = in_.open();
    engine.ports.signal('pagehide');
    for (const signal of ['online', 'visibilitychange', 'offline'] as const) engine.ports.signal(signal);
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('close() on a hidden page leaves the connection closed when the page comes back', () => {
    const engine = in_.open();
    engine.ports.signal('pagehide');
    engine.connection.close(1000);
    engine.ports.signal('pageshow');
    expect(engine.view.phase).toBe('closed');
  });

  test.each([
    ['close()', (engine: Engine) => engine.connection.close(1000)],
    [
      'the url going away',
      (engine: Engine) => {
        engine.url = undefined;
        engine.connection.changeUrl();
      },
    ],
  ])('after %s on a hidden page, a new url connects once the page is back', (_, rest) => {
    const engine = in_.open();
    engine.ports.signal('pagehide');
    rest(engine);
    engine.ports.signal('pageshow');
    engine.url = 'ws://late/';
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('connecting');
    expect(engine.socket.url).toBe('ws://late/');
  });

  test('a new url on a hidden page is used when the page comes back, and not before', () => {
    const engine = in_.open();
    engine.ports.signal('pagehide');
    engine.url = 'ws://late/';
    engine.connection.changeUrl();
    expect(engine.ports.live()).toEqual([]);
    engine.ports.signal('pageshow');
    expect(engine.ports.live().map(({ url }) => url)).toEqual(['ws://late/']);
  });

  test('a component that is deactivated on a hidden page connects when it is activated, not when the page comes back', () => {
    const engine = in_.open();
    engine.ports.signal('pagehide');
    engine.connection.deactivate();
    engine.ports.signal('pageshow');
    expect(engine.ports.live()).toEqual([]);
    engine.connection.activate();
    expect(engine.ports.live()).toHaveLength(1);
  });

  test('a first url that comes while the component is deactivated is used when the component is activated', () => {
    const engine = in_.idle();
    engine.connection.deactivate();
    engine.url = 'ws://late/';
    engine.connection.changeUrl();
    expect(engine.ports.sockets).toHaveLength(0);
    engine.connection.activate();
    expect(engine.socket.url).toBe('ws://late/');
  });

  test('a new url after a failure or close() waits until a deactivated component is activated', () => {
    for (const phase of ['failed', 'closed'] as const) {
      const engine = in_[phase]();
      const made = engine.ports.sockets.length;
      engine.connection.deactivate();
      engine.connection.activate();
      engine.connection.deactivate();
      expect(engine.view.phase).toBe(phase);
      engine.url = 'ws://late/';
      engine.connection.changeUrl();
      expect(engine.ports.sockets).toHaveLength(made);
      engine.connection.activate();
      expect(engine.ports.live()).toHaveLength(1);
    }
  });

  test('open() connects a deactivated component, because somebody asked for it', () => {
    const engine = in_.closed();
    engine.connection.deactivate();
    engine.connection.open();
    expect(engine.ports.live()).toHaveLength(1);
    engine.connection.activate();
    expect(engine.ports.live()).toHaveLength(1);
  });

  test('a deactivated component does not connect when the page comes back, and uses a new url when it is activated', () => {
    const engine = in_.open();
    engine.connection.deactivate();
    engine.ports.signal('pagehide');
    engine.ports.signal('pageshow');
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.ports.sockets).toHaveLength(1);
    engine.connection.activate();
    expect(engine.socket.url).toBe('ws://other/');
    expect(engine.ports.live()).toHaveLength(1);
  });
});
