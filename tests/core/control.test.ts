/** A server with control messages of its own: pings that want an answer, figures, frames that hold several messages. */
import assert from 'node:assert';
import { describe, expect, test, vi } from 'vitest';
import { createAtLeastOnce } from '../../src/core/at-least-once';
import { delayNow, type Engine, type EngineOptions, openEngine, startEngine } from '../support/engine';

type Heartbeat = Exclude<NonNullable<EngineOptions['heartbeat']>, boolean | (() => unknown)>;
type Said = ReturnType<NonNullable<Heartbeat['control']>>;

/** An open connection whose `control` says this of these messages. */
const opened = (says: Record<string, Said>, heartbeat: Heartbeat = {}, options: EngineOptions = {}): Engine =>
  openEngine({ ...options, heartbeat: { control: (data: string) => says[data], ...heartbeat } });

const events = (engine: Engine): string[] => {
  const types: string[] = [];
  engine.connection.listeners.add({ onEvent: ({ type }) => types.push(type) });
  return types;
};

describe("a server's own ping", () => {
  test('is answered at once, and the app does not see it', () => {
    const engine = opened({ ping: { reply: 'pong' } });
    engine.socket.say('ping');
    expect(engine.socket.sent).toEqual(['pong']);
    expect(engine.received).toEqual([]);
    expect(engine.log).toEqual(['connected']);
  });

  test('is told to onEvent with what came and what went back', () => {
    const engine = opened({ ping: { reply: 'pong' } });
    const heard = vi.fn();
    engine.connection.listeners.add({ onEvent: heard });
    engine.socket.say('ping');
    expect(heard.mock.lastCall).toMatchObject([{ type: 'control', data: 'ping', reply: 'pong', cause: 'message' }]);
  });

  test('is not told for a frame that holds messages of the app and nothing else', () => {
    const engine = opened({ frame: { messages: ['a'] }, both: { messages: ['b'], reply: 'pong' } });
    const types = events(engine);
    engine.socket.say('frame');
    engine.socket.say('both');
    expect(types).toEqual(['received', 'control', 'received']);
  });

  test('is a sign of life', () => {
    const engine = opened({ ping: {} });
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(5_000);
    expect(engine.view.phase).toBe('suspect');
    engine.socket.say('ping');
    expect(engine.view.phase).toBe('open');
  });

  test("is no sign of life where liveness is 'response'", () => {
    const engine = opened({ ping: { reply: 'pong' } }, { liveness: 'response' });
    engine.ports.clock.advance(15_000);
    engine.socket.say('ping');
    expect(engine.view.phase).toBe('suspect');
  });

  test('puts keep-alive off by its reply, as whatever the client sends', () => {
    const engine = opened({ ping: { reply: 'pong' } });
    for (let second = 0; second < 60; second += 5) {
      engine.ports.clock.advance(5_000);
      engine.socket.say('ping');
    }
    expect(engine.socket.sent.filter((data) => data === 'HeartBeat')).toEqual([]);
  });

  test('is answered while the handshake is under way, which does not hear it', async () => {
    const heard: unknown[] = [];
    const engine = startEngine({
      heartbeat: { control: (data: string) => (data === 'ping' ? { reply: 'pong' } : undefined) },
      async handshake({ receive }) {
        heard.push(await receive());
        return undefined;
      },
    });
    engine.socket.accept();
    engine.socket.say('ping');
    engine.socket.say('welcome');
    await vi.waitFor(() => expect(engine.view.phase).toBe('open'));
    expect(engine.socket.sent).toEqual(['pong']);
    expect(heard).toEqual(['welcome']);
    expect(engine.received).toEqual([]);
  });

  test('gets no reply from a connection that its own control has closed', () => {
    const engine = openEngine({
      heartbeat: {
        control() {
          engine.connection.close(1000);
          return { reply: 'pong' };
        },
      },
    });
    const { socket } = engine;
    const heard = vi.fn();
    engine.connection.listeners.add({ onEvent: heard });
    socket.say('ping');
    expect(socket.sent).toEqual([]);
    expect(engine.view.phase).toBe('closed');
    expect(heard.mock.calls).toContainEqual([expect.objectContaining({ type: 'control', reply: undefined })]);
  });

  test('gets no reply that the socket could not send as it is meant, and onError hears of it', () => {
    const engine = opened(
      { ping: { reply: { not: 'sendable' } } },
      {},
      { listener: { onError: (_, event) => errors.push(event) } },
    );
    const errors: unknown[] = [];
    engine.socket.say('ping');
    expect(errors).toMatchObject([{ error: { code: 'send' } }]);
    expect(engine.socket.sent).toEqual([]);
    expect(engine.view.phase).toBe('open');
  });
});

