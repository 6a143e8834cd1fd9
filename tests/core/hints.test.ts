/** What the browser says of the page is a hint: it makes things happen sooner, never not at all. */
import { describe, expect, test } from 'vitest';
import { createEngine, type EngineOptions, openEngine, startEngine } from '../support/engine';

describe('a browser whose event never comes', () => {
  test('does not leave the page offline for ever: an attempt follows every 30 s', () => {
    const engine = startEngine();
    engine.ports.isOnline = false;
    for (let attempt = 1; attempt < 4; attempt += 1) {
      engine.socket.end();
      expect(engine.view.phase).toBe('offline');
      engine.ports.clock.advance(30_000);
      expect(engine.ports.sockets).toHaveLength(attempt + 1);
    }
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });

  test('does not keep a page disconnected that was not left after all: its timers run, so it is there', () => {
    const engine = openEngine();
    engine.ports.signal('pagehide');
    engine.ports.clock.advance(29_999);
    expect(engine.ports.live()).toEqual([]);
    engine.ports.clock.advance(1);
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });

  test('does not keep a page disconnected that is visible again', () => {
    const engine = openEngine({ whenHidden: { closeAfter: 5_000 } });
    engine.ports.signal('hidden');
    engine.ports.clock.advance(5_000);
    engine.ports.isVisible = true;
    engine.ports.clock.advance(30_000);
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });

  test('does not close the connection of a page that is visible again', () => {
    const engine = openEngine({ whenHidden: { closeAfter: 5_000 }, heartbeat: false });
    engine.ports.signal('hidden');
    engine.ports.isVisible = true;
    engine.ports.clock.advance(60_000);
    expect(engine.view.phase).toBe('open');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('does not keep a page disconnected that is prerendered no more', () => {
    const engine = createEngine();
    engine.ports.isPrerendering = true;
    engine.connection.open();
    engine.ports.isPrerendering = false;
    engine.ports.clock.advance(30_000);
    expect(engine.view.phase).toBe('connecting');
  });

  test('does not connect a deactivated component: Vue tells of that for certain', () => {
    const engine = openEngine();
    engine.connection.deactivate();
    engine.ports.clock.advance(600_000);
    expect(engine.ports.live()).toEqual([]);
    expect(engine.ports.clock.pending()).toBe(0);
  });
});

describe('a prerendered page', () => {
  const prerendered = (options: EngineOptions = {}) => {
    const asked: unknown[] = [];
    const engine = createEngine({ beforeConnect: ({ url }) => void asked.push(url), ...options });
    engine.ports.isPrerendering = true;
    engine.connection.open();
    return { engine, asked };
  };

  test('spends no token and makes no attempt until the user sees it, and then connects at once', () => {
    const { engine, asked } = prerendered({ autoReconnect: { retries: 3 } });
    engine.ports.clock.advance(600_000);
    expect([asked, engine.ports.sockets, engine.view.phase]).toEqual([[], [], 'idle']);
    engine.ports.signal('prerenderingchange');
    expect([asked.length, engine.ports.sockets.length, engine.view.phase]).toEqual([1, 1, 'connecting']);
  });

  test('connects when the user sees it also if the visibility is told first', () => {
    const { engine } = prerendered();
    engine.ports.isPrerendering = false;
    engine.ports.signal('visibilitychange');
    expect(engine.ports.sockets).toHaveLength(1);
    engine.ports.signal('prerenderingchange');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('is not connected by a network, a visibility or a new url that it hears of before', () => {
    const { engine } = prerendered();
    for (const signal of ['online', 'networkchange', 'visibilitychange', 'resume', 'pageshow'] as const)
      engine.ports.signal(signal);
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.ports.sockets).toEqual([]);
    engine.ports.signal('prerenderingchange');
    expect(engine.socket.url).toBe('ws://other/');
  });

  test('that is closed or left by its scope before the user sees it never connects', () => {
    for (const end of ['close', 'leave'] as const) {
      const { engine } = prerendered();
      engine.connection[end](1000);
      engine.ports.signal('prerenderingchange');
      expect(engine.ports.sockets).toEqual([]);
    }
  });

  test('keeps what is sent for the connection that follows', () => {
    const { engine } = prerendered();
    engine.connection.send('kept');
    engine.ports.signal('prerenderingchange');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['kept']);
  });
});

describe('a page that nobody sees', () => {
  const hidden = (options: EngineOptions = {}) => {
    const engine = openEngine({ whenHidden: { closeAfter: 60_000 }, heartbeat: false, ...options });
    engine.ports.signal('hidden');
    return engine;
  };

  test('keeps its connection by default', () => {
    const engine = hidden({ whenHidden: 'stay' });
    engine.ports.clock.advance(3_600_000);
    expect(engine.ports.live()).toHaveLength(1);
  });

  test('closes its connection after closeAfter, and connects at once when it is visible', () => {
    const engine = hidden();
    engine.ports.clock.advance(59_999);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(1);
    expect(engine.view).toMatchObject({ phase: 'idle', status: 'CLOSED' });
    expect(engine.socket.closedWith).toEqual([1000, 'hidden for long']);
    engine.ports.clock.advance(3_600_000);
    expect(engine.ports.sockets).toHaveLength(1);
    engine.ports.signal('visibilitychange');
    expect(engine.view.phase).toBe('connecting');
    engine.ports.clock.advance(5_000);
    engine.socket.accept();
    engine.ports.clock.advance(3_600_000);
    expect(engine.view.phase).toBe('open');
  });

  test('that is visible in time keeps its connection', () => {
    const engine = hidden();
    engine.ports.clock.advance(59_000);
    engine.ports.signal('visibilitychange');
    engine.ports.clock.advance(3_600_000);
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.view.phase).toBe('open');
  });

  test('stops retrying after closeAfter, and connects at once when it is visible', () => {
    const engine = hidden({ autoReconnect: { delay: 5_000 } });
    engine.socket.end();
    for (let second = 0; second < 61; second += 1) {
      engine.ports.clock.advance(1_000);
      if (engine.view.phase === 'connecting') engine.socket.end();
    }
    expect(engine.view.phase).toBe('idle');
    const made = engine.ports.sockets.length;
    expect(made).toBeGreaterThan(8);
    engine.ports.clock.advance(600_000);
    expect(engine.ports.sockets).toHaveLength(made);
    engine.ports.signal('visibilitychange');
    expect(engine.ports.sockets).toHaveLength(made + 1);
  });

  test('that was hidden before it began to connect is closed after closeAfter, too', () => {
    const engine = createEngine({ whenHidden: { closeAfter: 60_000 }, heartbeat: false });
    engine.ports.isVisible = false;
    engine.connection.open();
    engine.ports.clock.advance(5_000);
    engine.socket.accept();
    engine.ports.clock.advance(54_999);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('idle');
  });

  test('is not closed while messages wait to be sent', () => {
    const engine = hidden({ autoReconnect: { delay: 5_000 } });
    engine.socket.end();
    engine.connection.send('important');
    engine.ports.clock.advance(70_000);
    while (engine.view.phase !== 'connecting') engine.ports.clock.advance(100);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['important']);
    engine.ports.clock.advance(1_000);
    expect(engine.view.phase).toBe('idle');
  });

  test('that open() connects again stays connected for closeAfter', () => {
    const engine = hidden();
    engine.ports.clock.advance(60_000);
    engine.connection.open();
    engine.socket.accept();
    engine.ports.clock.advance(59_000);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(1_000);
    expect(engine.view.phase).toBe('idle');
  });

  test('is connected again by pageshow alone, once it was left', () => {
    const engine = hidden();
    engine.ports.clock.advance(60_000);
    engine.ports.signal('pagehide');
    engine.ports.signal('visibilitychange');
    expect(engine.ports.sockets).toHaveLength(1);
    engine.ports.signal('pageshow');
    expect(engine.ports.sockets).toHaveLength(2);
  });
});

describe('a network that is another one', () => {
  test('is probed while the connection is open', () => {
    const engine = openEngine();
    engine.ports.signal('networkchange');
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });

  test('is tried at once while the connection waits, and a refusal stays the server’s', () => {
    const engine = startEngine({ autoReconnect: { delay: (_, { isLocal }) => (isLocal ? 0 : 60_000) } });
    engine.socket.end();
    engine.ports.signal('networkchange');
    expect(engine.ports.sockets).toHaveLength(2);
    engine.socket.end();
    expect(engine.view.phase).toBe('waiting');
  });

  test('that is told of every second does not keep a slow handshake from ending', () => {
    const engine = startEngine();
    engine.ports.clock.advance(3_000);
    engine.ports.signal('networkchange');
    expect(engine.ports.sockets).toHaveLength(2);
    for (let second = 0; second < 9; second += 1) {
      engine.ports.clock.advance(1_000);
      engine.ports.signal('networkchange');
    }
    expect(engine.ports.sockets).toHaveLength(2);
  });

  test('tells nothing to a connection at rest', () => {
    const engine = openEngine();
    engine.ports.signal('pagehide');
    engine.ports.signal('networkchange');
    expect(engine.ports.live()).toEqual([]);
  });
});
