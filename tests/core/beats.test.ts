/** Heartbeats under way: which of them an answer is for, and how long it took. */
import { describe, expect, test } from 'vitest';
import { beatSent, createBeats, isAnswer } from '../../src/core/beats';
import { type Engine, type EngineOptions, openEngine } from '../support/engine';

/** An open connection whose heartbeats are `beat 1`, `beat 2`, and so on. */
const counting = (options: EngineOptions = {}): Engine => {
  let count = 0;
  return openEngine({
    ...options,
    heartbeat: {
      message: () => {
        count += 1;
        return `beat ${count}`;
      },
    },
  });
};

describe('heartbeats whose text changes from one to the next', () => {
  test('the answer to the earlier of two heartbeats under way does not reach the app', () => {
    const engine = counting();
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(1_500);
    engine.ports.signal('online');
    expect(engine.socket.sent).toEqual(['beat 1', 'beat 2']);
    engine.socket.say('beat 1');
    engine.socket.say('beat 2');
    expect(engine.received).toEqual([]);
  });

  test('each answer gives the round trip of its own heartbeat', () => {
    const engine = counting();
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(1_500);
    engine.ports.signal('online');
    engine.ports.clock.advance(100);
    engine.socket.say('beat 1');
    expect(engine.view.latency).toBe(1_600);
    engine.ports.clock.advance(50);
    engine.socket.say('beat 2');
    expect(engine.view.latency).toBe(150);
  });

  test('after a probe within a round trip the latency is known for the rest of the connection', () => {
    const engine = counting();
    engine.ports.clock.advance(10_000);
    engine.ports.signal('online');
    engine.socket.say('beat 1');
    engine.socket.say('beat 2');
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(30);
    engine.socket.say('beat 3');
    expect(engine.view.latency).toBe(30);
  });

  test('a heartbeat that the server skipped does not spoil the latency of those after it', () => {
    const engine = counting();
    engine.ports.clock.advance(10_000);
    engine.ports.signal('online');
    engine.ports.clock.advance(20);
    engine.socket.say('beat 2');
    expect(engine.view.latency).toBe(20);
    engine.socket.say('beat 1');
    expect([engine.view.latency, engine.received]).toEqual([20, ['beat 1']]);
  });

  test('an answer that comes twice reaches the app in neither case', () => {
    const engine = counting();
    engine.ports.clock.advance(10_000);
    engine.socket.say('beat 1');
    engine.socket.say('beat 1');
    expect(engine.received).toEqual([]);
  });
});

describe('the latency after sleep', () => {
  test('is not the length of the sleep, though the answer was under way all the while', () => {
    const engine = openEngine();
    engine.ports.clock.advance(10_000);
    engine.ports.clock.sleep(60_000);
    engine.socket.say('HeartBeat');
    expect(engine.view.latency).toBeUndefined();
    engine.ports.clock.advance(40);
    engine.socket.say('HeartBeat');
    expect(engine.view.latency).toBe(40);
  });
});

describe('the list of heartbeats under way', () => {
  test('the list of heartbeats under way is empty on a new socket, so an answer that belongs to the old one measures nothing', () => {
    const engine = openEngine();
    engine.ports.clock.advance(10_000);
    engine.connection.open();
    engine.socket.accept();
    engine.ports.clock.advance(5);
    engine.socket.say('HeartBeat');
    expect([engine.view.latency, engine.received]).toEqual([undefined, []]);
  });

  test('the list of heartbeats under way does not grow for ever where the server answers no heartbeat at all', () => {
    const beats = createBeats({ response: undefined, plainMessage: undefined });
    for (let i = 0; i < 1_000; i += 1) beatSent(beats, `beat ${i}`, i);
    expect([isAnswer(beats, 'beat 899', 1_000), beats.latency]).toEqual([false, undefined]);
    expect([isAnswer(beats, 'beat 900', 1_000), beats.latency]).toEqual([true, 100]);
  });

  test('answers that all look alike are for the oldest heartbeat under way', () => {
    const beats = createBeats({ response: () => 'pong', plainMessage: 'ping' });
    beatSent(beats, 'ping', 100);
    beatSent(beats, 'ping', 200);
    expect([isAnswer(beats, 'no pong', 250), beats.latency]).toEqual([false, undefined]);
    expect([isAnswer(beats, 'pong', 250), beats.latency]).toEqual([true, 150]);
    expect([isAnswer(beats, 'pong', 260), beats.latency]).toEqual([true, 60]);
    expect([isAnswer(beats, 'pong', 270), beats.latency]).toEqual([true, 60]);
  });
});

test('control tells of two answers in one frame: the next answer is measured from its own heartbeat', () => {
  const engine = openEngine({
    heartbeat: {
      control: (data: unknown) => (`${data}`.startsWith('PONG') ? { answer: `${data}`.length / 4 } : undefined),
    },
  });
  engine.connection.beat();
  engine.connection.beat();
  engine.socket.say('PONGPONG');
  engine.ports.clock.advance(5_000);
  engine.connection.beat();
  engine.ports.clock.advance(20);
  engine.socket.say('PONG');
  expect(engine.view.latency).toBe(20);
  expect(engine.received).toEqual([]);
});

test('control tells of more answers than there are heartbeats, or of none: nothing is wrong', () => {
  for (const answer of [3, Infinity, Number.NaN, -1, 0]) {
    const engine = openEngine({ heartbeat: { control: () => ({ answer }) } });
    engine.connection.beat();
    engine.ports.clock.advance(30);
    engine.socket.say('PONG');
    expect(engine.view).toMatchObject({ phase: 'open', latency: answer > 0 ? 30 : undefined });
  }
});
