/** Two processes of the playground's server, one real NATS between them, and pages that talk by the library. */
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Balancer, startBalancer } from './playground-bus/balancer.ts';
import { type ChatPage, openChatPage } from './playground-bus/chat-page.ts';
import { type Nats, startNats } from './playground-bus/nats.ts';
import { ServerEnded, type ServerProcess, startServer } from './playground-bus/server-process.ts';

const LONG = { timeout: 60_000, interval: 20 };

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function begin<Part>(starting: Promise<Part>, end: (part: Part) => unknown): Promise<Part> {
  const part = await starting;
  ends.push(() => end(part));
  return part;
}

function open(port: number, name: string): ChatPage {
  const page = openChatPage(port, name, 'Garden');
  ends.push(page.leave);
  return page;
}

const eventually = (look: () => unknown, expected: unknown): Promise<void> =>
  expect.poll(look, LONG).toEqual(expected) as unknown as Promise<void>;

const beginNats = (options?: { hasJetStream?: boolean }): Promise<Nats> =>
  begin(startNats(options), (nats) => nats.end());
const beginServer = (bus: string): Promise<ServerProcess> =>
  begin(startServer('--bus', bus), (server) => server.kill());

const texts = (from: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${from} ${at + 1}`);

describe('two pages at two processes', () => {
  let nats: Nats;
  let one: ServerProcess;
  let two: ServerProcess;
  let address: Balancer;
  let ada: ChatPage;
  let bob: ChatPage;

  beforeEach(async () => {
    nats = await beginNats();
    [one, two] = await Promise.all([beginServer(nats.address), beginServer(nats.address)]);
    address = await begin(startBalancer(one.port), (balancer) => balancer.end());
    [ada, bob] = [open(address.port, 'Ada'), open(two.port, 'Bob')];
    for (const page of [ada, bob]) await eventually(page.people, { Ada: 1, Bob: 1 });
  });

  test('see each other, and what they say, in the same order', async () => {
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
    const three = await beginServer(nats.address);
    const cleo = open(three.port, 'Cleo');
    for (const page of [ada, bob, cleo]) await eventually(page.people, { Ada: 1, Bob: 1, Cleo: 1 });
    await one.kill();
    for (const page of [bob, cleo]) await eventually(page.people, { Bob: 1, Cleo: 1 });
    await three.stop();
    await eventually(bob.people, { Bob: 1 });
  });

  test('a bus that is killed: the pages are told, and go on when it is back, with all that was said before', async () => {
    ada.say('before');
    await eventually(bob.texts, ['before']);
    await nats.kill();
    for (const page of [ada, bob]) await eventually(() => page.of('reach'), [{ type: 'reach', isReachable: false }]);
    ada.say('lost');
    await eventually(() => ada.of('error').length, 1);
    expect(ada.of('error')).toMatchObject([{ key: 'Ada-2', message: expect.stringContaining('not passed on') }]);
    await nats.startAgain();
    for (const page of [ada, bob]) {
      await eventually(() => page.of('reach').at(-1), { type: 'reach', isReachable: true });
    }
    bob.say('after');
    for (const page of [ada, bob]) await eventually(page.texts, ['before', 'after']);
    for (const page of [ada, bob]) await eventually(page.people, { Ada: 1, Bob: 1 });
    expect([ada.welcomes, bob.welcomes, ada.of('missed')]).toEqual([['Garden'], ['Garden'], []]);
  });
});

test('all processes are restarted one after the other: what was said is still there, and the page is who it was', async () => {
  const nats = await beginNats();
  const first = await beginServer(nats.address);
  const address = await begin(startBalancer(first.port), (balancer) => balancer.end());
  const ada = open(address.port, 'Ada');
  ada.say('before');
  await eventually(ada.texts, ['before']);
  await first.stop();
  const second = await beginServer(nats.address);
  address.leadTo(second.port);
  await eventually(() => ada.welcomes.length, 2);
  ada.say('after');
  await eventually(ada.texts, ['before', 'after']);
  expect([ada.of('missed'), new Set(ada.ids).size]).toEqual([[], 1]);
});

test('a process ends when it is told to, also while its bus is away', async () => {
  const nats = await beginNats();
  const [one, two] = await Promise.all([beginServer(nats.address), beginServer(nats.address)]);
  const ada = open(two.port, 'Ada');
  await eventually(ada.people, { Ada: 1 });
  await one.stop();
  await nats.kill();
  await eventually(() => ada.of('reach').length, 1);
  await two.stop();
});

describe('a server that cannot use its bus says why, and ends', () => {
  test('nobody is there', async () => {
    const free = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolve(port));
      });
    });
    const ended = startServer('--bus', `nats://me:secret@127.0.0.1:${free}`);
    await expect(ended).rejects.toThrow(`1: The bus nats://127.0.0.1:${free} cannot be reached`);
    await expect(ended).rejects.toThrow(ServerEnded);
    await expect(ended).rejects.not.toThrow('secret');
  });

  test('it has no JetStream', async () => {
    const nats = await beginNats({ hasJetStream: false });
    await expect(startServer('--bus', nats.address)).rejects.toThrow(/^1: .*It needs JetStream/);
  });
});
