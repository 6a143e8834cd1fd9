/** What an owner may ask of a connection. */
import { describe, expect, test } from 'vitest';
import { initialState, transition } from '../../src/core/connection-state';
import { DEFAULTS } from '../../src/core/options';
import { raw } from '../../src/core/serializer';
import { beats, createEngine, type Engine, startEngine } from '../support/engine';

const opened = (options: Parameters<typeof startEngine>[0] = {}): Engine => {
  const engine = startEngine(options);
  engine.socket.accept();
  return engine;
};

describe('close', () => {
  test('is clean, with 1000 and no reason, or with those given', () => {
    const engine = opened();
    engine.connection.close(1000);
    expect(engine.socket.closedWith).toEqual([1000, undefined]);
    expect(engine.log.at(-1)).toBe('disconnected:1000::true');
    const other = opened();
    other.connection.close(4000, 'bye');
    expect(other.socket.closedWith).toEqual([4000, 'bye']);
    expect(other.log.at(-1)).toBe('disconnected:4000:bye:true');
  });
});

describe('open', () => {
  test('without a url it goes to rest, and comes back with one', () => {
    const engine = opened();
    engine.url = '';
    engine.connection.open();
    expect(engine.view).toMatchObject({ phase: 'idle', ws: undefined });
    expect(engine.ports.live()).toEqual([]);
    engine.url = 'ws://server/';
    engine.connection.open();
    expect(engine.view.phase).toBe('connecting');
  });

  test('again without a url it loses nothing that waits for one', () => {
    const engine = createEngine({ url: '' });
    engine.connection.send('a');
    engine.connection.open();
    expect(engine.log).toEqual([]);
    engine.url = 'ws://server/';
    engine.connection.open();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['a']);
  });

  test('a url that is gone when the retry comes: not now', () => {
    const engine = opened({ autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.url = undefined;
    engine.ports.clock.advance(10);
    expect(engine.view.phase).toBe('idle');
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.ports.clock.pending()).toBe(0);
  });
});

test('after leave(), close() asks for no url', () => {
  const engine = opened();
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
  test('to the url that it was made with, before any open(): nothing', () => {
    const engine = createEngine();
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('idle');
  });

  test('back to the url that it had before an open() without one', () => {
    const engine = opened();
    engine.url = undefined;
    engine.connection.open();
    engine.url = 'ws://server/';
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('connecting');
  });

  test('heard after a close(), of a change that came before it: closed is closed', () => {
    const engine = opened();
    engine.url = 'ws://server/?token=';
    engine.connection.close(1000);
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('closed');
    engine.url = 'ws://server/?token=2';
    engine.connection.changeUrl();
    expect(engine.socket.url).toBe('ws://server/?token=2');
    engine.connection.leave();
  });

  test('heard after an open(), of a change that came before it: beforeConnect runs once', async () => {
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

  test('to the url that it has: nothing', () => {
    const engine = opened();
    engine.connection.changeUrl();
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.view.phase).toBe('open');
  });

  test('to another while put away: idle until it is brought back', () => {
    const engine = opened();
    engine.connection.deactivate();
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('idle');
    engine.connection.activate();
    expect(engine.socket.url).toBe('ws://other/');
  });

  test('to none while put away: nothing comes back', () => {
    const engine = opened();
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
  test('sends a beat that may stay unanswered for pongTimeout', () => {
    const engine = opened({ heartbeat: { scheduler: () => undefined, pongTimeout: 3_000 } });
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

  test('one more while a beat waits for its answer is sent, and does not put the end off', () => {
    const engine = opened({ heartbeat: { scheduler: () => undefined, pongTimeout: 3_000 } });
    engine.connection.beat();
    engine.ports.clock.advance(2_000);
    engine.connection.beat();
    expect(beats(engine.socket)).toBe(2);
    engine.ports.random = 0.5;
    engine.ports.clock.advance(1_000);
    expect(engine.view.phase).toBe('waiting');
  });

  test('while not open, or without a heartbeat: nothing', () => {
    const early = startEngine();
    early.connection.beat();
    expect(early.view.phase).toBe('connecting');
    const off = opened({ heartbeat: false });
    off.connection.beat();
    expect(off.socket.sent).toEqual([]);
    off.ports.clock.advance(60_000);
    expect(off.view.phase).toBe('open');
  });
});

describe('send', () => {
  test('keeps what it cannot send, unless told not to', () => {
    const engine = startEngine();
    engine.connection.send('a');
    engine.connection.send('b', false);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['a']);
  });
});

describe('leave', () => {
  test('says what was still buffered', () => {
    const engine = startEngine();
    engine.connection.send('a');
    engine.connection.leave();
    expect(engine.log).toEqual(['dropped:a:left']);
  });
});

describe('time', () => {
  test('a timer that fires before its time decides nothing', () => {
    const moment = { ...DEFAULTS, beats: true, binary: false, serializer: raw, message: String, response: String };
    const now = { ...moment, now: 0, random: 0, online: true, isOutdated: false };
    const [connecting] = transition(initialState, now, 'open', undefined);
    expect(transition(connecting, { ...now, now: 9_999 }, 'deadline', undefined)).toEqual([connecting]);
    expect(transition(connecting, { ...now, now: 10_000 }, 'deadline', undefined)[0].phase).toBe('waiting');
  });

  test('a runtime whose timers fire at most a second ahead keeps every deadline', () => {
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

  test('what does not move the deadline arms no timer', () => {
    const engine = startEngine();
    const { armed } = engine.ports.clock;
    engine.ports.signal('offline');
    engine.ports.signal('visibilitychange');
    expect(engine.ports.clock.armed).toBe(armed);
  });

  test('two signals in one moment ask for one sign of life', () => {
    const engine = opened();
    engine.ports.clock.advance(5_000);
    engine.ports.signal('online');
    engine.ports.signal('visibilitychange');
    expect(beats(engine.socket)).toBe(1);
  });
});
