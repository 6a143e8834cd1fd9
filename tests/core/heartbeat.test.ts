import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { beats, type Engine, type EngineOptions, openEngine, pass, startEngine } from '../support/engine';

/** An open connection with this heartbeat. Its first wait is the whole interval; later waits and delays use `random`. */
const opened = (heartbeat: EngineOptions['heartbeat'] = true, random = 0.5): Engine => {
  const engine = openEngine({ heartbeat });
  engine.ports.random = random;
  return engine;
};

describe('when a beat is due', () => {
  test('a beat is sent when the client has sent nothing for interval, however much it hears', () => {
    const engine = opened();
    for (let second = 0; second < 10; second += 1) {
      engine.ports.clock.advance(1_000);
      engine.socket.say('tick');
    }
    expect(beats(engine.socket)).toBe(1);
  });

  test('a beat is sent when the client has heard nothing for interval, however much it sends', () => {
    const engine = opened();
    for (let second = 0; second < 10; second += 1) {
      engine.ports.clock.advance(1_000);
      engine.connection.send('tick', false);
    }
    expect(beats(engine.socket)).toBe(1);
  });

  test('no beat is sent while messages go both ways', () => {
    const engine = opened();
    for (let second = 0; second < 60; second += 1) {
      engine.ports.clock.advance(1_000);
      engine.connection.send('tick', false);
      engine.socket.say('tick');
    }
    expect(beats(engine.socket)).toBe(0);
  });

  test('each wait for a beat is up to 10 % shorter, so that clients do not all beat at once', () => {
    const engine = opened(true, 0.999);
    engine.ports.clock.advance(10_000);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(9_000);
    expect(beats(engine.socket)).toBe(1);
    engine.ports.clock.advance(2);
    expect(beats(engine.socket)).toBe(2);
  });

  test('the heartbeat message is read anew for each beat, and its echo is the answer', () => {
    let count = 0;
    const engine = opened({ message: () => `beat ${++count}` });
    engine.ports.clock.advance(10_000);
    engine.socket.say('beat 1');
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['beat 1', 'beat 2']);
    engine.socket.say('beat 2');
    expect(engine.received).toEqual([]);
  });

  test('with the heartbeat off no beat is sent, and a silent server does not end the connection', () => {
    const engine = opened(false);
    engine.ports.clock.advance(3_600_000);
    expect(engine.socket.sent).toEqual([]);
    expect(engine.view.phase).toBe('open');
  });
});

describe('what proves life', () => {
  test('any message of the server proves that the link is alive, by default', () => {
    const engine = opened();
    engine.ports.clock.advance(10_000);
    engine.socket.say('anything');
    engine.ports.clock.advance(9_000);
    expect(engine.view.phase).toBe('open');
    expect(engine.received).toEqual(['anything']);
  });

  test("with liveness: 'response' only an answer to a beat proves that the link is alive", () => {
    const engine = opened({ liveness: 'response' });
    engine.ports.clock.advance(10_000);
    for (let second = 0; second < 10; second += 1) {
      engine.socket.say('anything');
      engine.ports.clock.advance(1_000);
    }
    expect(engine.view.error).toMatchObject({ code: 'silence' });
    expect(engine.view.phase).toBe('waiting');
  });

  test('a link whose beat is unanswered is suspect and usable after half of pongTimeout, and given up after all of it', () => {
    const engine = opened();
    engine.ports.clock.advance(14_999);
    expect(engine.view).toMatchObject({ phase: 'open', status: 'OPEN' });
    engine.ports.clock.advance(1);
    expect(engine.view).toMatchObject({ phase: 'suspect', status: 'OPEN' });
    expect(engine.connection.send('still', false)).toBe(true);
    engine.ports.clock.advance(4_999);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(1);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'silence' }, failures: 0 });
  });

  test('an answer makes a suspect connection open again', () => {
    const engine = opened();
    engine.ports.clock.advance(15_000);
    engine.socket.say('HeartBeat');
    expect(engine.view.phase).toBe('open');
    expect(engine.view.latency).toBe(5_000);
    engine.ports.clock.advance(9_000);
    expect(engine.view.phase).toBe('open');
  });

  test('a dead link is found and replaced within interval + pongTimeout + 100 ms, whatever was sent meanwhile', () => {
    const engine = opened();
    const { clock } = engine.ports;
    engine.socket.say('last word');
    const cut = clock.now();
    pass(
      engine,
      () => engine.ports.sockets.length > 1,
      () => engine.connection.send('more', false),
    );
    expect(clock.now() - cut).toBeLessThanOrEqual(20_100);
  });
});

test('a server that takes longer to answer than the interval is slow, not dead', () => {
  const engine = opened({ interval: 1_000, pongTimeout: 10_000 });
  engine.ports.clock.advance(1_000);
  for (let i = 0; i < 5; i += 1) {
    engine.ports.clock.advance(5_000);
    engine.socket.say('HeartBeat');
  }
  expect(engine.view.phase).toBe('open');
  expect(engine.ports.sockets).toHaveLength(1);
});

