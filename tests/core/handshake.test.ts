/** The application's own handshake: a server that wants a login, an init or a hello before anything else. */
import { describe, expect, test } from 'vitest';
import type { HandshakeLink } from '../../src/core/connection-types';
import { type Engine, type EngineOptions, startEngine } from '../support/engine';

/** Lets promises settle. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

/** A server like that of graphql-transport-ws: it closes with 4401 if anything comes before the init is acknowledged. */
const init = async ({ send, receive }: HandshakeLink): Promise<undefined> => {
  send('init');
  const answer = await receive();
  if (answer !== 'ack') throw new Error(`expected ack, received ${answer}`);
};

/** An engine whose socket is open, and whose handshake is under way. */
function shaking(options: EngineOptions = {}): Engine {
  const engine = startEngine({ handshake: init, ...options });
  engine.socket.accept();
  return engine;
}

test('a server that wants an init first gets nothing else before it has acknowledged', async () => {
  const engine = shaking();
  expect(engine.connection.send('subscribe')).toBe(false);
  expect(engine.socket.sent).toEqual(['init']);
  expect(engine.view).toMatchObject({ phase: 'connecting', status: 'CONNECTING', ws: engine.socket });
  expect(engine.log).toEqual([]);
  engine.socket.say('ack');
  await settled();
  expect(engine.view.phase).toBe('open');
  expect(engine.log).toEqual(['connected']);
  expect(engine.socket.sent).toEqual(['init', 'subscribe']);
  expect(engine.received).toEqual([]);
});

test('a handshake need not be async', () => {
  const engine = startEngine({
    handshake({ send }) {
      send('hello');
      return undefined;
    },
  });
  engine.socket.accept();
  expect([engine.view.phase, engine.socket.sent]).toEqual(['open', ['hello']]);
});

test('what the server says at once after the handshake reaches the app, in order, after onConnected', async () => {
  const engine = shaking();
  engine.socket.say('ack');
  engine.socket.say('first');
  engine.socket.say('second');
  await settled();
  engine.socket.say('third');
  expect(engine.received).toEqual(['first', 'second', 'third']);
});

test('what the app answers to such a message does not overtake what was kept', async () => {
  const engine: Engine = startEngine({
    handshake: init,
    heartbeat: false,
    listener: { onMessage: () => engine.connection.send('reply') },
  });
  for (const data of [1, 2]) engine.connection.send(data);
  engine.socket.accept();
  engine.socket.say('ack');
  engine.socket.say('news');
  await settled();
  expect(engine.socket.sent).toEqual(['init', 1, 2, 'reply']);
});

test('no such message arrives after a close() at one before', async () => {
  const engine: Engine = startEngine({
    handshake: init,
    listener: { onMessage: () => engine.connection.close(1000) },
  });
  engine.socket.accept();
  engine.socket.say('ack');
  for (const data of ['one', 'two', 'three']) engine.socket.say(data);
  await settled();
  expect(engine.received).toEqual(['one']);
});

test('a handshake that goes on to receive after it has ended is told so, and takes no message from the app', async () => {
  const told: unknown[] = [];
  const engine = startEngine({
    handshake({ receive }) {
      void receive()
        .then(receive)
        .catch(({ message }) => told.push(message));
      return Promise.resolve(undefined);
    },
  });
  engine.socket.accept();
  await settled();
  expect(told).toEqual(['handshake: the handshake is over']);
  engine.socket.say('news');
  await settled();
  expect(engine.received).toEqual(['news']);
});

test('a handshake reads messages that came before it asked', async () => {
  const heard: unknown[] = [];
  const engine = startEngine({
    async handshake({ receive }) {
      await Promise.resolve();
      heard.push(await receive(), await receive());
      return undefined;
    },
  });
  engine.socket.accept();
  engine.socket.say('hello');
  engine.socket.say('version 2');
  await settled();
  expect(heard).toEqual(['hello', 'version 2']);
  expect([engine.view.phase, engine.received]).toEqual(['open', []]);
});

test('no heartbeat is sent before the handshake has ended', async () => {
  const engine = shaking({ heartbeat: { interval: 1_000 }, connectTimeout: 10_000 });
  engine.ports.clock.advance(5_000);
  expect(engine.socket.sent).toEqual(['init']);
  engine.socket.say('ack');
  await settled();
  engine.ports.clock.advance(1_000);
  expect(engine.socket.sent).toEqual(['init', 'HeartBeat']);
});

