/** Edges that no other test has looked at: each was found by a mutant that survived. */
import { describe, expect, test } from 'vitest';
import { checkOptions } from '../../src/core/check-options';
import type { HeartbeatSocketEvent } from '../../src/core/log-event';
import { resolveOptions } from '../../src/core/options';
import { flattenOptions } from '../../src/core/read-options';
import { createEngine, delayNow, type Engine, type EngineOptions, openEngine, startEngine } from '../support/engine';

const logging = (options: EngineOptions = {}): { engine: Engine; log: HeartbeatSocketEvent[] } => {
  const log: HeartbeatSocketEvent[] = [];
  const engine = startEngine({ ...options, listener: { onEvent: (event) => log.push(event), ...options.listener } });
  return { engine, log };
};

/** Runs `first` in the one more turn of the event loop that a late timer asks for. */
const inTheLastTurn = (engine: Engine, first: () => void): void => {
  const { clock } = engine.ports;
  const after = clock.after.bind(clock);
  clock.after = (ms, run) =>
    after(ms, () => {
      if (ms === 0) first();
      run();
    });
};

describe('heartbeats', () => {
  test("with liveness 'response' the answer keeps the connection open", () => {
    const engine = openEngine({ heartbeat: { liveness: 'response' } });
    for (let beat = 0; beat < 3; beat += 1) {
      engine.ports.clock.advance(beat ? 10_000 : 15_000);
      expect(engine.view.phase).toBe('suspect');
      engine.socket.say('HeartBeat');
      expect(engine.view.phase).toBe('open');
    }
  });

  test('a socket that is closing takes no heartbeat, and is given up when its time is over', () => {
    const engine = openEngine();
    const { socket } = engine;
    socket.readyState = 2;
    engine.ports.clock.advance(22_999);
    expect([socket.sent, socket.closedWith]).toEqual([[], undefined]);
    engine.ports.clock.advance(1);
    expect([socket.sent, socket.closedWith]).toEqual([[], []]);
  });

  test('a heartbeat that the socket refuses is reported, and is no silence', () => {
    const engine = openEngine();
    engine.socket.send = () => {
      throw new Error('refused');
    };
    engine.ports.clock.advance(60_000);
    expect(engine.view).toMatchObject({ phase: 'open', latency: undefined, error: { code: 'send' } });
    expect(engine.log.filter((line) => line === 'error')).toHaveLength(6);
  });

  test('without a heartbeat a late timer sends nothing', () => {
    const engine = startEngine({ heartbeat: false, autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.sleep(60_000);
    expect([engine.socket.sent, engine.view.failures, engine.view.phase]).toEqual([[], 0, 'open']);
  });

  test('an answer that waits behind the second late timer saves the connection', () => {
    const engine = openEngine();
    const { clock } = engine.ports;
    let turns = 0;
    inTheLastTurn(engine, () => {
      turns += 1;
      engine.socket.say('HeartBeat');
    });
    clock.sleep(30_000);
    expect([engine.view.phase, turns]).toEqual(['open', 0]);
    clock.sleep(3_500);
    expect([engine.view.phase, turns, engine.ports.sockets.length]).toEqual(['open', 1, 1]);
  });

  test('an open event that waits behind the second late timer of an attempt counts', () => {
    const engine = startEngine();
    inTheLastTurn(engine, () => engine.socket.accept());
    engine.ports.clock.sleep(30_000);
    expect(engine.view.phase).toBe('connecting');
    engine.ports.clock.sleep(3_500);
    expect([engine.view.phase, engine.ports.sockets.length]).toEqual(['open', 1]);
  });
});

describe('a loss after a wake', () => {
  test("that is an attempt refused 5 s after it is local, and one a moment later is the server's", () => {
    const refusedAfter = (ms: number): number => {
      const engine = startEngine({ connectTimeout: 60_000 });
      engine.ports.signal('online');
      engine.ports.random = 0.999;
      engine.ports.clock.advance(ms);
      engine.socket.end();
      return delayNow(engine);
    };
    expect(refusedAfter(5_000)).toBeLessThan(100);
    expect(refusedAfter(5_001)).toBeGreaterThan(1_000);
  });

  test('that is silence does not use up what the wake excuses', () => {
    const engine = openEngine({ heartbeat: { interval: 300, pongTimeout: 300, probeTimeout: 300 } });
    engine.ports.clock.advance(100);
    engine.ports.random = 0.999;
    engine.ports.signal('online');
    engine.ports.clock.advance(300);
    expect([engine.view.phase, engine.view.error?.code]).toEqual(['waiting', 'silence']);
    expect(delayNow(engine)).toBeLessThan(100);
    engine.ports.clock.advance(delayNow(engine));
    engine.socket.accept();
    engine.socket.end();
    expect(delayNow(engine)).toBeLessThan(100);
  });

  test('that follows refused attempts is retried at once if it is silence', () => {
    const engine = openEngine({ heartbeat: { interval: 300, pongTimeout: 300 } });
    engine.ports.random = 0.999;
    engine.ports.signal('online');
    engine.socket.end();
    for (let i = 0; i < 3; i += 1) {
      engine.ports.clock.advance(delayNow(engine));
      engine.socket.end();
    }
    engine.ports.clock.advance(delayNow(engine));
    engine.socket.accept();
    engine.socket.say('hello');
    engine.ports.clock.advance(600);
    expect(engine.view.error?.code).toBe('silence');
    expect(delayNow(engine)).toBeLessThan(100);
  });

  test('is local also if the page came back from the back-forward cache', () => {
    const engine = openEngine();
    engine.ports.signal('pagehide');
    engine.ports.clock.sleep(60_000);
    engine.ports.signal('pageshow');
    engine.ports.random = 0.999;
    engine.socket.end();
    expect(delayNow(engine)).toBeLessThan(100);
  });

  test('says why an attempt was started afresh when somebody looked', () => {
    const { engine, log } = logging();
    engine.ports.clock.advance(3_000);
    log.length = 0;
    engine.ports.signal('visibilitychange');
    expect(log[0]).toMatchObject({ type: 'ended', code: 1006, reason: 'page visible', cause: 'visibilitychange' });
  });
});

describe('messages', () => {
  test('send() answers false for a message that is kept', () => {
    const engine: Engine = openEngine({
      listener: {
        onMessage() {
          engine.connection.open();
          answers.push(engine.connection.send('after open()'));
        },
      },
    });
    const answers = [startEngine().connection.send('while connecting')];
    engine.socket.say('go');
    expect(answers).toEqual([false, false]);
  });

  test('a message that cannot be read reaches no onMessage', () => {
    const values: unknown[] = [];
    const listener = { onMessage: (_: unknown, __: unknown, value: unknown) => values.push(value) };
    const engine = openEngine({ serializer: 'json', listener });
    engine.socket.say('no JSON');
    engine.socket.say('1');
    expect(values).toEqual([1]);
    expect(engine.view.error?.message).toMatch(/^serializer: .*JSON/);
  });

  test('what onConnected sends does not hide that the rest of the buffer goes out since the socket opened', () => {
    const { engine, log } = logging({ listener: { onConnected: () => engine.connection.send('login') } });
    engine.connection.send('kept');
    engine.socket.accept();
    const sent = log.filter(({ type }) => type === 'sent').map(({ cause }) => cause);
    expect(sent).toEqual(['send', 'opened']);
  });

  test('a message that the socket refuses is not told as sent', () => {
    const { engine, log } = logging();
    engine.socket.accept();
    engine.socket.send = () => {
      throw new Error('refused');
    };
    expect(engine.connection.send('x')).toBe(false);
    expect(log.filter(({ type }) => type === 'sent')).toEqual([]);
  });
});

describe('callbacks', () => {
  test('an onError that throws at an error event of the socket is called once', () => {
    let calls = 0;
    const engine = openEngine({
      listener: {
        onError() {
          calls += 1;
          throw new Error('onError');
        },
      },
    });
    engine.socket.fail();
    expect([calls, engine.unhandled]).toEqual([1, [new Error('onError')]]);
  });

  test('what an onError throws that was told of a callback goes to the app', () => {
    const engine = openEngine({
      listener: {
        onMessage() {
          throw new Error('onMessage');
        },
        onError() {
          throw new Error('onError');
        },
      },
    });
    engine.socket.say('x');
    expect(engine.unhandled).toEqual([new Error('onError')]);
    expect(engine.view.error).toMatchObject({ code: 'callback', message: 'callback: onError' });
  });

  test('a listener without callbacks is no obstacle to any event', () => {
    const engine = startEngine({ autoReconnect: false, buffer: { limit: 0 } });
    engine.connection.listeners.clear();
    engine.connection.listeners.add({});
    engine.connection.send('dropped');
    engine.socket.accept();
    engine.socket.fail();
    engine.socket.end();
    expect([engine.view.phase, engine.unhandled]).toEqual(['failed', []]);
  });

  test('the view is said to have changed for an end, but not for each message', () => {
    const engine = openEngine();
    const before = engine.viewChanges;
    for (let i = 0; i < 10; i += 1) engine.connection.send('x');
    for (let i = 0; i < 10; i += 1) engine.socket.say('x');
    expect(engine.viewChanges).toBe(before);
    engine.socket.end();
    expect(engine.viewChanges).toBeGreaterThan(before + 1);
  });
});

describe('the socket that is shown', () => {
  test('stays after an end that makes the connection give up', () => {
    const engine = openEngine({ autoReconnect: false });
    engine.socket.end(1000);
    expect([engine.view.phase, engine.view.ws]).toEqual(['failed', engine.socket]);
  });

  test('is gone in the moment in which the phase is closed', () => {
    const shown: unknown[] = [];
    const engine: Engine = openEngine({
      listener: {
        onEvent: ({ type, phase }) => type === 'changed' && phase === 'closed' && shown.push(engine.view.ws),
      },
    });
    engine.connection.close(1000);
    expect(shown).toEqual([undefined]);
  });

  test('that fires an error while it is open arms no timer', () => {
    const engine = openEngine();
    const { armed } = engine.ports.clock;
    engine.socket.fail();
    expect([engine.ports.clock.armed, engine.view.phase]).toEqual([armed, 'open']);
  });
});

describe('the url', () => {
  test('is not read for a beforeConnect that ends after the connection has left', async () => {
    const engine = createEngine({ beforeConnect: async () => undefined });
    engine.connection.open();
    engine.connection.leave();
    let reads = 0;
    Object.defineProperty(engine, 'url', { get: () => `ws://server/${reads++}` });
    await Promise.resolve();
    await Promise.resolve();
    expect([reads, engine.ports.sockets]).toEqual([0, []]);
  });

  test('that has not changed does not undo a close() that is still waiting for its turn', () => {
    const engine: Engine = openEngine({
      listener: {
        onMessage() {
          engine.connection.close(1000);
          engine.connection.changeUrl();
        },
      },
    });
    engine.socket.say('bye');
    expect([engine.view.phase, engine.ports.sockets.length]).toEqual(['closed', 1]);
  });

  test('that beforeConnect writes before it answers is not given what waited for the one before it', () => {
    const engine: Engine = createEngine({
      url: 'ws://a/',
      beforeConnect: () => {
        engine.url = 'ws://b/';
        return { protocols: 'p' };
      },
    });
    engine.connection.send('for a');
    engine.connection.open();
    engine.socket.accept();
    expect([engine.socket.url, engine.socket.sent]).toEqual(['ws://b/', []]);
    expect(engine.log).toEqual(['dropped:for a:url', 'connected']);
  });

  test('that is new while the component is deactivated lets failures count from 0', () => {
    const engine = startEngine({ autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.connection.deactivate();
    expect(engine.view.failures).toBe(1);
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.view.failures).toBe(0);
  });
});

describe('an app that throws where the library calls it', () => {
  test('hears of it, and the connection goes on: the binding of another framework may have a fault', () => {
    const engine = openEngine({
      received() {
        throw new Error('binding');
      },
    });
    engine.socket.say('one');
    engine.socket.say('two');
    expect(engine.unhandled).toEqual([new Error('binding'), new Error('binding')]);
    const before = engine.viewChanges;
    engine.connection.deactivate();
    const put = engine.viewChanges;
    engine.connection.close(1000);
    expect([put > before, engine.viewChanges > put, engine.view.phase]).toEqual([true, true, 'closed']);
  });

  test('is told that the view has changed, though no event says so', () => {
    const engine = startEngine();
    engine.socket.end();
    engine.connection.deactivate();
    const before = engine.viewChanges;
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect([engine.view.failures, engine.viewChanges - before]).toEqual([0, 1]);
  });
});

describe('options', () => {
  test('without a rule may be anything, and a limit of retries may be Infinity', () => {
    expect(() => checkOptions({ heartbeat: { message: 'ping', responseMessage: 'pong' } })).not.toThrow();
    expect(() => checkOptions({ autoReconnect: { retries: Infinity } })).not.toThrow();
    expect(() => checkOptions({ autoReconnect: { delay: Infinity } })).toThrow('autoReconnect.delay');
  });

  test('that are undefined do not stand in the way of defaults when they are flattened', () => {
    const options = { heartbeat: { interval: undefined, message: 'x' } };
    expect(flattenOptions(options)).toEqual({
      ...options,
      options,
      message: 'x',
    });
    expect('interval' in flattenOptions({ heartbeat: { interval: undefined } })).toBe(false);
  });

  test('that are unknown words count as the default in production', () => {
    const resolve = (options: object) => resolveOptions(flattenOptions(options), (source) => source);
    expect(resolve({ heartbeat: { liveness: 'maybe' } }).liveness).toBe('traffic');
    expect(resolve({ heartbeat: { responseMessage: Uint8Array.of(1) } }).binary).toBe(true);
    expect(resolve({ heartbeat: { responseMessage: 'pong' } }).binary).toBe(false);
  });
});