describe('an answer that control knows', () => {
  test('settles the heartbeat, gives its round trip, and does not reach the app', () => {
    const engine = opened({ 'pong with a stamp': { answer: true } });
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(80);
    engine.socket.say('pong with a stamp');
    expect(engine.view.latency).toBe(80);
    expect(engine.view.phase).toBe('open');
    expect(engine.received).toEqual([]);
  });

  test('that nobody waits for measures nothing', () => {
    const engine = opened({ pong: { answer: true } });
    engine.socket.say('pong');
    expect(engine.view.latency).toBeUndefined();
    expect(engine.received).toEqual([]);
  });

  test('is told as an answer, and not as a control message', () => {
    const engine = opened({ pong: { answer: true } });
    const types = events(engine);
    engine.socket.say('pong');
    expect(types).toEqual(['answered']);
  });

  test("is what proves life where liveness is 'response'", () => {
    const engine = opened({ pong: { answer: true } }, { liveness: 'response' });
    engine.ports.clock.advance(15_000);
    expect(engine.view.phase).toBe('suspect');
    engine.socket.say('pong');
    expect(engine.view.phase).toBe('open');
  });

  test('is one of two ways: what responseMessage knows is an answer all the same', () => {
    const engine = opened({ ping: { reply: 'pong' } }, { message: 'PING', responseMessage: 'PONG' });
    engine.ports.clock.advance(10_000);
    engine.socket.say('PONG');
    expect(engine.received).toEqual([]);
    expect(engine.view.latency).toBe(0);
  });
});

describe('what control says nothing about', () => {
  test('is the app’s', () => {
    const engine = opened({ ping: {} });
    engine.socket.say('a price');
    expect(engine.received).toEqual(['a price']);
  });

  test('is asked for with no message where the heartbeat is off', () => {
    const control = vi.fn();
    const engine = openEngine({ heartbeat: false, ...{ control } });
    engine.socket.say('ping');
    expect(control).not.toHaveBeenCalled();
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('parse');
      },
    ],
    ['gives a text', () => 'pong'],
    ['gives true', () => true],
    ['gives null', () => null],
    ['gives a list', () => []],
    ['is async', async () => ({})],
    ['gives messages that are no list', () => ({ messages: 'pong' })],
    [
      'gives an object that throws when it is read',
      () => ({
        get messages() {
          throw new Error('parse');
        },
      }),
    ],
  ])('and a control that %s loses no message, and onError hears of it', (_, control) => {
    const errors: unknown[] = [];
    const engine = openEngine({ heartbeat: { control }, listener: { onError: (_, event) => errors.push(event) } });
    engine.socket.say('a price');
    expect(engine.received).toEqual(['a price']);
    expect(errors).toMatchObject([{ error: { code: 'callback' } }]);
    expect(engine.view.phase).toBe('open');
  });
});

