/** Delivery with proof: what is proven, what goes again, and what the app is told. */
import { describe, expect, test } from 'vitest';
import { type AtLeastOnceSettings, createAtLeastOnce } from '../../src/core/at-least-once';
import { type Engine, type EngineOptions, openEngine, startEngine } from '../support/engine';

type Options = EngineOptions & { proof?: Partial<AtLeastOnceSettings> };

const delivery = (proof: Partial<AtLeastOnceSettings> = {}): unknown =>
  createAtLeastOnce({ ackWithin: 1_000, ack: undefined, id: undefined, storage: undefined, ...proof });

const start = ({ proof, ...options }: Options = {}): Engine =>
  startEngine({ delivery: delivery(proof), autoReconnect: { delay: 0 }, ...options });

const open = ({ proof, ...options }: Options = {}): Engine =>
  openEngine({ delivery: delivery(proof), autoReconnect: { delay: 0 }, ...options });

const messagesOf = ({ sent }: Engine['socket']): unknown[] => sent.filter((data) => data !== 'HeartBeat');

const told = ({ log }: Engine): string[] => log.filter((line) => /^(delivered|dropped)/.test(line));

/** The server sends a heartbeat back. */
const answer = ({ socket }: Engine): void => socket.say('HeartBeat');

/** The link is cut, and the next socket is open. */
function replaceSocket(engine: Engine): void {
  engine.socket.end(1006);
  engine.ports.clock.advance(0);
  engine.socket.accept();
}

describe('a message that was sent', () => {
  test('is delivered once the server has answered a heartbeat that was sent after it', () => {
    const engine = open();
    expect(engine.connection.send('a')).toBe(true);
    expect(engine.view.pending).toBe(1);
    engine.ports.clock.advance(999);
    expect(engine.socket.sent).toEqual(['a']);
    engine.ports.clock.advance(1);
    expect(engine.socket.sent).toEqual(['a', 'HeartBeat']);
    expect(told(engine)).toEqual([]);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
    expect(engine.view.pending).toBe(0);
  });

  test('goes again on the next socket, in order, before anything newer, if it was not proven', () => {
    const engine = open();
    for (const message of ['a', 'b']) engine.connection.send(message);
    engine.ports.clock.advance(1_000);
    answer(engine);
    for (const message of ['c', 'd']) engine.connection.send(message);
    engine.socket.end(1006);
    engine.connection.send('e');
    expect(engine.view.pending).toBe(3);
    engine.ports.clock.advance(0);
    engine.socket.accept();
    engine.connection.send('f');
    expect(messagesOf(engine.socket)).toEqual(['c', 'd', 'e', 'f']);
    engine.ports.clock.advance(1_000);
    answer(engine);
    expect(told(engine)).toEqual([
      'delivered:a',
      'delivered:b',
      'delivered:c',
      'delivered:d',
      'delivered:e',
      'delivered:f',
    ]);
    expect(engine.view.pending).toBe(0);
  });

  test('is not proven by a message that the server sends by itself', () => {
    const engine = open();
    engine.connection.send('a');
    engine.ports.clock.advance(500);
    engine.socket.say('news');
    replaceSocket(engine);
    expect(messagesOf(engine.socket)).toEqual(['a']);
  });

  test('is not proven by the answer to a heartbeat that was sent before it', () => {
    const engine = open();
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
    engine.connection.send('a');
    answer(engine);
    expect(told(engine)).toEqual([]);
    replaceSocket(engine);
    expect(messagesOf(engine.socket)).toEqual(['a']);
  });

  test('is not proven by a second answer to a heartbeat that was sent before it', () => {
    const engine = open();
    engine.ports.clock.advance(9_500);
    engine.connection.send('a');
    engine.ports.clock.advance(1_000);
    engine.connection.send('b');
    answer(engine);
    engine.connection.send('c');
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
    replaceSocket(engine);
    expect(messagesOf(engine.socket)).toEqual(['b', 'c']);
  });

  test('is not proven by an answer that nobody asked for', () => {
    const engine = open();
    engine.connection.send('a');
    answer(engine);
    expect(told(engine)).toEqual([]);
    engine.ports.clock.advance(1_000);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
  });

  test('is not proven by the late answer to an earlier heartbeat that a user asked for', () => {
    const engine = open();
    engine.connection.beat();
    engine.connection.send('a');
    engine.ports.clock.advance(1_000);
    expect(engine.socket.sent).toEqual(['HeartBeat', 'a', 'HeartBeat']);
    answer(engine);
    answer(engine);
    expect(told(engine)).toEqual([]);
    engine.ports.clock.advance(1_000);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
  });

  test('is proven in the end where the server leaves a heartbeat unanswered', () => {
    const engine = open();
    engine.connection.send('a');
    for (let second = 0; second < 60 && !told(engine).length; second += 1) {
      engine.ports.clock.advance(1_000);
      engine.socket.say('news');
      if (second > 15 && engine.socket.sent.length > 3) answer(engine);
    }
    expect(told(engine)).toEqual(['delivered:a']);
  });

  test('is proven where the server left one heartbeat of a user unanswered for good', () => {
    const engine = open();
    engine.connection.beat();
    engine.connection.send('a');
    engine.ports.clock.advance(1_000);
    answer(engine);
    expect(told(engine)).toEqual([]);
    engine.ports.clock.advance(10_000);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
  });

  test('is not proven by the answer to an earlier heartbeat, after the one before was answered twice', () => {
    const engine = open();
    engine.connection.beat();
    engine.connection.beat();
    answer(engine);
    answer(engine);
    engine.connection.send('a');
    engine.ports.clock.advance(1_000);
    expect(engine.socket.sent).toEqual(['HeartBeat', 'HeartBeat', 'a', 'HeartBeat']);
    answer(engine);
    expect(told(engine)).toEqual([]);
    engine.ports.clock.advance(1_000);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
  });

  test('in a burst is proven at once when half of the buffer waits for proof', () => {
    const engine = open({ buffer: { limit: 10 } });
    for (let at = 0; at < 4; at += 1) engine.connection.send(`m${at}`);
    engine.ports.clock.advance(0);
    expect(engine.socket.sent).toHaveLength(4);
    engine.connection.send('m4');
    engine.ports.clock.advance(0);
    expect(engine.socket.sent.at(-1)).toBe('HeartBeat');
    answer(engine);
    expect(told(engine)).toHaveLength(5);
  });
});

