/** What an owner may ask of a connection. */
import { describe, expect, test } from 'vitest';
import type { Transition } from '../../src/core/connection-events';
import { initialState } from '../../src/core/next-state';
import { resolveOptions } from '../../src/core/options';
import { transition } from '../../src/core/transition';
import { beats, createEngine, openEngine, startEngine } from '../support/engine';

describe('close', () => {
  test('close() ends the socket cleanly, with 1000 and no reason, or with the code and reason given', () => {
    const engine = openEngine();
    engine.connection.close(1000);
    expect(engine.socket.closedWith).toEqual([1000, undefined]);
    expect(engine.log.at(-1)).toBe('disconnected:1000::true');
    const other = openEngine();
    other.connection.close(4000, 'bye');
    expect(other.socket.closedWith).toEqual([4000, 'bye']);
    expect(other.log.at(-1)).toBe('disconnected:4000:bye:true');
  });
});

describe('open', () => {
  test('open() without a url makes an open connection idle, and open() with a url connects again', () => {
    const engine = openEngine();
    engine.url = '';
    engine.connection.open();
    expect(engine.view).toMatchObject({ phase: 'idle', ws: undefined });
    expect(engine.ports.live()).toEqual([]);
    engine.url = 'ws://server/';
    engine.connection.open();
    expect(engine.view.phase).toBe('connecting');
  });

  test('open() without a url keeps the messages that wait for a url', () => {
    const engine = createEngine({ url: '' });
    engine.connection.send('a');
    engine.connection.open();
    expect(engine.log).toEqual([]);
    engine.url = 'ws://server/';
    engine.connection.open();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['a']);
  });

  test('a retry that finds no url makes the connection idle', () => {
    const engine = openEngine({ autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.url = undefined;
    engine.ports.clock.advance(10);
    expect(engine.view.phase).toBe('idle');
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.ports.clock.pending()).toBe(0);
  });
});

test('after leave(), close() does not read the url', () => {
  const engine = openEngine();
  engine.connection.leave();
  Object.defineProperty(engine, 'url', {
    get() {
      throw new Error('there is no user any more');
    },
  });
  engine.connection.close(1000);
  expect(engine.view.phase).toBe('left');
});

describe('changeUrl', () => {
  test('changeUrl() before any open() does nothing if the url is still the first one', () => {
    const engine = createEngine();
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('idle');
  });

  test('a url that comes back after an open() without a url connects again', () => {
    const engine = openEngine();
    engine.url = undefined;
    engine.connection.open();
    engine.url = 'ws://server/';
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('connecting');
  });

  test('changeUrl() after close() connects only if the url has changed since the close()', () => {
    const engine = openEngine();
    engine.url = 'ws://server/?token=';
    engine.connection.close(1000);
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('closed');
    engine.url = 'ws://server/?token=2';
    engine.connection.changeUrl();
    expect(engine.socket.url).toBe('ws://server/?token=2');
    engine.connection.leave();
  });

  test('changeUrl() after an open() that used the new url already does not run beforeConnect again', async () => {
    const seen: unknown[] = [];
    const engine = startEngine({ url: 'ws://a/', beforeConnect: async ({ url }) => void seen.push(url) as undefined });
    await Promise.resolve();
    engine.url = 'ws://b/';
    engine.connection.open();
    engine.connection.changeUrl();
    await Promise.resolve();
    expect(seen).toEqual(['ws://a/', 'ws://b/']);
    expect(engine.ports.live()).toMatchObject([{ url: 'ws://b/' }]);
  });

  test('changeUrl() with the same url leaves the open socket alone', () => {
    const engine = openEngine();
    engine.connection.changeUrl();
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.view.phase).toBe('open');
  });

  test('a new url for a deactivated connection is used when the connection is activated, and not before', () => {
    const engine = openEngine();
    engine.connection.deactivate();
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('idle');
    engine.connection.activate();
    expect(engine.socket.url).toBe('ws://other/');
  });

  test('activate() does not connect a connection whose url went away while it was deactivated', () => {
    const engine = openEngine();
    engine.connection.deactivate();
    engine.url = undefined;
    engine.connection.changeUrl();
    engine.url = 'ws://server/';
    engine.connection.activate();
    expect(engine.view.phase).toBe('idle');
    expect(engine.ports.sockets).toHaveLength(1);
  });
});

