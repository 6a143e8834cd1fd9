/** What the app sends: to a server that stops reading, after an outage, and after close(). */
import { describe, expect, test } from 'vitest';
import { HeartbeatSocketError } from '../../src/core/errors';
import { createEngine, type Engine, type EngineOptions, openEngine, startEngine } from '../support/engine';

/** The socket has this much to send, beside what it is given from now on. */
function fill(engine: Engine, bytes: number): void {
  const { socket } = engine;
  socket.bufferedAmount = bytes;
  socket.send = (data) => {
    socket.sent.push(data);
    socket.bufferedAmount += `${data}`.length;
  };
}

/** What the app is told of callbacks that call one another. */
const WITHOUT_END = new HeartbeatSocketError('callback', 'callbacks run without end');

describe('a server that stops reading', () => {
  test('does not fill the memory of the browser: from 1 MiB on messages are kept, and send says so', () => {
    const engine = openEngine({ heartbeat: false });
    fill(engine, 0);
    const quarter = 'x'.repeat(2 ** 18);
    const answers = Array.from({ length: 8 }, () => engine.connection.send(quarter));
    expect(answers).toEqual([true, true, true, true, true, false, false, false]);
    expect(engine.view.pending).toBe(3);
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toHaveLength(5);
    engine.socket.bufferedAmount = 2 ** 19;
    engine.ports.clock.advance(50);
    expect([engine.socket.sent.length, engine.view.pending]).toEqual([8, 0]);
  });

  test('gets what was kept in order, and before anything newer', () => {
    const engine = openEngine({ heartbeat: false, buffer: { highWaterMark: 100 } });
    fill(engine, 101);
    engine.connection.send('first');
    engine.socket.bufferedAmount = 0;
    expect(engine.connection.send('second')).toBe(false);
    engine.ports.clock.advance(50);
    expect(engine.connection.send('third')).toBe(true);
    expect(engine.socket.sent).toEqual(['first', 'second', 'third']);
  });

  test('gets nothing of what is not to be kept', () => {
    const engine = openEngine({ buffer: { highWaterMark: 10 } });
    fill(engine, 11);
    expect(engine.connection.send('now or never', false)).toBe(false);
    expect(engine.view.pending).toBe(0);
  });

  test('and then closes loses nothing that was kept: the next connection sends it', () => {
    const engine = openEngine({ buffer: { highWaterMark: 10 }, autoReconnect: { delay: 0 } });
    fill(engine, 11);
    engine.connection.send('kept');
    engine.socket.end();
    engine.ports.clock.advance(0);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['kept']);
  });

  test('costs no timer once everything is handed over', () => {
    const engine = openEngine({ heartbeat: false, buffer: { highWaterMark: 10 } });
    fill(engine, 11);
    engine.connection.send('kept');
    expect(engine.ports.clock.pending()).toBe(1);
    engine.socket.bufferedAmount = 0;
    engine.ports.clock.advance(50);
    expect(engine.ports.clock.pending()).toBe(0);
  });

  test('leaves the heartbeat alone: a beat goes out however much waits', () => {
    const engine = openEngine({ buffer: { highWaterMark: 10 } });
    fill(engine, 11);
    engine.connection.send('kept');
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });
});