describe('the bounds of the buffer hold for what is not proven', () => {
  test('with drop-oldest the oldest that was handed over is reported as unproven', () => {
    const engine = open({ buffer: { limit: 2 } });
    for (const message of ['a', 'b', 'c']) expect(engine.connection.send(message)).toBe(true);
    expect(told(engine)).toEqual(['dropped:a:unproven']);
    expect(messagesOf(engine.socket)).toEqual(['a', 'b', 'c']);
    replaceSocket(engine);
    expect(messagesOf(engine.socket)).toEqual(['b', 'c']);
  });

  test('with drop-newest the newest is not sent', () => {
    const engine = open({ buffer: { limit: 2, overflow: 'drop-newest' } });
    expect(['a', 'b', 'c'].map((message) => engine.connection.send(message))).toEqual([true, true, false]);
    expect(told(engine)).toEqual(['dropped:c:overflow']);
    expect(messagesOf(engine.socket)).toEqual(['a', 'b']);
  });

  test('with drop-newest a login that makes too many costs none of the others its place', () => {
    const engine: Engine = start({
      buffer: { limit: 2, overflow: 'drop-newest' },
      listener: { onConnected: () => void engine.connection.send('login') },
    });
    for (const message of ['a', 'b']) engine.connection.send(message);
    engine.socket.accept();
    engine.connection.send('c');
    expect(told(engine)).toEqual(['dropped:c:overflow']);
  });

  test('with maxAge an old one that was handed over is reported as unproven', () => {
    const engine = open({ buffer: { maxAge: 5_000 }, heartbeat: { pongTimeout: 8_000 } });
    engine.connection.send('old');
    engine.ports.clock.advance(4_999);
    engine.connection.send('young');
    engine.socket.end(1006);
    engine.ports.clock.advance(1);
    engine.socket.accept();
    expect(told(engine)).toEqual(['dropped:old:unproven']);
    expect(messagesOf(engine.socket)).toEqual(['young']);
  });

  test('with maxAge a message that the server never acknowledges is told of in time, also where nothing else is due', () => {
    const engine = open({ proof: { ack: () => undefined }, heartbeat: false, buffer: { maxAge: 5_000 } });
    engine.connection.send('a');
    engine.ports.clock.advance(4_999);
    expect(told(engine)).toEqual([]);
    engine.ports.clock.advance(1);
    expect([told(engine), engine.view.pending]).toEqual([['dropped:a:unproven'], 0]);
  });

  test('with maxAge no message goes out too late since a login went before it', () => {
    const engine = start({ buffer: { maxAge: 5_000, perSecond: 1 } });
    engine.connection.listeners.add({ onConnected: () => engine.connection.send('login') });
    for (const message of ['a', 'b']) engine.connection.send(message);
    engine.ports.clock.advance(4_500);
    engine.socket.accept();
    engine.ports.clock.advance(499);
    expect(told(engine)).toEqual([]);
    engine.ports.clock.advance(1);
    expect(told(engine)).toEqual(['dropped:b:expired']);
    engine.ports.clock.advance(1_000);
    expect(messagesOf(engine.socket)).toEqual(['login', 'a']);
  });

  test('a message that no socket has taken keeps its own reason', () => {
    const engine = start({ buffer: { limit: 1 } });
    engine.connection.send('a');
    engine.connection.send('b');
    expect(told(engine)).toEqual(['dropped:a:overflow']);
    engine.connection.close(1000);
    expect(told(engine)).toEqual(['dropped:a:overflow', 'dropped:b:closed']);
  });
});

