/** A real NATS that goes away, loses what it had, or says what makes no sense, and two processes of the playground's server on it. */
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'nats';
import { describe, expect, test } from 'vitest';
import type { ChatPage } from './playground-bus/chat-page.ts';
import { eventually, useRig } from './playground-bus/rig.ts';
import { ServerEnded, startServer } from './playground-bus/server-process.ts';

const rig = useRig();

test('a bus that is killed: the pages are told, and go on when it is back, with all that was said before', async () => {
  const { nats, ada, bob } = await rig.two();
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

test('a bus that stands still: nobody can know whether it has what was said, and all is well when it goes on', async () => {
  const { nats, ada, bob } = await rig.two();
  await nats.halt();
  ada.say('perhaps');
  await eventually(() => ada.of('reach').length, 1);
  await eventually(() => ada.of('error').length, 1);
  expect(ada.of('error')).toMatchObject([{ message: expect.stringContaining('probably not passed on') }]);
  nats.goOn();
  await eventually(() => ada.of('reach').at(-1), { type: 'reach', isReachable: true });
  ada.say('after');
  const shown = (page: ChatPage) => () => page.texts().filter((text) => text !== 'perhaps');
  for (const page of [ada, bob]) await eventually(shown(page), ['after']);
  expect(ada.texts()).toEqual(bob.texts());
  for (const page of [ada, bob]) await eventually(page.people, { Ada: 1, Bob: 1 });
});

test('a bus that has lost all: the pages are told that something may be missing, and go on', async () => {
  const { nats, ada, bob } = await rig.two();
  ada.say('before');
  for (const page of [ada, bob]) await eventually(page.texts, ['before']);
  // What is not proven goes again, and a log that has lost all does not know that it comes twice.
  await eventually(ada.pending, 0);
  await nats.startAnew();
  for (const page of [ada, bob]) await eventually(() => page.of('missed'), [{ type: 'missed', reason: 'restarted' }]);
  ada.say('after');
  for (const page of [ada, bob]) await eventually(page.texts, ['before', 'after']);
  for (const page of [ada, bob]) await eventually(page.people, { Ada: 1, Bob: 1 });
  expect([new Set(ada.ids).size, new Set(bob.ids).size]).toEqual([1, 1]);
});

test('a log that somebody deletes: what is said then is refused, and the pages go on with another one', async () => {
  const { nats, ada, bob } = await rig.two();
  ada.say('before');
  await eventually(bob.texts, ['before']);
  await eventually(ada.pending, 0);
  const client = await connect({ servers: nats.address });
  await (await client.jetstreamManager()).streams.delete('playground-chat');
  await client.close();
  bob.say('lost');
  await eventually(() => bob.of('error').length, 1);
  await eventually(() => bob.of('missed'), [{ type: 'missed', reason: 'restarted' }]);
  ada.say('after');
  // What was refused goes again, if the page has to come anew before it is proven to have been read.
  const shown = (): string[] => bob.texts().filter((text) => text !== 'lost');
  await eventually(shown, ['before', 'after']);
});

test('nonsense and floods on the bus end no process', async () => {
  const { nats, ada, bob } = await rig.two();
  const client = await connect({ servers: nats.address });
  for (const bytes of ['', '{', 'null', '[1]', '\u0000', 'x'.repeat(10_000)]) {
    for (const subject of ['playground.here', 'playground.said.Lobby', 'playground.said.Garden', 'playground.said.x']) {
      client.publish(subject, bytes);
    }
  }
  for (let number = 0; number < 20_000; number += 1) {
    const people = { Garden: [{ id: `${number}`, name: 'x', connections: 1, isSilent: false }] };
    client.publish('playground.here', JSON.stringify({ process: `p${number}`, people }));
  }
  await client.flush();
  await client.close();
  ada.say('still here');
  for (const page of [ada, bob]) await eventually(page.texts, ['still here']);
  for (const page of [ada, bob]) await eventually(page.people, { Ada: 1, Bob: 1 });
});

test('a bus that comes and goes, at any moment, and loses all now and then: the processes go on, and end when told to', async () => {
  const { nats, one, two, ada, bob } = await rig.two();
  for (let round = 0; round < 9; round += 1) {
    await nats.kill();
    ada.say(`lost ${round}`);
    // Some rounds are over before the processes have come back.
    await pause((round % 3) * 200);
    await (round % 4 === 3 ? nats.startAnew() : nats.startAgain());
    await pause((round % 5) * 100);
  }
  for (const page of [ada, bob]) await eventually(page.people, { Ada: 1, Bob: 1 });
  await expect
    .poll(
      async () => {
        ada.say('after');
        await pause(200);
        return bob.texts().at(-1);
      },
      { timeout: 60_000 },
    )
    .toBe('after');
  await eventually(() => ada.texts().at(-1), 'after');
  await expect.poll(() => bob.numbered().at(-1)?.[0] === ada.numbered().at(-1)?.[0]).toBe(true);
  expect(await Promise.all([one.stop(), two.stop()])).toEqual([0, 0]);
});

test('a process ends when it is told to, also while its bus is away, and while its bus ends', async () => {
  const nats = await rig.nats();
  const [one, two, ...others] = await Promise.all(Array.from({ length: 4 }, () => rig.server(nats.address)));
  const ada = rig.page(two?.port ?? 0, 'Ada');
  await eventually(ada.people, { Ada: 1 });
  expect(await one?.stop()).toBe(0);
  const ending = others.map((server) => server.stop());
  await nats.kill();
  expect(await Promise.all(ending)).toEqual([0, 0]);
  await eventually(() => ada.of('reach').length, 1);
  expect(await two?.stop()).toBe(0);
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
    const nats = await rig.nats({ hasJetStream: false });
    await expect(startServer('--bus', nats.address)).rejects.toThrow(/^1: .*It needs JetStream/);
  });
});