describe('what is an answer', () => {
  test('a chat message that contains the word HeartBeat arrives', () => {
    const engine = opened();
    engine.socket.say('my HeartBeat is fast');
    engine.socket.say('HeartBeat');
    expect(engine.received).toEqual(['my HeartBeat is fast']);
  });

  test('responseMessage may be another value, a getter, or a function that says yes or no', () => {
    for (const responseMessage of ['pong', () => 'pong', (data: unknown) => data === 'pong']) {
      const engine = opened({ message: 'ping', responseMessage });
      engine.socket.say('pong');
      engine.socket.say('ping');
      expect(engine.received).toEqual(['ping']);
    }
  });

  test('binary answers to a beat are compared by their bytes, and come as ArrayBuffers', () => {
    const engine = opened({ message: new Uint8Array([1, 2]) });
    expect(engine.socket.binaryType).toBe('arraybuffer');
    const almost = new Uint8Array([1, 3]).buffer;
    for (const data of [new Uint8Array([1, 2]).buffer, almost, new Uint8Array([1, 2, 3]).buffer, 'x']) {
      engine.socket.say(data);
    }
    expect(engine.received).toHaveLength(3);
    expect(engine.received[0]).toBe(almost);
  });

  test("binary answers to a socket of another window, an iframe's, are answers too", () => {
    const engine = opened({ message: new Uint8Array([1, 2]) });
    engine.ports.clock.advance(10_000);
    engine.socket.say(runInNewContext('new Uint8Array([1, 2]).buffer'));
    expect(engine.received).toEqual([]);
    expect(engine.view.latency).toBe(0);
  });

  test('with a text as heartbeat message, binary messages come as the socket gives them', () => {
    const engine = opened();
    expect(engine.socket.binaryType).toBeUndefined();
    const messages = [new Blob(['HeartBeat']), new TextEncoder().encode('HeartBeat').buffer];
    for (const message of messages) engine.socket.say(message);
    expect(engine.received).toEqual(messages);
  });

  test('a responseMessage function that throws is reported, and the message of the server arrives', () => {
    const engine = opened({
      responseMessage: () => {
        throw new Error('boom');
      },
    });
    engine.socket.say('hello');
    expect(engine.received).toEqual(['hello']);
    expect(engine.log).toContain('error');
  });
});

describe('latency', () => {
  test('latency is the round trip of the last beat, and undefined before the first answer and on a new connection', () => {
    const engine = opened();
    expect(engine.view.latency).toBeUndefined();
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(42);
    engine.socket.say('HeartBeat');
    expect(engine.view.latency).toBe(42);
    engine.connection.open();
    engine.socket.accept();
    expect(engine.view.latency).toBeUndefined();
  });

  test('an answer that the server gives unasked sets no latency', () => {
    const engine = opened();
    engine.ports.clock.advance(20_100);
    engine.socket.accept();
    engine.ports.clock.advance(100);
    engine.socket.say('HeartBeat');
    expect(engine.view.latency).toBeUndefined();
  });

  test('the latency of a beat is measured though an unasked answer came before the beat', () => {
    const engine = opened();
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(25);
    engine.socket.say('HeartBeat');
    expect(engine.view.latency).toBe(25);
  });

  test('after a wake the latency is that of the probe, without the time asleep', () => {
    const engine = opened();
    engine.ports.clock.advance(10_000);
    engine.ports.clock.sleep(3_600_000);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(30);
    engine.socket.say('HeartBeat');
    expect(engine.view.latency).toBe(30);
  });
});

describe('a timer that fires late proves nothing', () => {
  test('a deadline missed in sleep sends a probe, which the server must answer within probeTimeout', () => {
    const engine = opened();
    engine.ports.clock.advance(10_000);
    engine.ports.clock.sleep(3_600_000);
    expect(engine.view.phase).toBe('suspect');
    expect(beats(engine.socket)).toBe(2);
    engine.ports.clock.advance(1_999);
    expect(engine.view.phase).toBe('suspect');
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('waiting');
    engine.ports.clock.advance(100);
    expect(engine.view.phase).toBe('connecting');
  });

  test('a deadline that fires up to a second late ends a silent link, and one that fires later does not', () => {
    const onTime = opened();
    onTime.ports.clock.advance(15_000);
    onTime.ports.clock.sleep(6_000);
    expect(onTime.view.phase).toBe('waiting');
    const late = opened();
    late.ports.clock.advance(15_000);
    late.ports.clock.sleep(6_001);
    expect(late.view.phase).toBe('suspect');
  });

  test('an answer that was queued while the page stalled saves the connection', () => {
    const engine = opened();
    engine.ports.clock.advance(10_000);
    engine.ports.clock.sleep(30_000);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(5_000);
    expect(engine.view.phase).toBe('open');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('a handshake whose deadline passed in sleep is given two seconds more', () => {
    const engine = startEngine();
    engine.ports.random = 0.5;
    engine.ports.clock.sleep(60_000);
    expect(engine.view.phase).toBe('connecting');
    engine.ports.clock.advance(1_999);
    expect(engine.view.phase).toBe('connecting');
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('waiting');
  });
});
