/** Written for bugs that were seeded into the core (`npm run test:mutation`) and that no other test noticed. */
import { describe, expect, test } from 'vitest';
import type { HeartbeatSocketEvent } from '../../src/core/log-event';
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
  test('that is told again in a callback, after close(), does not undo the close()', () => {
    const engine: Engine = openEngine({
      listener: {
        onMessage: () => {
          engine.connection.close(1000);
          engine.connection.changeUrl();
        },
      },
    });
    engine.socket.say('bye');
    expect(engine.view.phase).toBe('closed');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('that cannot be read when a retry starts is an error of the app, and a later retry reads it again', () => {
    const engine = startEngine();
    engine.socket.end();
    const error = new Error('no url');
    let isBroken = true;
    Object.defineProperty(engine, 'url', {
      get: () => {
        if (isBroken) throw error;
        return 'ws://other/';
      },
    });
    engine.ports.clock.advance(delayNow(engine));
    expect(engine.unhandled).toEqual([error]);
    isBroken = false;
    pass(engine, () => engine.ports.sockets.length > 1);
    expect(engine.socket.url).toBe('ws://other/');
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

describe('a page that freezes while the answer to a heartbeat is due', () => {
  test('and hears a message before its late timer fires gives the next heartbeat the time of a heartbeat', () => {
    const engine = openEngine({ heartbeat: { interval: 2_000 } });
    const { clock } = engine.ports;
    const { after } = clock;
    // The timer that is armed as the heartbeat is sent fires much too late.
    clock.after = (ms, run) => after.call(clock, ms + 60_000, run);
    clock.advance(2_000);
    clock.after = after;
    clock.advance(9_000);
    engine.socket.say('hello');
    clock.advance(9_000);
    expect(engine.view.status).toBe('OPEN');
    expect(beats(engine.socket)).toBeGreaterThan(1);
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

  test('that were sent to one url do not go to another that the app has set just before beforeConnect is done', async () => {
    const { engine, settle } = startHolding({ url: 'ws://a/' });
    engine.connection.send('hello');
    engine.url = 'ws://b/';
    await settle();
    engine.socket.accept();
    expect(engine.socket.url).toBe('ws://b/');
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