describe('who ends the connection', () => {
  test.each([
    ['close()', ({ connection }: Engine) => connection.close(1000), 'closed'],
    ['the end of the scope', ({ connection }: Engine) => connection.leave(), 'left'],
  ])('by %s is told of each message, once', (_, end, reason) => {
    const engine = open({ buffer: { highWaterMark: 3 } });
    engine.connection.send('sent');
    engine.connection.send('kept');
    end(engine);
    expect(told(engine)).toEqual(['dropped:sent:unproven', `dropped:kept:${reason}`]);
    expect(engine.view.pending).toBe(0);
  });

  test('by a new url is told of each message, once', () => {
    const engine = open();
    engine.connection.send('sent');
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(told(engine)).toEqual(['dropped:sent:unproven']);
    expect(engine.socket.sent).toEqual([]);
  });
});

describe('an onDropped that hears of the oldest message when a newer one is sent', () => {
  test('may close the connection: the newer message was sent, and is reported', () => {
    const dropped: unknown[] = [];
    const engine: Engine = open({
      buffer: { limit: 1 },
      listener: {
        onDropped(data, reason) {
          dropped.push([data, reason]);
          engine.connection.close(1000);
        },
      },
    });
    engine.connection.send('a');
    expect(engine.connection.send('b')).toBe(true);
    expect(dropped).toEqual([
      ['a', 'unproven'],
      ['b', 'unproven'],
    ]);
    expect([messagesOf(engine.socket), engine.view.pending]).toEqual([['a', 'b'], 0]);
  });

  test('may send: each message is sent once', () => {
    const engine: Engine = open({
      buffer: { limit: 2 },
      listener: { onDropped: (data) => data === 'a' && engine.connection.send('again') },
    });
    for (const message of ['a', 'b', 'c', 'd']) engine.connection.send(message);
    engine.ports.clock.advance(50);
    expect(messagesOf(engine.socket)).toEqual(['a', 'b', 'c', 'again', 'd']);
    expect(engine.view.pending).toBe(2);
  });
});

describe('what belongs to one connection', () => {
  test('a login that onConnected sends does not go again on the next connection', () => {
    let logins = 0;
    const engine: Engine = start({
      listener: {
        onConnected: () => {
          logins += 1;
          engine.connection.send(`login ${logins}`);
        },
      },
    });
    engine.connection.send('a');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['login 1', 'a']);
    replaceSocket(engine);
    expect(engine.socket.sent).toEqual(['login 2', 'a']);
    expect(told(engine)).toEqual(['dropped:login 1:unproven']);
    engine.ports.clock.advance(1_000);
    answer(engine);
    expect(told(engine)).toEqual(['dropped:login 1:unproven', 'delivered:login 2', 'delivered:a']);
  });

  test('a full buffer loses nothing to such a login', () => {
    const engine: Engine = start({
      buffer: { limit: 2 },
      listener: { onConnected: () => void engine.connection.send('login') },
    });
    engine.connection.send('a');
    engine.connection.send('b');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['login', 'a', 'b']);
    expect(told(engine)).toEqual([]);
  });

  test('what is not to be buffered does not go again', () => {
    const engine = open();
    expect(engine.connection.send('cursor at 1', false)).toBe(true);
    engine.connection.send('a');
    replaceSocket(engine);
    expect(messagesOf(engine.socket)).toEqual(['a']);
    expect(told(engine)).toEqual(['dropped:cursor at 1:unproven']);
  });
});

describe('a message that a socket refuses', () => {
  test('is not kept, and pending is 0', () => {
    const engine = open();
    engine.socket.send = () => {
      throw new Error('refused');
    };
    expect(engine.connection.send('x')).toBe(false);
    expect([engine.view.pending, told(engine)]).toEqual([0, []]);
  });

  test('after another one has taken it is reported as unproven', () => {
    const engine = open();
    engine.connection.send('x');
    engine.socket.end(1006);
    engine.ports.clock.advance(0);
    engine.socket.send = () => {
      throw new Error('refused');
    };
    engine.socket.accept();
    expect([engine.view.pending, told(engine)]).toEqual([0, ['dropped:x:unproven']]);
  });
});

test('bytes that the app changes after send() go again as they were', () => {
  const engine = open();
  const bytes = Uint8Array.of(1, 2);
  engine.connection.send(bytes);
  bytes[0] = 9;
  replaceSocket(engine);
  expect(engine.socket.sent).toEqual([Uint8Array.of(1, 2)]);
});

