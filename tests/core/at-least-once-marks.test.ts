/** When a heartbeat asks for proof, which heartbeat proves what, and who else is told. */
import { describe, expect, test } from 'vitest';
import { type AtLeastOnceSettings, createAtLeastOnce } from '../../src/core/at-least-once';
import type { MadeConnection } from '../../src/core/connection';
import { send } from '../../src/core/outbound';
import { beats, type Engine, type EngineOptions, openEngine } from '../support/engine';

function open({ proof, ...options }: EngineOptions & { proof?: Partial<AtLeastOnceSettings> } = {}): Engine {
  const settings = { ackWithin: 1_000, ack: undefined, id: undefined, storage: undefined, ...proof };
  return openEngine({ delivery: createAtLeastOnce(settings), autoReconnect: { delay: 0 }, ...options });
}

const told = ({ log }: Engine): string[] => log.filter((line) => /^(delivered|dropped)/.test(line));

const answer = ({ socket }: Engine): void => socket.say('HeartBeat');

const wait = ({ ports }: Engine, ms: number): void => ports.clock.advance(ms);

/** No heartbeat is due for a minute, but for proof. */
const RARE = { interval: 60_000 };

/** Sends a message about which more is known, as `deliver` and `useRequests` do. */
const sendAbout = ({ connection }: Engine, value: unknown, about: Parameters<typeof send>[3]): unknown =>
  send((connection as MadeConnection).engine, value, true, about);

describe('the heartbeat that asks for proof', () => {
  test('goes out ackWithin after the first message, and no later for those that follow', () => {
    const engine = open({ heartbeat: RARE });
    engine.connection.send('a');
    wait(engine, 900);
    engine.connection.send('b');
    wait(engine, 99);
    expect(beats(engine.socket)).toBe(0);
    wait(engine, 1);
    expect(beats(engine.socket)).toBe(1);
  });

  test('does not go out sooner because the timer fires for something else', () => {
    const engine = open({ heartbeat: RARE, autoReconnect: { delay: 0, stableAfter: 5_000 } });
    engine.socket.end(1006);
    wait(engine, 0);
    engine.socket.accept();
    wait(engine, 4_500);
    engine.connection.send('a');
    // After 5 s the failure before is forgotten.
    wait(engine, 999);
    expect([engine.view.failures, beats(engine.socket)]).toEqual([0, 0]);
    wait(engine, 1);
    expect(beats(engine.socket)).toBe(1);
  });

  test('is not due on the next socket for what was lost with the one before', () => {
    const engine = open({ heartbeat: RARE, autoReconnect: { delay: 5_000 } });
    engine.connection.send('for this connection alone', false);
    engine.socket.end(1006);
    wait(engine, 5_000);
    engine.socket.accept();
    const { clock } = engine.ports;
    const { armed } = clock;
    wait(engine, 4_000);
    expect([clock.armed - armed, engine.socket.sent]).toEqual([0, []]);
  });

  test('goes out for each message that comes after the proof of the one before', () => {
    const engine = open({ heartbeat: RARE });
    for (const [count, message] of ['a', 'b', 'c'].entries()) {
      engine.connection.send(message);
      wait(engine, 1_000);
      expect(beats(engine.socket)).toBe(count + 1);
      answer(engine);
      wait(engine, 500);
    }
    expect(told(engine)).toEqual(['delivered:a', 'delivered:b', 'delivered:c']);
  });

  test('goes out for what is sent while another one is under way, ackWithin after the first of that', () => {
    const engine = open({ heartbeat: RARE });
    engine.connection.send('a');
    wait(engine, 1_000);
    engine.connection.send('b');
    wait(engine, 500);
    engine.connection.send('c');
    wait(engine, 200);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
    wait(engine, 299);
    expect(beats(engine.socket)).toBe(1);
    wait(engine, 1);
    expect(beats(engine.socket)).toBe(2);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a', 'delivered:b', 'delivered:c']);
  });

  test('does not go out within 100 ms after an answer, which may come twice', () => {
    const engine = open({ heartbeat: RARE, buffer: { limit: 2 } });
    engine.connection.send('a');
    wait(engine, 0);
    engine.connection.send('b');
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
    wait(engine, 99);
    expect(beats(engine.socket)).toBe(1);
    wait(engine, 1);
    expect(beats(engine.socket)).toBe(2);
  });

  test('goes out again after 10 s where the option message threw the first time', () => {
    let isFirst = true;
    const message = (): string => {
      if (!isFirst) return 'HeartBeat';
      isFirst = false;
      throw new Error('no message');
    };
    const engine = open({ heartbeat: { message, interval: 600_000 } });
    engine.connection.send('a');
    wait(engine, 1_000);
    expect([engine.socket.sent, engine.log]).toEqual([['a'], ['connected', 'error']]);
    wait(engine, 10_000);
    expect(engine.socket.sent).toEqual(['a', 'HeartBeat']);
  });

  test('does not go out where all is proven', () => {
    const engine = open({ heartbeat: RARE });
    engine.connection.send('a');
    wait(engine, 1_000);
    answer(engine);
    wait(engine, 30_000);
    expect(beats(engine.socket)).toBe(1);
  });

  test('goes out again after pongTimeout where the server speaks and does not answer', () => {
    const engine = open({ heartbeat: RARE });
    engine.connection.send('a');
    wait(engine, 1_000);
    engine.socket.say('news');
    wait(engine, 9_999);
    expect(beats(engine.socket)).toBe(1);
    wait(engine, 1);
    expect(beats(engine.socket)).toBe(2);
  });

  test('goes out again after ackWithin where an answer came twice while two heartbeats were under way', () => {
    const engine = open({ heartbeat: RARE });
    engine.connection.beat();
    engine.connection.beat();
    answer(engine);
    answer(engine);
    engine.connection.send('a');
    wait(engine, 1_000);
    answer(engine);
    expect([beats(engine.socket), told(engine)]).toEqual([3, []]);
    wait(engine, 1_000);
    expect(beats(engine.socket)).toBe(4);
    answer(engine);
    expect(told(engine)).toEqual(['delivered:a']);
  });
});

