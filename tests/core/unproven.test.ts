/** What was handed over and may be lost: who listens for lost messages hears of it. */
import { describe, expect, test } from 'vitest';
import type { MadeConnection } from '../../src/core/connection';
import { type Engine, type EngineOptions, openEngine, startEngine } from '../support/engine';

const lostOf = ({ log }: Engine): string[] => log.filter((line) => line.startsWith('dropped'));

/** The bytes go out with the next moment. */
const goOut = ({ ports }: Engine): void => ports.clock.advance(1);

const open = (options: EngineOptions = {}): Engine => openEngine({ heartbeat: false, ...options });

describe('a message that was handed over', () => {
  test('to a server that accepts and closes at once is named, each of 500 once', () => {
    const engine = startEngine();
    const messages = Array.from({ length: 500 }, (_, at) => `m${at}`);
    for (const message of messages) engine.connection.send(message);
    engine.socket.accept();
    engine.socket.end(1000);
    expect(engine.socket.sent).toHaveLength(500);
    expect(lostOf(engine)).toEqual(messages.map((message) => `dropped:${message}:unproven`));
  });

  test('is named as the value that the app gave', () => {
    const lost: unknown[] = [];
    const engine = open({ serializer: 'json', listener: { onDropped: (value) => void lost.push(value) } });
    engine.connection.send({ text: 'hello' });
    engine.socket.end(1006);
    expect(lost).toEqual([{ text: 'hello' }]);
  });

  test('is named to an onEvent alone as well', () => {
    const lost: unknown[] = [];
    const engine = open();
    engine.connection.listeners.clear();
    engine.connection.listeners.add({ onEvent: (event) => event.type === 'dropped' && lost.push(event.reason) });
    engine.connection.send('x');
    engine.socket.end(1006);
    expect(lost).toEqual(['unproven']);
  });

  test('and that the socket refused is not named: the app was told when it was sent', () => {
    const engine = open();
    engine.socket.send = () => {
      throw new Error('refused');
    };
    expect(engine.connection.send('x')).toBe(false);
    engine.socket.end(1006);
    expect(engine.log).toEqual(['connected', 'error', 'disconnected:1006::false']);
  });

  test('and is followed by a message of the server is not named', () => {
    const engine = open();
    engine.connection.send('heard');
    goOut(engine);
    engine.socket.say('hello');
    engine.connection.send('not heard');
    engine.socket.end(1006);
    expect(lostOf(engine)).toEqual(['dropped:not heard:unproven']);
  });

  test('and is still in the browser when a message of the server comes is named: it has not arrived', () => {
    const engine = open();
    for (const data of ['a', 'b', 'c']) engine.connection.send(data);
    goOut(engine);
    engine.socket.bufferedAmount = 2;
    engine.socket.say('hello');
    engine.socket.end(1006);
    expect(lostOf(engine)).toEqual(['dropped:b:unproven', 'dropped:c:unproven']);
  });

  test('and is longer than what is still in the browser is named alone', () => {
    const engine = open();
    for (const data of ['first', 'second', 'third']) engine.connection.send(data);
    goOut(engine);
    engine.socket.bufferedAmount = 4;
    engine.socket.say('hello');
    engine.socket.end(1006);
    expect(lostOf(engine)).toEqual(['dropped:third:unproven']);
  });

  test('is named when the link is silent, and when the user closes before the server has said a word', () => {
    const silent = openEngine({ heartbeat: { interval: 1_000, pongTimeout: 1_000 } });
    silent.connection.send('x');
    silent.ports.clock.advance(3_000);
    expect(lostOf(silent)).toEqual(['dropped:x:unproven']);
    const closed = open();
    closed.connection.send('x');
    closed.connection.close(1000);
    expect(lostOf(closed)).toEqual(['dropped:x:unproven']);
  });

  test('is proven by the answer to a heartbeat alone where liveness asks for that', () => {
    const engine = openEngine({ heartbeat: { liveness: 'response', message: 'ping', responseMessage: 'pong' } });
    engine.connection.send('x');
    engine.socket.say('news');
    engine.socket.end(1006);
    expect(lostOf(engine)).toEqual(['dropped:x:unproven']);
    const answered = openEngine({ heartbeat: { liveness: 'response', message: 'ping', responseMessage: 'pong' } });
    answered.connection.send('x');
    goOut(answered);
    answered.socket.say('pong');
    answered.socket.end(1006);
    expect(lostOf(answered)).toEqual([]);
  });

  test('can be sent again by onDropped, and goes out on the next socket', () => {
    const engine: Engine = open({
      autoReconnect: { delay: 10 },
      listener: { onDropped: (data) => void engine.connection.send(data) },
    });
    engine.connection.send('x');
    engine.socket.end(1006);
    engine.ports.clock.advance(10);
    engine.socket.accept();
    expect(engine.ports.sockets.map(({ sent }) => sent)).toEqual([['x'], ['x']]);
  });

  test('to a server that never says a word is kept in mind for the last 1,000 messages, or as many as the buffer may keep', () => {
    for (const [limit, expected] of [
      [0, 1_000],
      [1_500, 1_500],
    ] as const) {
      const engine = open({ buffer: { limit } });
      for (let at = 0; at < 5_000; at += 1) engine.connection.send(`${at}`);
      expect((engine.connection as MadeConnection).engine.attempt?.unproven.length).toBeLessThanOrEqual(2 * expected);
      engine.socket.end(1006);
      const last = Array.from({ length: expected }, (_, at) => `dropped:${5_000 - expected + at}:unproven`);
      expect(lostOf(engine)).toEqual(last);
    }
  });
});

test('a listener of one type of event is told as well what may be lost', () => {
  const heard: unknown[] = [];
  const engine = openEngine({ heartbeat: false });
  engine.connection.listeners.clear();
  engine.connection.listeners.add({
    heard(event) {
      if (event.type === 'dropped') heard.push([event.data, event.reason]);
    },
  });
  engine.connection.send('x');
  engine.socket.end(1006);
  expect(heard).toEqual([['x', 'unproven']]);
});