describe('a server that says itself what it has read', () => {
  const ack = (value: unknown): unknown => /^ack (\d+)$/.exec(String(value))?.[1];
  const count = (value: unknown): unknown => (ack(value) === undefined ? undefined : Number(ack(value)));

  test('counts messages of this connection, and an answer to a heartbeat proves nothing', () => {
    const engine = open({ proof: { ack: count } });
    for (const message of ['a', 'b', 'c']) engine.connection.send(message);
    engine.ports.clock.advance(10_000);
    answer(engine);
    expect(told(engine)).toEqual([]);
    engine.socket.say('ack 2');
    expect(told(engine)).toEqual(['delivered:a', 'delivered:b']);
    expect(engine.received).toEqual(['ack 2']);
    replaceSocket(engine);
    engine.connection.send('d');
    expect(messagesOf(engine.socket)).toEqual(['c', 'd']);
    engine.socket.say('ack 1');
    expect(told(engine)).toEqual(['delivered:a', 'delivered:b', 'delivered:c']);
    engine.socket.say('ack 9');
    expect(told(engine).at(-1)).toBe('delivered:d');
  });

  test('does not count a message that the socket has refused', () => {
    const engine = open({ proof: { ack: count } });
    const { socket } = engine;
    const { send } = socket;
    engine.connection.send('a');
    socket.send = () => {
      throw new Error('refused');
    };
    engine.connection.send('b');
    socket.send = send;
    engine.connection.send('c');
    socket.say('ack 2');
    expect(told(engine)).toEqual(['delivered:a', 'delivered:c']);
  });

  test('names a message by its id: that one and those before it are delivered', () => {
    const engine = open({ proof: { ack, id: (sent) => String(sent).at(-1) } });
    for (const message of ['m1', 'm2', 'm3']) engine.connection.send(message);
    engine.socket.say('ack 7');
    expect(told(engine)).toEqual([]);
    engine.socket.say('ack 2');
    expect(told(engine)).toEqual(['delivered:m1', 'delivered:m2']);
  });

  test('an ack that throws, or gives no count, is reported and proves nothing', () => {
    const engine = open({
      proof: {
        ack(value) {
          if (value === 'throw') throw new Error('no');
          return value === 'half' ? 0.5 : undefined;
        },
      },
    });
    engine.connection.send('a');
    engine.socket.say('throw');
    engine.socket.say('half');
    expect(engine.log).toEqual(['connected', 'error', 'error']);
    expect(engine.view.pending).toBe(1);
  });
});

describe('close({ drain })', () => {
  test('closes with 1000 once everything is proven, and takes nothing new', () => {
    const engine = open();
    engine.connection.send('a');
    engine.connection.drain(5_000);
    expect(engine.view.phase).toBe('open');
    expect(engine.connection.send('b')).toBe(false);
    engine.ports.clock.advance(1_000);
    answer(engine);
    expect(told(engine)).toEqual(['dropped:b:closed', 'delivered:a']);
    expect([engine.view.phase, engine.socket.closedWith]).toEqual(['closed', [1000, undefined]]);
    expect(engine.ports.clock.pending()).toBe(0);
  });

  test('closes after that time at the latest, and reports the rest', () => {
    const engine = open();
    engine.connection.send('a');
    engine.connection.drain(500);
    engine.ports.clock.advance(499);
    expect(engine.view.phase).toBe('open');
    engine.ports.clock.advance(1);
    expect(engine.view.phase).toBe('closed');
    expect(told(engine)).toEqual(['dropped:a:unproven']);
  });

  test('without proof waits until all is handed over, over a reconnect as well', () => {
    const engine = openEngine({ autoReconnect: { delay: 100 } });
    engine.socket.end(1006);
    engine.connection.send('a');
    engine.connection.drain(5_000);
    engine.ports.clock.advance(100);
    expect(engine.view.phase).toBe('connecting');
    engine.socket.accept();
    expect([engine.socket.sent, engine.view.phase]).toEqual([['a'], 'closed']);
  });

  test('closes at once where nothing is pending, or where nobody connects', () => {
    const engine = openEngine();
    engine.connection.drain(5_000);
    expect(engine.view.phase).toBe('closed');
    const other = openEngine({ finalCodes: [4_000], autoReconnect: { finalCodes: [4_000] } } as EngineOptions);
    other.socket.end(4_000);
    other.connection.send('a');
    other.connection.drain(5_000);
    expect([other.view.phase, told(other)]).toEqual(['closed', ['dropped:a:closed']]);
  });

  test('ends with open() and with a new url: the connection goes on', () => {
    const engine = open();
    engine.connection.send('a');
    engine.connection.drain(500);
    engine.connection.open();
    engine.socket.accept();
    engine.ports.clock.advance(1_000);
    expect([engine.view.phase, engine.connection.send('b')]).toEqual(['open', true]);
  });
});
