/** Written for bugs that were seeded into the core (`npm run test:mutation`) and that no other test noticed. */
import { describe, expect, test } from 'vitest';
import type { HeartbeatSocketEvent } from '../../src/core/log-event';
import { flattenOptions, resolveOptions } from '../../src/core/options';
import {
  beats,
  createEngine,
  delayNow,
  type Engine,
  type EngineOptions,
  openEngine,
  pass,
  startEngine,
} from '../support/engine';

/** After a loss on this side of the link the default delay is shorter than this (ms), and longer after the server's. */
const SOON = 100;

/** An engine whose `beforeConnect` ends when the test says so. */
const startHolding = (options: EngineOptions = {}) => {
  const signals: { readonly aborted: boolean }[] = [];
  const held: (() => void)[] = [];
  const engine = startEngine({
    ...options,
    beforeConnect: ({ signal }) => {
      signals.push(signal as { readonly aborted: boolean });
      return new Promise<undefined>((resolve) => held.push(() => resolve(undefined)));
    },
  });
  const settle = async (): Promise<void> => {
    held.at(-1)?.();
    await Promise.resolve();
  };
  return { engine, signals, settle };
};

const turnTo = (engine: Engine, url: string | undefined): void => {
  engine.url = url;
  engine.connection.changeUrl();
};

const urls = ({ ports }: Engine): string[] => ports.sockets.map(({ url }) => url);

describe('a connection that is lost soon after the page woke up is back at once', () => {
  const lostAfterWake = (wake: (engine: Engine) => void): number => {
    const engine = openEngine();
    engine.ports.random = 0.9;
    wake(engine);
    if (engine.view.status === 'CONNECTING') engine.socket.accept();
    engine.socket.end();
    return delayNow(engine);
  };

  test('when the page comes back from the back-forward cache', () => {
    const delay = lostAfterWake(({ ports }) => {
      ports.signal('pagehide');
      ports.signal('pageshow');
    });
    expect(delay).toBeLessThan(SOON);
  });

  test('when a timer that fired late was all that told of the sleep', () => {
    expect(lostAfterWake(({ ports }) => ports.clock.sleep(60_000))).toBeLessThan(SOON);
  });

  test('once for each wake', () => {
    const delay = lostAfterWake((engine) => {
      engine.ports.signal('visibilitychange');
      engine.socket.end();
      engine.ports.clock.advance(delayNow(engine));
      engine.socket.accept();
      engine.ports.signal('visibilitychange');
    });
    expect(delay).toBeLessThan(SOON);
  });

  test('and not when the page has slept for no time at all', () => {
    expect(lostAfterWake(() => {})).toBeGreaterThan(SOON);
  });
});

describe('the url', () => {
  test('that a callback tells of twice is dialled once', () => {
    const engine: Engine = openEngine({
      listener: {
        onMessage: () => {
          turnTo(engine, 'ws://other/');
          turnTo(engine, 'ws://other/');
        },
      },
    });
    engine.socket.say('hi');
    expect(urls(engine)).toEqual(['ws://server/', 'ws://other/']);
  });

  test('that goes away takes the failures with it', () => {
    const engine = startEngine();
    engine.socket.end();
    expect(engine.view.failures).toBe(1);
    turnTo(engine, undefined);
    expect(engine.view).toMatchObject({ phase: 'idle', failures: 0 });
  });

  test('into which beforeConnect writes a token, after it has changed, is dialled, and beforeConnect runs once', async () => {
    const { engine, signals, settle } = startHolding({ url: 'ws://a/' });
    turnTo(engine, 'ws://b/');
    engine.url = 'ws://b/?t=1';
    await settle();
    expect(urls(engine)).toEqual(['ws://b/?t=1']);
    expect(signals).toHaveLength(1);
  });

  test('into which beforeConnect writes a token in the end does not start the attempt over when the app hears of it', async () => {
    const { engine, signals, settle } = startHolding({ url: 'ws://a/' });
    engine.url = 'ws://a/?t=1';
    await settle();
    engine.connection.changeUrl();
    expect(urls(engine)).toEqual(['ws://a/?t=1']);
    expect(signals).toHaveLength(1);
  });

  test('is not read any more once the app has left, though its beforeConnect is done later', async () => {
    const { engine, settle } = startHolding();
    engine.connection.leave();
    Object.defineProperty(engine, 'url', {
      get: () => {
        throw new Error('the app is gone');
      },
    });
    await settle();
    expect(engine.unhandled).toEqual([]);
  });
});