describe('a handshake that fails', () => {
  test('is a failed attempt with the code handshake, and the next one follows', async () => {
    const engine = shaking({ autoReconnect: { delay: 100 } });
    engine.socket.say('nack');
    await settled();
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'handshake' } });
    expect(engine.view.error?.message).toBe('handshake: expected ack, received nack');
    expect(engine.socket.closedWith).toEqual([]);
    engine.ports.clock.advance(100);
    expect(engine.ports.sockets).toHaveLength(2);
    expect(engine.log).toEqual([]);
  });

  test('by throwing at once is no other than one that rejects', () => {
    const engine = startEngine({
      handshake() {
        throw new Error('no password');
      },
    });
    engine.socket.accept();
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'handshake' } });
  });

  test('by taking too long ends with connectTimeout', () => {
    const engine = shaking();
    engine.ports.random = 0.5;
    engine.ports.clock.advance(10_000);
    expect(engine.view.error?.code).toBe('connect-timeout');
    expect(engine.socket.closedWith).toEqual([]);
  });

  test('by a close code that is final ends the retries, and what was sent is kept', () => {
    const engine = shaking();
    engine.connection.send('kept');
    engine.socket.end(4401, 'Unauthorized');
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code', closeCode: 4401 } });
    expect(engine.log).toEqual(['failed']);
    expect(engine.view.pending).toBe(1);
  });

  test('for good ends with giveUp', async () => {
    const engine = shaking({
      async handshake({ receive, giveUp }) {
        if ((await receive()) === 'wrong password') giveUp('wrong password');
        return undefined;
      },
    });
    engine.socket.say('wrong password');
    await settled();
    engine.ports.clock.advance(600_000);
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'gave-up', cause: 'wrong password' } });
    expect(engine.ports.sockets).toHaveLength(1);
  });
});

describe('a handshake whose attempt is over', () => {
  test.each([
    ['close()', (engine: Engine) => engine.connection.close(1000)],
    ['leave()', (engine: Engine) => engine.connection.leave()],
    ['the end of the socket', (engine: Engine) => engine.socket.end()],
    ['connectTimeout', (engine: Engine) => engine.ports.clock.advance(10_000)],
  ])('by %s is told so: its signal aborts, and what it waits for rejects', async (_, end) => {
    const told: unknown[] = [];
    const engine = startEngine({
      async handshake({ receive, signal, send }) {
        await receive().catch(({ code }) => told.push(code, (signal as AbortSignal).aborted));
        await receive().catch(({ code }) => told.push(code));
        send('too late');
        return undefined;
      },
    });
    engine.socket.accept();
    const { socket } = engine;
    end(engine);
    await settled();
    expect(told).toEqual(['handshake', true, 'handshake']);
    expect(socket.sent).toEqual([]);
    expect(engine.view.phase).not.toBe('open');
  });

  test('changes nothing when it ends after all', async () => {
    let finish: () => void = () => {};
    const engine = startEngine({
      handshake: () => new Promise((resolve) => (finish = () => resolve(undefined))),
      autoReconnect: { delay: 0 },
    });
    engine.socket.accept();
    const finishFirst = finish;
    engine.connection.open();
    engine.socket.accept();
    finishFirst();
    await settled();
    expect(engine.view.phase).toBe('connecting');
    finish();
    await settled();
    expect(engine.view.phase).toBe('open');
  });

  test('whose answer comes late does not make an unhandled rejection', async () => {
    const engine = shaking();
    engine.connection.close(1000);
    await settled();
    expect(engine.view.phase).toBe('closed');
  });
});

describe('figures that a handshake has negotiated', () => {
  const negotiated = (figures: object): Engine => {
    const engine = startEngine({ handshake: () => figures });
    engine.socket.accept();
    return engine;
  };

  test('hold for this connection in place of the options', () => {
    const engine = negotiated({ interval: 3_000, pongTimeout: 2_000 });
    engine.ports.clock.advance(3_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(4_999);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(1);
    expect(engine.view.error?.code).toBe('silence');
  });

  test('that make no sense leave the options in force', () => {
    for (const interval of [0, -1, Number.NaN, '3', undefined, null]) {
      const engine = negotiated({ interval, pongTimeout: interval });
      engine.ports.clock.advance(10_000);
      expect(engine.socket.sent).toEqual(['HeartBeat']);
      engine.ports.clock.advance(9_999);
      expect(engine.view.status).toBe('OPEN');
    }
  });

  test('switch no heartbeat on where there is none, or where a scheduler times it', () => {
    for (const heartbeat of [false, { scheduler: () => ({ pause() {}, resume() {} }) }]) {
      const engine = startEngine({ heartbeat, handshake: () => ({ interval: 5_000 }) });
      engine.socket.accept();
      engine.ports.clock.advance(60_000);
      expect(engine.socket.sent).toEqual([]);
    }
  });

  test('may switch the heartbeat off', () => {
    const engine = negotiated({ interval: Infinity });
    engine.ports.clock.advance(600_000);
    expect(engine.socket.sent).toEqual([]);
  });
});