describe('after an outage', () => {
  const outage = (buffer: NonNullable<EngineOptions['buffer']>, messages: number): Engine => {
    const engine = startEngine({ heartbeat: false, buffer });
    for (let message = 0; message < messages; message += 1) engine.connection.send(message);
    return engine;
  };

  test('a server with a rate limit gets no more than perSecond', () => {
    const engine = outage({ perSecond: 5 }, 40);
    engine.socket.accept();
    expect(engine.socket.sent).toHaveLength(1);
    for (let second = 1; second <= 7; second += 1) {
      engine.ports.clock.advance(1_000);
      expect(engine.socket.sent).toHaveLength(1 + 5 * second);
    }
    engine.ports.clock.advance(1_000);
    expect(engine.socket.sent).toEqual(Array.from({ length: 40 }, (_, message) => message));
    expect(engine.view.pending).toBe(0);
  });

  test('what the app sends meanwhile waits behind what was kept', () => {
    const engine = outage({ perSecond: 5 }, 3);
    engine.socket.accept();
    expect(engine.connection.send('newer')).toBe(false);
    engine.ports.clock.advance(600);
    expect(engine.socket.sent).toEqual([0, 1, 2, 'newer']);
    expect(engine.connection.send('newest')).toBe(true);
  });

  test('what is older than maxAge is not sent, and onDropped says so', () => {
    const engine = startEngine({ heartbeat: false, buffer: { maxAge: 5_000 } });
    engine.connection.send('old');
    engine.ports.clock.advance(3_000);
    engine.connection.send('young');
    engine.ports.clock.advance(2_000);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['young']);
    expect(engine.log).toEqual(['dropped:old:expired', 'connected']);
  });

  test('what is older than maxAge makes room for what is younger', () => {
    const engine = startEngine({ buffer: { maxAge: 5_000, limit: 1, overflow: 'drop-newest' } });
    engine.connection.send('old');
    engine.ports.clock.advance(5_000);
    engine.connection.send('young');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['young']);
  });

  test('onDropped hears of what has expired when the next attempt begins, long before a connection is open', () => {
    const engine = startEngine({ buffer: { maxAge: 5_000 }, autoReconnect: { delay: 6_000 } });
    engine.connection.send('old');
    engine.socket.end();
    engine.ports.clock.advance(6_000);
    expect(engine.log).toEqual(['dropped:old:expired']);
  });

  test.each<[string, EngineOptions, (engine: Engine) => unknown]>([
    [
      'the connection waits for its next attempt',
      { autoReconnect: { delay: 60_000 } },
      ({ socket }) => socket.end(1006),
    ],
    ['an attempt hangs', { connectTimeout: 60_000 }, () => undefined],
    [
      'there is no network',
      {},
      ({ socket, ports }) => {
        socket.end(1006);
        ports.signal('offline');
      },
    ],
    [
      'the server takes few messages',
      { buffer: { maxAge: 5_000, perSecond: 0.01 } },
      ({ connection, socket }) => [connection.send('second'), socket.accept()],
    ],
  ])('onDropped hears of what has expired when its time is over, while %s', (_, options, act) => {
    const engine = startEngine({ heartbeat: false, buffer: { maxAge: 5_000 }, ...options });
    engine.connection.send('first');
    act(engine);
    engine.connection.send('second');
    const expired = (): string[] => engine.log.filter((line) => line.endsWith('expired'));
    engine.ports.clock.advance(4_999);
    expect(expired()).toEqual([]);
    engine.ports.clock.advance(1);
    expect(expired()).toContain('dropped:second:expired');
    expect(engine.view.pending).toBe(0);
  });

  test('what expires while the page is put away is told of when the machine looks at the page again', () => {
    const engine = startEngine({ buffer: { maxAge: 5_000 } });
    engine.ports.signal('pagehide');
    engine.connection.send('old');
    engine.ports.clock.advance(29_999);
    expect(engine.log).toEqual([]);
    engine.ports.clock.advance(1);
    expect(engine.log).toContain('dropped:old:expired');
  });

  test('the timer of what may expire is gone with it, and with the connection', () => {
    const engine = startEngine({ heartbeat: false, buffer: { maxAge: 5_000 } });
    engine.socket.accept();
    expect(engine.ports.clock.pending()).toBe(0);
    engine.socket.end(1006);
    engine.connection.send('old');
    engine.connection.leave();
    expect(engine.ports.clock.pending()).toBe(0);
  });

  test('a long flush leaves the page time for other work', () => {
    const engine = outage({ limit: 100_000 }, 1_000);
    const { clock, sockets } = engine.ports;
    const { send } = engine.socket;
    // Each message takes the page a millisecond.
    const now = { ms: 0 };
    const realNow = clock.now;
    clock.now = () => realNow() + now.ms;
    engine.socket.send = (data) => {
      now.ms += 1;
      send.call(engine.socket, data);
    };
    engine.socket.accept();
    expect(engine.socket.sent.length).toBeLessThanOrEqual(51);
    let slices = 1;
    for (; engine.view.pending > 0; slices += 1) clock.advance(0);
    expect(slices).toBeLessThan(100);
    expect(sockets[0]?.sent).toHaveLength(1_000);
  });

  test('a bound in bytes costs no more than its messages: each is measured a few times, however many are kept', () => {
    let read = 0;
    class Counted extends Uint8Array {
      override get byteLength(): number {
        read += 1;
        return super.byteLength;
      }
    }
    const engine = startEngine({ buffer: { maxBytes: 100 } });
    for (let i = 0; i < 1_000; i += 1) engine.connection.send(new Counted(10));
    expect(engine.view.pending).toBe(10);
    expect(read).toBeLessThan(10_000);
  });

  test('a buffer that is full keeps a message that equals the one before', () => {
    const engine = startEngine({ buffer: { limit: 1, overflow: 'drop-newest' } });
    const types: string[] = [];
    engine.connection.listeners.add({ onEvent: ({ type }) => types.push(type) });
    engine.connection.send('a');
    engine.connection.send('a');
    expect(types).toEqual(['buffered', 'dropped']);
  });

  test('a buffer has a bound in bytes: the oldest messages make room, and one that is too large is dropped alone', () => {
    const engine = startEngine({ buffer: { maxBytes: 10 } });
    for (const data of ['aaaa', 'bbbb', 'ccc', 'd'.repeat(11), 'ée']) engine.connection.send(data);
    expect(engine.log).toEqual(['dropped:aaaa:overflow', `dropped:${'d'.repeat(11)}:overflow`]);
    expect(engine.view.pending).toBe(3);
    engine.connection.send(new Uint8Array(10));
    expect(engine.view.pending).toBe(1);
  });

  test('what the socket refuses at the flush is reported as dropped, with the value that the app gave', () => {
    const engine = startEngine({ serializer: 'json', heartbeat: false });
    engine.connection.send({ id: 1 });
    engine.connection.send({ id: 2 });
    const { send } = engine.socket;
    engine.socket.send = (data) => {
      if (`${data}`.includes('1')) throw new Error('too large');
      send.call(engine.socket, data);
    };
    const dropped: unknown[] = [];
    engine.connection.listeners.add({ onDropped: (data, reason) => dropped.push([data, reason]) });
    engine.socket.accept();
    expect(dropped).toEqual([[{ id: 1 }, 'refused']]);
    expect(engine.socket.sent).toEqual(['{"id":2}']);
  });

  test('what onSend sends during the flush does not overtake what was kept', () => {
    const engine: Engine = startEngine({
      heartbeat: false,
      listener: { onSend: (data) => data === 1 && engine.connection.send('of onSend') },
    });
    for (const data of [1, 2, 3]) engine.connection.send(data);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([1, 2, 3, 'of onSend']);
  });

  test('what onConnected sends goes first, so that a login comes before what was kept', () => {
    const engine: Engine = startEngine({ listener: { onConnected: () => engine.connection.send('login') } });
    engine.connection.send('kept');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['login', 'kept']);
  });

  test('a command in a callback that changes nothing does not leave messages behind', () => {
    const engine: Engine = startEngine({
      heartbeat: false,
      listener: {
        onSend(data) {
          if (data !== 1) return;
          engine.url = 'ws://other/';
          engine.connection.changeUrl();
          engine.url = 'ws://server/';
          engine.connection.changeUrl();
        },
      },
    });
    engine.url = 'ws://server/';
    for (const data of [1, 2]) engine.connection.send(data);
    engine.socket.accept();
    engine.ports.clock.advance(0);
    while (engine.view.phase !== 'open') engine.socket.accept();
    engine.ports.clock.advance(0);
    expect(engine.view.pending).toBe(0);
  });
});