describe('beforeConnect', () => {
  test('is not aborted by the end of a socket that it has led to', async () => {
    const { engine, signals, settle } = startHolding();
    await settle();
    engine.socket.accept();
    engine.connection.close(1000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});

describe('the heartbeat', () => {
  test("with liveness: 'response' a server that answers stays connected", () => {
    const engine = openEngine({ heartbeat: { liveness: 'response' } });
    const { socket } = engine;
    for (let minutes = 0; minutes < 10; minutes += 1) {
      while (socket.sent.length) socket.say(socket.sent.pop());
      engine.ports.clock.advance(10_000);
    }
    expect(engine.ports.sockets).toHaveLength(1);
    expect(engine.view.phase).toBe('open');
  });
});

describe('on a page that is busy for good, so that each timer is 1.5 s late', () => {
  const busy = (engine: Engine): Engine => {
    const { clock } = engine.ports;
    const { after } = clock;
    clock.after = (ms, run) => after.call(clock, ms + 1_500, run);
    return engine;
  };

  test('an attempt that hangs is given up', () => {
    const engine = busy(createEngine());
    engine.connection.open();
    const first = engine.socket;
    engine.ports.clock.advance(20_000);
    expect(first.closedWith).toEqual([]);
  });

  test('an answer that waits behind the late timer of a probe is heard', () => {
    const engine = busy(createEngine());
    engine.connection.open();
    engine.socket.accept();
    // The timer of the heartbeat is late, so a probe goes out; its own timer is late as well.
    pass(engine, () => beats(engine.socket) === 1);
    engine.ports.clock.advance(2_500);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(1_500);
    expect(engine.view.phase).toBe('open');
    expect(engine.ports.sockets).toHaveLength(1);
  });
});

test('an error event of a socket that is not closed leaves the attempt alone', () => {
  const engine = startEngine();
  engine.socket.fail();
  engine.ports.clock.advance(1_000);
  engine.socket.accept();
  expect(engine.view.phase).toBe('open');
});

describe('ws', () => {
  test('still shows the socket that ended while the next attempt runs beforeConnect', async () => {
    const { engine, settle } = startHolding();
    await settle();
    engine.socket.accept();
    const [first] = engine.ports.sockets;
    engine.socket.end();
    engine.ports.clock.advance(delayNow(engine));
    expect(engine.view).toMatchObject({ phase: 'connecting', ws: first });
  });

  test('is gone for whoever hears that the connection is closed', () => {
    const shown: unknown[] = [];
    const engine: Engine = openEngine({
      listener: { onEvent: ({ phase }) => phase === 'closed' && shown.push(engine.view.ws) },
    });
    engine.connection.close(1000);
    expect(shown).toEqual([undefined, undefined]);
  });
});

describe('the log', () => {
  const logging = (options: EngineOptions = {}): { engine: Engine; log: HeartbeatSocketEvent[] } => {
    const log: HeartbeatSocketEvent[] = [];
    const engine = openEngine({ ...options, listener: { onEvent: (event) => log.push(event), ...options.listener } });
    log.length = 0;
    return { engine, log };
  };

  test('tells of a message that the serializer could not read', () => {
    const { engine, log } = logging({ serializer: 'json' });
    engine.socket.say('{');
    expect(log.map(({ type }) => type)).toEqual(['received', 'erred']);
  });

  test('tells why a connection was lost, though onDisconnected sends a message', () => {
    const { engine, log } = logging({ listener: { onDisconnected: () => engine.connection.send('bye') } });
    engine.socket.end();
    expect(log.map(({ type, cause }) => `${type}: ${cause}`)).toEqual([
      'changed: ended',
      'ended: ended',
      'buffered: send',
      'erred: ended',
    ]);
  });
});

describe('buffered messages', () => {
  test('that were sent without a url, and then addressed to one, do not go to the url after it', () => {
    const engine = startEngine({ url: '' });
    engine.connection.send('hello');
    turnTo(engine, 'ws://a/');
    turnTo(engine, 'ws://b/');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toContain('dropped:hello:url');
  });

  test('do not go out any more when onSend closes the connection', () => {
    const engine: Engine = startEngine({ listener: { onSend: () => engine.connection.close(1000) } });
    engine.connection.send('one');
    engine.connection.send('two');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['one']);
    expect(engine.log).toContain('dropped:two:closed');
  });
});

test('an onError that throws at an error of the socket is not told of its own error', () => {
  let calls = 0;
  const engine = openEngine({
    listener: {
      onError: () => {
        calls += 1;
        throw new Error('onError');
      },
    },
  });
  engine.socket.fail();
  expect(calls).toBe(1);
  expect(engine.unhandled).toHaveLength(1);
});

test('an option that is given as undefined leaves the default of the plugin', () => {
  const plugin = flattenOptions({ heartbeat: { interval: 5_000 } });
  const own = flattenOptions({ heartbeat: { interval: undefined } } as object);
  expect(resolveOptions({ ...plugin, ...own }, (source) => source).interval).toBe(5_000);
});
