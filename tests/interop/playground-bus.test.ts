/** Two processes of the playground's server, one real NATS between them, and pages that talk by the library. */
import { expect, test } from 'vitest';
import { eventually, useRig } from './playground-bus/rig.ts';

const rig = useRig();

const texts = (from: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${from} ${at + 1}`);

test('two pages at two processes see each other, and what they say, in the same order', async () => {
  const { ada, bob } = await rig.two();
  const said = [...texts('Ada', 20), ...texts('Bob', 20)];
  for (let at = 0; at < 20; at += 1) {
    ada.say(`Ada ${at + 1}`);
    bob.say(`Bob ${at + 1}`);
  }
  for (const page of [ada, bob]) await eventually(() => page.texts().toSorted(), said.toSorted());
  expect(ada.numbered()).toEqual(bob.numbered());
  for (const name of ['Ada', 'Bob']) {
    expect(ada.texts().filter((text) => text.startsWith(name))).toEqual(texts(name, 20));
  }
});

test('a page whose process is killed comes to the other one: its room, its id, every message once, one presence', async () => {
  const { one, two, address, ada, bob } = await rig.two();
  ada.say('before');
  for (const page of [ada, bob]) await eventually(page.texts, ['before']);
  for (const text of texts('Ada', 10)) ada.say(text);
  address.leadTo(two.port);
  await one.kill();
  for (const text of texts('Bob', 10)) bob.say(text);
  ada.say('after');

  const said = ['before', ...texts('Ada', 10), ...texts('Bob', 10), 'after'];
  for (const page of [ada, bob]) await eventually(() => page.texts().toSorted(), said.toSorted());
  expect(ada.numbered()).toEqual(bob.numbered());
  expect(ada.texts().filter((text) => text.startsWith('Ada'))).toEqual(texts('Ada', 10));
  expect([ada.of('missed'), ada.of('error'), ada.welcomes]).toEqual([[], [], ['Garden', 'Garden']]);
  expect(new Set(ada.ids).size).toBe(1);
  for (const page of [ada, bob]) {
    await eventually(page.people, { Ada: 1, Bob: 1 });
    const twice = page.lists.filter((people) => new Set(people.map(({ id }) => id)).size < people.length);
    expect(twice).toEqual([]);
  }
});

test('a process that is killed takes its people with it, and one that ends says goodbye', async () => {
  const { nats, one, ada, bob } = await rig.two();
  const three = await rig.server(nats.address);
  const cleo = rig.page(three.port, 'Cleo');
  for (const page of [ada, bob, cleo]) await eventually(page.people, { Ada: 1, Bob: 1, Cleo: 1 });
  await one.kill();
  for (const page of [bob, cleo]) await eventually(page.people, { Bob: 1, Cleo: 1 });
  await three.stop();
  await eventually(bob.people, { Bob: 1 });
});

test('all processes are restarted one after the other: what was said is still there, and the page is who it was', async () => {
  const nats = await rig.nats();
  const first = await rig.server(nats.address);
  const address = await rig.balancer(first.port);
  const ada = rig.page(address.port, 'Ada');
  ada.say('before');
  await eventually(ada.texts, ['before']);
  await first.stop();
  const second = await rig.server(nats.address);
  address.leadTo(second.port);
  await eventually(() => ada.welcomes.length, 2);
  ada.say('after');
  await eventually(ada.texts, ['before', 'after']);
  expect([ada.of('missed'), new Set(ada.ids).size]).toEqual([[], 1]);
});
