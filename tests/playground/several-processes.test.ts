/** The chat of several processes on one bus. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TALK_OF_ALL } from '../../playground/server/bounds.ts';
import { writeSaid } from '../../playground/server/bus/bus-words.ts';
import { eventually } from '../support/eventually.ts';
import { type ChatProcess, startProcess } from './chat-process.ts';
import { createMemoryNet, holdAnswers, type MemoryNet } from './memory-bus.ts';

let net: MemoryNet;
let one: ChatProcess;
let two: ChatProcess;

beforeEach(async () => {
  net = createMemoryNet();
  [one, two] = [await startProcess(net), await startProcess(net)];
});

afterEach(async () => {
  await Promise.all([one.end(), two.end()]);
});

describe('what is said', () => {
  test('at any process comes to the pages of all, once, with the same numbers in the same order', async () => {
    const [ada, bob] = [await one.come('?client=a&name=Ada'), await two.come('?client=b&name=Bob')];
    for (let number = 1; number <= 10; number += 1) {
      ada.say(`a${number}`, `k${number}`);
      bob.say(`b${number}`, `k${number}`);
    }
    await Promise.all([ada.settle(), bob.settle()]);
    await eventually(() => expect([ada.texts().length, bob.texts().length]).toEqual([20, 20]));
    expect(ada.messages()).toEqual(bob.messages());
    expect(ada.messages().map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    const [first] = ada.messages().filter(({ id }) => id === 'b');
    expect(first).toMatchObject({ name: 'Bob', text: 'b1', key: 'k1', at: expect.any(Number) });
  });

  test('in one room comes to no other room', async () => {
    const [ada, bob] = [await one.come('?client=a&room=Garden'), await two.come('?client=b')];
    ada.say('in the garden');
    await Promise.all([ada.settle(), bob.settle()]);
    expect([ada.texts(), bob.texts()]).toEqual([['in the garden'], []]);
  });

  test('again at another process, as nobody knew that it had come, is shown once', async () => {
    const [ada, bob] = [await one.come('?client=a'), await two.come('?client=b')];
    ada.say('once', 'k1');
    await ada.settle();
    const again = await two.come(`?client=a&${ada.place()}`);
    again.say('once', 'k1');
    again.say('next', 'k2');
    await Promise.all([again.settle(), bob.settle()]);
    expect([again.texts(), bob.texts()]).toEqual([['next'], ['once', 'next']]);
  });

  test('again at a process that has not heard of it yet is shown once', async () => {
    const ada = await one.come('?client=a');
    two.bus.lag();
    const again = await two.come('?client=a');
    ada.say('once', 'k1');
    await ada.settle();
    again.say('once', 'k1');
    await again.settle();
    two.bus.catchUp();
    await again.settle();
    expect([ada.texts(), again.texts()]).toEqual([['once'], ['once']]);
  });

  test('and stands in the log twice, is shown once', async () => {
    const ada = await one.come('?client=a');
    const said = { type: 'chat', id: 'b', name: 'Bob', at: 0 } as const;
    for (const key of ['k1', 'k1', 'k2']) net.write('Lobby', writeSaid({ ...said, text: `of ${key}`, key }));
    await eventually(() => expect(ada.texts()).toEqual(['of k1', 'of k2']));
  });

  test('has its heartbeat answered when it is kept for certain, so that the answer is its proof', async () => {
    const { answer } = holdAnswers(net);
    const [ada, bob] = [await one.come('?client=a'), await one.come('?client=b')];
    ada.say('hello', 'k1');
    ada.socket.send('HeartBeat');
    await bob.settle();
    ada.socket.ping();
    await new Promise((resolve) => ada.socket.once('pong', resolve));
    expect(ada.heard).not.toContain('HeartBeat');
    answer(true);
    await eventually(() => expect(ada.heard).toContain('HeartBeat'));
    expect(ada.texts()).toEqual(['hello']);
  });
});

test('what is said at other processes counts for how much all together may say', async () => {
  const ada = await one.come('?client=a');
  // No time goes by, so nothing more may be said with it.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  ada.say('a word', 'k1');
  await ada.settle();
  const text = 'x'.repeat(1_000);
  for (let bytes = 0; bytes < TALK_OF_ALL.burst; bytes += text.length) {
    net.write('Garden', writeSaid({ type: 'chat', id: 'b', name: 'Bob', text, at: 0 }));
  }
  ada.say('y'.repeat(2 * text.length), 'k2');
  await ada.settle();
  expect(ada.texts()).toEqual(['a word']);
  expect(ada.of('error')).toMatchObject([{ key: 'k2', message: expect.stringContaining('too much') }]);
});

describe('a page that is moved to another process', () => {
  test('is sent what was said since, and nothing twice', async () => {
    const [ada, bob] = [await one.come('?client=a&room=Garden'), await two.come('?client=b&room=Garden')];
    bob.say('before');
    await bob.settle();
    await eventually(() => expect(ada.texts()).toEqual(['before']));
    await one.kill();
    bob.say('meanwhile');
    await bob.settle();
    const again = await two.come(`?client=a&room=Garden&${ada.place()}`);
    again.say('here again');
    await again.settle();
    expect(again.texts()).toEqual(['meanwhile', 'here again']);
    expect([again.of('missed'), again.of('welcome')]).toMatchObject([[], [{ room: 'Garden' }]]);
  });

  test('may come before that process has heard as much as the page', async () => {
    const ada = await one.come('?client=a');
    two.bus.lag();
    ada.say('first');
    await ada.settle();
    const coming = two.come(`?client=a&${ada.place()}`);
    ada.say('second');
    await ada.settle();
    two.bus.catchUp();
    const again = await coming;
    await eventually(() => expect(again.texts()).toEqual(['second']));
    expect(again.of('missed')).toEqual([]);
  });

  test('and has heard more than that process can while the bus is away, is sent the rest later, and nothing twice', async () => {
    const ada = await one.come('?client=a');
    two.bus.cut();
    ada.say('first');
    await ada.settle();
    const again = await two.come(`?client=a&${ada.place()}`);
    two.bus.mend();
    ada.say('second');
    await eventually(() => expect(again.texts()).toEqual(['second']));
    expect(again.of('missed')).toEqual([]);
  });

  test('finds all that is kept at a process that was started later', async () => {
    const ada = await one.come('?client=a');
    const place = ada.place();
    for (const text of ['one', 'two']) ada.say(text);
    await ada.settle();
    const three = await startProcess(net);
    const again = await three.come(`?client=a&${place}`);
    await eventually(() => expect(again.texts()).toEqual(['one', 'two']));
    await three.end();
  });

  test('may have been at a process that was started later, in a room where nobody has said anything', async () => {
    const bob = await one.come('?client=b');
    for (const text of ['one', 'two']) bob.say(text);
    await bob.settle();
    net.forget(2);
    const three = await startProcess(net);
    const ada = await three.come('?client=a&room=Garden');
    await three.kill();
    const again = await two.come(`?client=a&room=Garden&${ada.place()}`);
    again.say('here again');
    await again.settle();
    expect([again.texts(), again.of('missed')]).toEqual([['here again'], []]);
  });

  test('to one that was started later is told where the log has lost something', async () => {
    const ada = await one.come('?client=a');
    const place = ada.place();
    for (const text of ['one', 'two', 'three']) ada.say(text);
    await ada.settle();
    net.forget(1);
    const three = await startProcess(net);
    const again = await three.come(`?client=a&${place}`);
    await eventually(() => expect(again.texts()).toEqual(['two', 'three']));
    expect(again.of('missed')).toEqual([{ type: 'missed', reason: 'old' }]);
    await three.end();
  });
});