describe('after close()', () => {
  test('a message is refused: it does not wait for the session of the next user', () => {
    const engine = openEngine();
    engine.connection.close(1000);
    expect(engine.connection.send('secret')).toBe(false);
    expect([engine.view.pending, engine.log.at(-1)]).toEqual([0, 'dropped:secret:closed']);
    engine.connection.open();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
  });

  test('and open() in the same turn a message is kept for the new session', () => {
    const engine: Engine = openEngine({
      listener: {
        onMessage() {
          engine.connection.close(1000);
          engine.connection.open();
          engine.connection.send('new session');
        },
      },
    });
    engine.socket.say('log in again');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['new session']);
  });

  test('an app that sends something at each event, or at each message that is sent, does not freeze the page', () => {
    const engine = openEngine({ heartbeat: false });
    engine.connection.listeners.add({
      onEvent: () => void engine.connection.send('of onEvent'),
      onSend: () => void engine.connection.send('of onSend'),
    });
    engine.connection.send('x');
    expect(engine.socket.sent.length).toBeGreaterThan(1);
    expect(engine.socket.sent.length).toBeLessThan(1_000);
    expect(engine.unhandled).toEqual([WITHOUT_END]);
  });

  test('an app that sends each lost message again is told six times, and the last time that it was refused', () => {
    const engine: Engine = openEngine({
      listener: { onDropped: (data) => void engine.log.push(`again:${engine.connection.send(data)}`) },
    });
    const { length } = engine.log;
    engine.connection.close(1000);
    engine.connection.send('x');
    expect(engine.log.slice(length).filter((line) => line === 'again:false')).toHaveLength(6);
    expect(engine.unhandled).toEqual([WITHOUT_END]);
  });

  test('an app that sends each message again that a full buffer loses is told six times, not without end', () => {
    let told = 0;
    const engine: Engine = startEngine({
      buffer: { limit: 1 },
      listener: {
        onDropped(data) {
          told += 1;
          engine.connection.send(data);
        },
      },
    });
    for (const data of [1, 2]) engine.connection.send(data);
    expect([told, engine.view.pending]).toEqual([6, 1]);
    expect(engine.unhandled).toEqual([WITHOUT_END]);
  });

  test('a connection that has failed, or was never opened, keeps what is sent', () => {
    const failed = startEngine({ autoReconnect: false });
    failed.socket.end();
    const unopened = createEngine();
    for (const { connection } of [failed, unopened]) {
      connection.send('kept');
      expect(connection.view().pending).toBe(1);
    }
  });
});