describe('figures that the server names in a message', () => {
  test('hold from then on, for this socket alone', () => {
    const engine = opened({ slower: { interval: 30_000, pongTimeout: 20_000 } });
    engine.socket.say('slower');
    engine.ports.clock.advance(29_999);
    expect(engine.socket.sent).toEqual([]);
    engine.ports.clock.advance(1);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
    engine.ports.clock.advance(19_999);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(1);
    expect(engine.view.status).not.toBe('OPEN');
    engine.ports.clock.advance(100);
    engine.socket.accept();
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });

  test('that are shorter than the option hold at once', () => {
    const engine = opened({ faster: { interval: 2_000 } });
    engine.ports.clock.advance(1_000);
    engine.socket.say('faster');
    engine.ports.clock.advance(2_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });

  test('of which one makes no sense: the other one holds', () => {
    const engine = opened({ ready: { interval: 0, pongTimeout: 20_000 } });
    engine.socket.say('ready');
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(19_999);
    expect(engine.view.status).toBe('OPEN');
  });

  test.each([0, -5, Number.NaN, '30', null])('are ignored where they make no sense: %s', (interval) => {
    const engine = opened({ ready: { interval } as never });
    engine.socket.say('ready');
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });

  test('of the handshake stay where a message names others', async () => {
    const engine = startEngine({
      heartbeat: { control: (data: string) => (data === 'patience' ? { pongTimeout: 30_000 } : undefined) },
      handshake: async () => ({ interval: 5_000 }),
    });
    engine.socket.accept();
    await vi.waitFor(() => expect(engine.view.phase).toBe('open'));
    engine.socket.say('patience');
    engine.ports.clock.advance(5_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
    engine.ports.clock.advance(29_999);
    expect(engine.view.status).toBe('OPEN');
  });

  test('that come during the handshake hold as well', async () => {
    const engine = startEngine({
      heartbeat: { control: (data: string) => (data === 'hello' ? { interval: 3_000 } : undefined) },
      async handshake({ receive }) {
        await receive();
        return undefined;
      },
    });
    engine.socket.accept();
    engine.socket.say('hello');
    engine.socket.say('ready');
    await vi.waitFor(() => expect(engine.view.phase).toBe('open'));
    engine.ports.clock.advance(3_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });
});

describe('a frame that holds several messages', () => {
  const frame = { 'PONG+a+b': { answer: true, messages: ['a', 'b'] }, piece: {}, rest: { messages: ['whole'] } };

  test('reaches the app message by message, without what is not the app’s', () => {
    const engine = opened(frame);
    engine.ports.clock.advance(10_000);
    engine.socket.say('PONG+a+b');
    expect(engine.received).toEqual(['a', 'b']);
    expect(engine.view.latency).toBe(0);
  });

  test('a message that comes in pieces reaches the app once it is whole', () => {
    const engine = opened(frame);
    engine.socket.say('piece');
    expect(engine.received).toEqual([]);
    engine.socket.say('rest');
    expect(engine.received).toEqual(['whole']);
  });

  test('onMessage is given an event with the one message as its data', () => {
    const onMessage = vi.fn();
    const engine = opened(frame, {}, { listener: { onMessage } });
    engine.socket.say('PONG+a+b');
    expect(onMessage.mock.calls.map(([, event, value]) => [event.data, value])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });

  test('of which there are very many does not freeze the page', () => {
    const messages = Array.from({ length: 50_000 }, (_, at) => `m${at}`);
    const engine = opened({ frame: { messages } });
    engine.socket.say('frame');
    expect(engine.received).toEqual(messages);
  }, 10_000);

  test('close() at its first message ends it there', () => {
    const engine = opened(frame, {}, { listener: { onMessage: () => engine.connection.close(1000) } });
    engine.socket.say('PONG+a+b');
    expect(engine.received).toEqual(['a']);
  });

  test('goes to the handshake first, and what that does not ask for to the app', async () => {
    const heard: unknown[] = [];
    const engine = startEngine({
      heartbeat: { control: (data: string) => ({ messages: data.split('+') }) },
      async handshake({ receive }) {
        heard.push(await receive());
        return undefined;
      },
    });
    engine.socket.accept();
    engine.socket.say('welcome+a+b');
    await vi.waitFor(() => expect(engine.view.phase).toBe('open'));
    expect(heard).toEqual(['welcome']);
    expect(engine.received).toEqual(['a', 'b']);
  });

  test('control sees each message of the server once, also what came during the handshake', async () => {
    const seen: string[] = [];
    const engine = startEngine({
      heartbeat: {
        control(data: string) {
          seen.push(data);
          return undefined;
        },
      },
      async handshake({ receive }) {
        await receive();
        return undefined;
      },
    });
    engine.socket.accept();
    engine.socket.say('welcome');
    engine.socket.say('too early');
    await vi.waitFor(() => expect(engine.view.phase).toBe('open'));
    expect(seen).toEqual(['welcome', 'too early']);
    expect(engine.received).toEqual(['too early']);
  });
});

describe('a message with which the server ends the connection', () => {
  const bye = { end: { code: 1012, reason: 'server_restart' } };
  const refused = { end: { code: 1008, reason: 'unauthorized' } };

  test('is the end of it for the app: the library comes back after a pause, as after a close by the server', () => {
    const engine = opened({ bye });
    engine.ports.random = 0.5;
    engine.socket.say('bye');
    expect(engine.log).toEqual(['connected', 'disconnected:1012:server_restart:true']);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'closed', closeCode: 1012 } });
    expect(delayNow(engine)).toBe(2_500);
    engine.ports.clock.advance(2_500);
    expect(engine.ports.sockets).toHaveLength(2);
  });

  test('makes the library close the socket, and hear nothing of it any more', () => {
    const engine = opened({ bye });
    const { socket } = engine;
    socket.say('bye');
    expect(socket.closedWith).toEqual([]);
    socket.fire('message', { type: 'message', data: 'late' });
    socket.fire('close', { type: 'close', code: 4000, reason: 'late', wasClean: true });
    expect(engine.received).toEqual([]);
    expect(engine.log.filter((line) => line.startsWith('disconnected'))).toHaveLength(1);
  });

  test('ends in failed, with the words of the server, where its code is final', () => {
    const engine = opened({ refused });
    engine.socket.say('refused');
    expect(engine.view).toMatchObject({ phase: 'failed', retryAt: undefined });
    expect(engine.view.error).toMatchObject({ code: 'final-code', closeCode: 1008 });
    expect(engine.view.error?.message).toBe('final-code: closed 1008 unauthorized');
    expect(engine.log).toContain('failed');
  });

  test('is what the next beforeConnect is told', () => {
    const told: unknown[] = [];
    const engine = opened(
      { bye },
      {},
      { beforeConnect: ({ lastClose }) => void told.push(lastClose), autoReconnect: { delay: 0 } },
    );
    engine.socket.say('bye');
    engine.ports.clock.advance(0);
    expect(told).toEqual([undefined, { ...bye.end, wasClean: true }]);
  });

  test('sends its reply before the end', () => {
    const engine = opened({ bye: { ...bye, reply: 'see you' } });
    engine.socket.say('bye');
    expect(engine.socket.sent).toEqual(['see you']);
    expect(engine.view.phase).toBe('waiting');
  });

  test('ends the attempt while the handshake is under way', () => {
    const engine = startEngine({
      heartbeat: { control: (data: string) => (data === 'no' ? refused : undefined) },
      handshake: () => new Promise<undefined>(() => {}),
    });
    engine.socket.accept();
    engine.socket.say('no');
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code' } });
    expect(engine.socket.closedWith).toEqual([]);
  });

  test('gives the messages that were not read back to the buffer, where delivery is proven', () => {
    const settings = { ackWithin: 1_000, ack: undefined, id: undefined, storage: undefined };
    const engine = opened({ bye }, {}, { delivery: createAtLeastOnce(settings), autoReconnect: { delay: 0 } });
    engine.connection.send('a');
    engine.socket.say('bye');
    engine.ports.clock.advance(0);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['a']);
  });

  test.each([
    ['a symbol', { code: Symbol('x'), reason: Symbol('x') }],
    ['an object that cannot be read', { code: 1000, reason: { toString: () => assert.fail() } }],
    ['a text', 'over'],
    ['true', true],
    ['a bigint', { code: 1n }],
    ['a function', () => {}],
  ])('is no end of the library where it says %s', (_, end) => {
    const engine = opened({ bye: { end: end as never } });
    engine.socket.say('bye');
    const { phase } = engine.view;
    expect(['waiting', 'open']).toContain(phase);
    // What cannot be read is an error, and the message the app's.
    if (phase === 'open') expect([engine.received, engine.log.at(-1)]).toEqual([['bye'], 'error']);
  });
});
