/** Where and when the app's code runs: each of these was once a seeded bug that no other test noticed. */
import { describe, expect, test } from 'vitest';
import { ref, unref } from 'vue';
import { checkOptions } from '../../src/core/check-options';
import { HeartbeatSocketError } from '../../src/core/errors';
import { resolveOptions } from '../../src/core/options';
import { createEngine, type Engine, openEngine, startEngine } from '../support/engine';

/** Lets promises settle. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('within the call that makes the connection', () => {
  test('beforeConnect does not run, and then runs once, however often the app has called open()', async () => {
    let runs = 0;
    const engine = startEngine({
      isHeld: true,
      beforeConnect() {
        runs += 1;
        return undefined;
      },
    });
    engine.connection.open();
    expect(runs).toBe(0);
    engine.connection.release();
    await settled();
    expect([runs, engine.ports.live().length]).toEqual([1, 1]);
  });

  test('retries is not asked, though the url was refused', async () => {
    let asked = 0;
    const engine = createEngine({
      isHeld: true,
      autoReconnect: {
        retries() {
          asked += 1;
          return true;
        },
      },
    });
    engine.ports.refusal = new Error('no');
    engine.connection.open();
    expect(asked).toBe(0);
    engine.connection.release();
    await settled();
    expect(asked).toBe(1);
  });

  test('nothing is told, and then everything in order, before what the app does about it', async () => {
    const told: string[] = [];
    const engine: Engine = startEngine({
      isHeld: true,
      listener: {
        onEvent({ type }) {
          if (told.push(type) === 1) engine.connection.send('hello');
        },
      },
    });
    expect(told).toEqual([]);
    engine.connection.release();
    await settled();
    expect(told).toEqual(['changed', 'attempted', 'buffered']);
  });
});

test('once the call has returned, an event is told at once', async () => {
  const engine = startEngine({ isHeld: true });
  engine.connection.release();
  await settled();
  engine.socket.accept();
  expect(engine.log).toEqual(['connected']);
});

test('callbacks and the serializer run where the app has what it provides', () => {
  const seen: string[] = [];
  let depth = 0;
  const note = (what: string) => (): void => void seen.push(`${what} ${depth > 0}`);
  const engine = openEngine({
    within(run) {
      depth += 1;
      try {
        return run();
      } finally {
        depth -= 1;
      }
    },
    serializer: {
      read: (data) => data,
      write: (value) => {
        note('write')();
        return value;
      },
    },
    listener: { onConnected: note('connected'), onMessage: note('message') },
  });
  engine.socket.say('hello');
  engine.connection.send('hello');
  expect(seen).toEqual(['connected true', 'message true', 'write true']);
});

describe('a getter', () => {
  test('of interval that throws is reported, and the heartbeat goes on as by default', () => {
    const engine = openEngine({
      heartbeat: {
        interval: () => {
          throw new Error('not ready');
        },
      },
    });
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
    expect(engine.log).toContain('error');
  });

  test('of interval is read with each heartbeat', () => {
    let interval = 10_000;
    const engine = openEngine({ heartbeat: { interval: () => interval } });
    interval = 3_000;
    for (let second = 0; second < 13; second += 1) {
      engine.ports.clock.advance(1_000);
      if (engine.socket.sent.length) engine.socket.say('HeartBeat');
    }
    expect(engine.socket.sent).toEqual(['HeartBeat', 'HeartBeat']);
  });

  test('or a ref of responseMessage is read with each message', () => {
    const answer = { value: 'pong' };
    const read = (source: unknown): unknown => (source === answer ? answer.value : source);
    const { response } = resolveOptions({ responseMessage: answer }, read);
    expect(response?.('x')).toBe('pong');
    answer.value = 'PONG';
    expect(response?.('x')).toBe('PONG');
  });
});

test('a url that a callback takes away and gives back is connected to', () => {
  const engine: Engine = openEngine({
    listener: {
      onMessage() {
        for (const url of ['', 'ws://server/']) {
          engine.url = url;
          engine.connection.changeUrl();
        }
      },
    },
  });
  engine.socket.say('log in again');
  expect(engine.view.phase).toBe('connecting');
});

describe('in production, where nothing is checked,', () => {
  const resolve = (options: object) => resolveOptions(options as Record<string, unknown>, (source) => source);

  test('a closeAfter that is no number leaves hidden pages connected', () => {
    expect(resolve({ whenHidden: { closeAfter: Number.NaN } }).closeAfter).toBe(Infinity);
  });

  test('a function in place of a number counts as the default', () => {
    expect(resolve({ connectTimeout: () => 5 }).connectTimeout).toBe(10_000);
  });
});

test('without a heartbeat a message of its text reaches the app', () => {
  const engine = openEngine({ heartbeat: false });
  engine.socket.say('HeartBeat');
  expect(engine.received).toEqual(['HeartBeat']);
});

test('a beforeConnect that rejects when its attempt is long over does not fail the next one', async () => {
  const rejects: ((why: Error) => void)[] = [];
  const engine = startEngine({ beforeConnect: () => new Promise((_, reject) => rejects.push(reject)) });
  engine.connection.open();
  rejects[0]?.(new Error('late'));
  await settled();
  expect(engine.view).toMatchObject({ phase: 'connecting', failures: 0 });
});

test('a ref of interval is taken, and a function in place of a number is not', () => {
  expect(() => checkOptions({ heartbeat: { interval: ref(5_000) } }, unref)).not.toThrow();
  expect(() => checkOptions({ connectTimeout: () => 5 })).toThrow('connectTimeout must be a number of ms');
  expect(() => checkOptions({ whenHidden: { closeAfter: -1 } })).toThrow('whenHidden must be');
});

test('an unusable url is told as such, and not as a fault of the constructor', () => {
  const engine = createEngine();
  engine.ports.refusal = new HeartbeatSocketError('url', 'no');
  engine.connection.open();
  expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'url' } });
});