test('a heartbeat proves what was sent before it, also where another one follows it before the answer', () => {
  const engine = open({ heartbeat: RARE });
  engine.connection.send('a');
  engine.connection.beat();
  engine.connection.send('b');
  engine.connection.beat();
  answer(engine);
  expect(told(engine)).toEqual(['delivered:a']);
});

test('a frame that answers one heartbeat twice proves nothing of the heartbeat after it', () => {
  const control = (data: unknown) => (data === 'twice' ? { answer: 2 } : undefined);
  const engine = open({ heartbeat: { ...RARE, control } });
  engine.connection.beat();
  engine.connection.send('a');
  wait(engine, 1_000);
  expect(engine.socket.sent).toEqual(['HeartBeat', 'a', 'HeartBeat']);
  // Both for the first one.
  engine.socket.say('twice');
  expect(told(engine)).toEqual([]);
  wait(engine, 2_000);
  expect(beats(engine.socket)).toBe(3);
  answer(engine);
  wait(engine, 1_000);
  answer(engine);
  expect(told(engine)).toEqual(['delivered:a']);
});

describe('who is told what became of a message', () => {
  test('whoever waits for its delivery is told once, without a reason', () => {
    const engine = open();
    const settled: unknown[] = [];
    sendAbout(engine, 'a', { settled: (reason) => settled.push(reason) });
    wait(engine, 1_000);
    expect(settled).toEqual([]);
    answer(engine);
    engine.connection.close(1000);
    expect(settled).toEqual([undefined]);
  });

  test('whoever waits for its delivery is told once why it is lost', () => {
    const engine = open();
    const settled: unknown[] = [];
    sendAbout(engine, 'a', { settled: (reason) => settled.push(reason) });
    engine.connection.close(1000);
    expect(settled).toEqual(['closed']);
  });

  test('pending is shown anew when a message is sent, and when it is delivered', () => {
    const engine = open();
    engine.connection.send('a');
    let shown = engine.viewChanges;
    engine.connection.send('b');
    expect(engine.viewChanges).toBeGreaterThan(shown);
    /** How often an answer makes the view show itself anew. */
    const showsOfAnswer = (): number => {
      wait(engine, 1_000);
      engine.connection.beat();
      shown = engine.viewChanges;
      answer(engine);
      return engine.viewChanges - shown;
    };
    expect(showsOfAnswer()).toBeGreaterThan(showsOfAnswer());
  });

  test('a question is not delivered by proof: it stays until it is answered, and goes again', () => {
    const engine = open();
    sendAbout(engine, 'question', { isRequest: true });
    engine.connection.send('a');
    wait(engine, 1_000);
    answer(engine);
    expect([told(engine), engine.view.pending]).toEqual([['delivered:a'], 1]);
    engine.socket.end(1006);
    wait(engine, 0);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['question']);
  });
});

