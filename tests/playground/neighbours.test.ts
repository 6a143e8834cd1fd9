/** Who is in a room, where its people are at several processes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_PEOPLE, MAX_PROCESSES } from '../../playground/server/bounds.ts';
import { writeReport } from '../../playground/server/bus/bus-words.ts';
import { createNeighbours, mergePeople } from '../../playground/server/bus/neighbours.ts';
import { eventually } from '../support/eventually.ts';
import { type ChatProcess, startProcess } from './chat-process.ts';
import { createMemoryNet, type MemoryNet } from './memory-bus.ts';

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

const person = (id: string, connections = 1, isSilent = false) => ({ id, name: id, connections, isSilent });

describe('the pages of all processes', () => {
  test('see each other, in their rooms, with how many are in each room', async () => {
    const [ada, bob] = [await one.come('?client=a'), await two.come('?client=b&name=Bob')];
    const garden = await two.come('?client=c&room=Garden');
    for (const page of [ada, bob]) await eventually(() => expect(page.people()).toEqual({ a: 1, b: 1 }));
    await eventually(() => expect(garden.people()).toEqual({ c: 1 }));
    for (const page of [ada, bob, garden]) {
      await eventually(() => expect(page.of('people').at(-1)?.rooms).toEqual({ Lobby: 2, Garden: 1 }));
    }
    expect(ada.of('people').at(-1)?.people).toContainEqual({ ...person('b'), name: 'Bob' });
  });

  test('see who leaves', async () => {
    const [ada, bob] = [await one.come('?client=a'), await two.come('?client=b')];
    await eventually(() => expect(ada.people()).toEqual({ a: 1, b: 1 }));
    bob.socket.close();
    await eventually(() => expect(ada.people()).toEqual({ a: 1 }));
  });

  test('of one client are one person, with the connections of all', async () => {
    const [ada, bob] = [await one.come('?client=a'), await one.come('?client=b')];
    const again = await two.come('?client=a');
    for (const page of [ada, bob, again]) await eventually(() => expect(page.people()).toEqual({ a: 2, b: 1 }));
    ada.socket.terminate();
    for (const page of [bob, again]) await eventually(() => expect(page.people()).toEqual({ a: 1, b: 1 }));
  });

  test('are told to who comes to a process that was started later', async () => {
    await one.come('?client=a');
    const three = await startProcess(net);
    const late = await three.come('?client=c');
    await eventually(() => expect(late.people()).toEqual({ a: 1, c: 1 }));
    await three.end();
  });
});

describe('a process that dies without a word', () => {
  test('takes its people with it, but for who has come to another one', async () => {
    const bob = await two.come('?client=b');
    await one.come('?client=a');
    await one.come('?client=c');
    await eventually(() => expect(bob.people()).toEqual({ a: 1, b: 1, c: 1 }));
    const moved = await two.come('?client=a');
    await one.kill();
    for (const page of [bob, moved]) await eventually(() => expect(page.people()).toEqual({ a: 1, b: 1 }));
    const lists = bob.of('people').map(({ people }) => people.map(({ id }) => id));
    expect(lists.filter((ids) => new Set(ids).size !== ids.length)).toEqual([]);
    expect(lists.slice(lists.findIndex((ids) => ids.includes('a'))).every((ids) => ids.includes('a'))).toBe(true);
  });

  test('and one that the bus has lost, are the same to the others, until it is heard again', async () => {
    const [ada, bob] = [await one.come('?client=a'), await two.come('?client=b')];
    const both = { a: 1, b: 1 };
    await eventually(() => expect([ada.people(), bob.people()]).toEqual([both, both]));
    one.bus.cut();
    await eventually(() => expect([ada.people(), bob.people()]).toEqual([{ a: 1 }, { b: 1 }]));
    one.bus.mend();
    await eventually(() => expect([ada.people(), bob.people()]).toEqual([both, both]));
  });

  test('says goodbye when it ends as it should', async () => {
    const three = await startProcess(net);
    const bob = await two.come('?client=b');
    await three.come('?client=c');
    await eventually(() => expect(bob.people()).toEqual({ b: 1, c: 1 }));
    await three.end();
    await eventually(() => expect(bob.people()).toEqual({ b: 1 }));
  });
});

describe('what anybody may say on the bus', () => {
  test('is bounded: so many processes and so many people, and no more', () => {
    const alone = createMemoryNet();
    const neighbours = createNeighbours(alone.connect(), { every: 1_000_000 });
    for (let number = 0; number < 2 * MAX_PROCESSES; number += 1) {
      alone.tell(writeReport({ process: `p${number}`, people: new Map([['Lobby', [person(`${number}`)]]]) }));
    }
    const known = neighbours
      .together(new Map())
      .get('Lobby')
      ?.map(({ id }) => id);
    expect(known).toEqual(Array.from({ length: MAX_PROCESSES }, (_, number) => `${number}`));

    const crowd = Array.from({ length: 2 * MAX_PEOPLE }, (_, number) => person(`x${number}`));
    expect(mergePeople([new Map([['Lobby', crowd]])]).get('Lobby')).toHaveLength(MAX_PEOPLE);
    neighbours.close();
  });

  test('makes nobody of who is here silent, and those who are here come first', () => {
    const merged = mergePeople([
      new Map([['Lobby', [person('a', 0, true), person('b')]]]),
      new Map([['Lobby', [person('b', 0, true), { ...person('a'), name: 'another' }, person('c', 0, true)]]]),
    ]);
    expect(merged.get('Lobby')).toEqual([person('a', 1, false), person('b', 1, false), person('c', 0, true)]);
  });
});