describe('beat, by the clock of somebody else', () => {
  test('beat() sends a beat that the server must answer within pongTimeout', () => {
    const engine = openEngine({ heartbeat: { scheduler: () => undefined, pongTimeout: 3_000 } });
    engine.ports.clock.advance(60_000);
    expect(beats(engine.socket)).toBe(0);
    engine.ports.random = 0.5;
    engine.connection.beat();
    expect(beats(engine.socket)).toBe(1);
    engine.ports.clock.advance(2_999);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(1);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'silence' } });
  });

  test('a second beat() before the answer is sent, and does not give the server more time', () => {
    const engine = openEngine({ heartbeat: { scheduler: () => undefined, pongTimeout: 3_000 } });
    engine.connection.beat();
    engine.ports.clock.advance(2_000);
    engine.connection.beat();
    expect(beats(engine.socket)).toBe(2);
    engine.ports.random = 0.5;
    engine.ports.clock.advance(1_000);
    expect(engine.view.phase).toBe('waiting');
  });

  test('beat() does nothing while the socket is not open, or with the heartbeat off', () => {
    const early = startEngine();
    early.connection.beat();
    expect(early.view.phase).toBe('connecting');
    const off = openEngine({ heartbeat: false });
    off.connection.beat();
    expect(off.socket.sent).toEqual([]);
    off.ports.clock.advance(60_000);
    expect(off.view.phase).toBe('open');
  });
});

describe('send', () => {
  test('send() buffers what it cannot send yet, unless it is told not to', () => {
    const engine = startEngine();
    engine.connection.send('a');
    engine.connection.send('b', false);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['a']);
  });
});

describe('leave', () => {
  test('leave() tells onDropped what was still buffered', () => {
    const engine = startEngine();
    engine.connection.send('a');
    engine.connection.leave();
    expect(engine.log).toEqual(['dropped:a:left']);
  });
});

describe('time', () => {
  test('a timer that fires before its time decides nothing', () => {
    const moment = {
      ...resolveOptions({}, (source) => source),
      interval: 10_000,
      pongTimeout: 10_000,
      now: 0,
      random: 0,
      online: true,
      visible: true,
      prerendering: false,
      mustYield: false,
      pending: false,
      kept: false,
      drained: 0,
      readyState: 0,
      lastMessageAt: -Infinity,
      latency: 0,
    };
    const [connecting] = transition(initialState(''), moment, 'open', { url: 'ws://server/' }) as Transition;
    expect(transition(connecting, { ...moment, now: 9_999 }, 'deadline', undefined)).toEqual([connecting]);
    const loss = transition(connecting, { ...moment, now: 10_000 }, 'deadline', undefined);
    expect(loss).toMatchObject({ code: 'connect-timeout', ending: ['abandon', { code: 1006 }] });
  });

  test('in a runtime whose timers wait a second at most, every deadline is kept', () => {
    const engine = createEngine();
    const after = engine.ports.clock.after.bind(engine.ports.clock);
    engine.ports.clock.after = (ms, run) => after(Math.min(ms, 1_000), run);
    engine.ports.random = 0.5;
    engine.connection.open();
    engine.ports.clock.advance(9_999);
    expect(engine.view.phase).toBe('connecting');
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('waiting');
  });

  test('a signal of the page that does not move the deadline arms no timer', () => {
    const engine = startEngine();
    const { armed } = engine.ports.clock;
    engine.ports.signal('offline');
    engine.ports.signal('visibilitychange');
    expect(engine.ports.clock.armed).toBe(armed);
  });

  test('two signals of the page at the same moment send one beat', () => {
    const engine = openEngine();
    engine.ports.clock.advance(5_000);
    engine.ports.signal('online');
    engine.ports.signal('visibilitychange');
    expect(beats(engine.socket)).toBe(1);
  });
});
