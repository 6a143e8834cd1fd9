/** The chat of several processes whose bus goes away, or loses something. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type ChatProcess, startProcess } from './chat-process.ts';
import { createMemoryNet, holdAnswers, type MemoryNet } from './memory-bus.ts';

let net: MemoryNet;
let one: ChatProcess;
let two: ChatProcess;
let lost: number;

beforeEach(async () => {
  net = createMemoryNet();
  lost = 0;
  [one, two] = [await startProcess(net, () => (lost += 1)), await startProcess(net)];
});

afterEach(async () => {
  await Promise.all([one.end(), two.end()]);
});

describe('a bus that goes away', () => {
  test('pages are told, what they say is refused, and all is well when it is back', async () => {
    const [ada, bob] = [await one.come('?client=a'), await two.come('?client=b')];
    one.bus.cut();
    await eventually(() => expect(ada.of('reach')).toEqual([{ type: 'reach', isReachable: false }]));
    ada.say('lost', 'k1');
    await ada.settle();
    expect(ada.of('error')).toEqual([{ type: 'error', key: 'k1', message: expect.stringContaining('not passed on') }]);
    bob.say('meanwhile');
    await bob.settle();
    one.bus.mend();
    await eventually(() => expect(ada.of('reach').at(-1)).toEqual({ type: 'reach', isReachable: true }));
    ada.say('again');
    await ada.settle();
    await eventually(() => expect(ada.texts()).toEqual(['meanwhile', 'again']));
    await eventually(() => expect(bob.texts()).toEqual(['meanwhile', 'again']));
  });

  test('who comes meanwhile is let in, and told', async () => {
    one.bus.cut();
    const ada = await one.come('?client=a');
    await ada.settle();
    const types = ada.heard.map((message) => (typeof message === 'string' ? message : message.type));
    expect(types.slice(0, 2)).toEqual(['welcome', 'reach']);
  });

  test('just when something was said: its sender is told that nobody knows', async () => {
    const { answer } = holdAnswers(net);
    const ada = await one.come('?client=a');
    ada.say('hello', 'k1');
    await eventually(() => {
      answer(false);
      expect(ada.of('error')).toMatchObject([{ key: 'k1', message: expect.stringContaining('probably') }]);
    });
    await ada.settle();
  });

  test('and comes back without what it had: who is here has to come anew', async () => {
    const ada = await one.come('?client=a');
    ada.say('before');
    await ada.settle();
    net.lose();
    expect(lost).toBe(1);
    const again = await one.come(`?client=a&${ada.place()}`);
    again.say('after');
    await again.settle();
    expect([again.of('missed'), again.texts()]).toEqual([[{ type: 'missed', reason: 'restarted' }], ['after']]);
  });

  test('for so long that the log has lost something: the pages are told', async () => {
    const [ada, bob] = [await one.come('?client=a'), await two.come('?client=b')];
    one.bus.cut();
    for (const text of ['one', 'two', 'three']) bob.say(text);
    await bob.settle();
    net.forget(2);
    one.bus.mend();
    await eventually(() => expect(ada.texts()).toEqual(['three']));
    expect(ada.of('missed')).toEqual([{ type: 'missed', reason: 'old' }]);
  });
});