describe('a server that says itself what it has read', () => {
  const ack = (value: unknown): unknown => /^ack (.+)$/.exec(String(value))?.[1];

  test('says nothing of that in any other message', () => {
    const engine = open({ proof: { ack: (value) => ack(value) && Number(ack(value)) } });
    engine.connection.send('a');
    engine.socket.say('news');
    expect([engine.received, engine.log, engine.view.pending]).toEqual([['news'], ['connected'], 1]);
  });

  test('does not prove by an id what this socket has not taken yet', () => {
    const engine = open({ proof: { ack, id: (value) => value }, buffer: { perSecond: 1 } });
    engine.connection.send('a');
    engine.connection.send('b');
    engine.socket.end(1006);
    wait(engine, 0);
    engine.socket.accept();
    wait(engine, 500);
    expect(engine.socket.sent.filter((data) => data !== 'HeartBeat')).toEqual(['a']);
    engine.socket.say('ack b');
    expect([told(engine), engine.view.pending]).toEqual([[], 2]);
  });
});

/** Lets `ms` pass, in which the server answers each heartbeat that comes. */
function waitAnswering(engine: Engine, ms: number, isOver = () => false): number {
  let seen = engine.socket.sent.length;
  let passed = 0;
  for (; passed < ms && !isOver(); passed += 10) {
    wait(engine, 10);
    for (; seen < engine.socket.sent.length; seen += 1) if (engine.socket.sent[seen] === 'HeartBeat') answer(engine);
  }
  return passed;
}

/** ms until a message is proven. */
function timeToProof(engine: Engine, message: string): number {
  engine.connection.send(message);
  return waitAnswering(engine, 60_000, () => engine.view.pending === 0);
}

test('one heartbeat that was never answered slows one proof, and not each one after it', () => {
  const engine = open();
  engine.connection.beat();
  wait(engine, 500);
  engine.socket.say('news');
  timeToProof(engine, 'a');
  expect(timeToProof(engine, 'b')).toBeLessThan(3_000);
});

test('answers that came right after one another slow a proof for 10 s, and no longer', () => {
  const engine = open();
  for (let wake = 0; wake < 20; wake += 1) {
    engine.connection.beat();
    engine.connection.beat();
    answer(engine);
    answer(engine);
    wait(engine, 200);
  }
  waitAnswering(engine, 11_000);
  expect(timeToProof(engine, 'a')).toBeLessThan(3_000);
});

test('perSecond paces what was kept, and not what went out at once', () => {
  const engine = open({ buffer: { perSecond: 10 }, heartbeat: RARE });
  for (let number = 0; number < 100; number += 1) engine.connection.send(`m${number}`);
  wait(engine, 1_000);
  answer(engine);
  engine.connection.send('last');
  engine.socket.end(1006);
  wait(engine, 0);
  engine.socket.accept();
  wait(engine, 100);
  expect(engine.socket.sent).toContain('last');
});

test('one message whose id cannot be read keeps no other from being proven', () => {
  const id = (value: unknown): unknown => {
    if (value === 'bad') throw new Error('no id');
    return value;
  };
  const engine = open({ proof: { ack: (value) => String(value).replace('ack ', ''), id } });
  engine.connection.send('bad');
  engine.connection.send('b');
  engine.socket.say('ack b');
  expect(told(engine)).toEqual(['delivered:bad', 'delivered:b']);
});
