/** Tabs that share a connection, with delivery that is proven, where the server closes the connection for a message of one of them. */
import { expect, test } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { openTabs, type SharingTab } from '../../support/tabs';

const open = (delivery = atLeastOnce(), count = 2) =>
  openTabs(count, {
    heartbeat: { message: 'ping', responseMessage: 'pong' },
    delivery,
    autoReconnect: { delay: 100 },
  } as never);

type World = Awaited<ReturnType<typeof open>>['world'];

/** How many messages the server has read of each socket. */
const read = new WeakMap<World['socket'], number>();

/** Lets `ms` pass, in which the server answers heartbeats and closes the connection for a message that is too big. */
async function serve(world: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    for (const socket of world.live) {
      if (socket.readyState === 0) socket.accept();
      let at = read.get(socket) ?? 0;
      for (; socket.readyState === 1 && at < socket.sent.length; at += 1) {
        if (socket.sent[at] === 'ping') socket.say('pong');
        else if (`${socket.sent[at]}`.startsWith('too big')) socket.end(1009);
      }
      read.set(socket, at);
    }
    await world.pass(100);
  }
}

test('a message that is too big is dropped in its own tab, and does not cut one connection after another', async () => {
  const { world, tabs } = await open();
  const [a, b] = tabs as [SharingTab, SharingTab];
  b.connection.send('too big');
  b.connection.send('after it');
  await serve(world, 30_000);
  expect(b.dropped).toEqual(['too big refused']);
  expect(b.delivered).toEqual(['after it']);
  expect(world.sockets.length).toBeLessThan(5);
  expect([a.view.pending, b.view.pending]).toEqual([0, 0]);
});

test('a tab drops nothing for a message of another tab that is too big', async () => {
  const { world, tabs } = await open();
  const [a, b] = tabs as [SharingTab, SharingTab];
  a.connection.send('of the leader');
  b.connection.send('too big');
  await serve(world, 3_000);
  expect(a.dropped).toEqual([]);
  for (let second = 0; second < 30 && !b.dropped.length; second += 1) await serve(world, 1_000);
  expect([a.dropped, a.delivered]).toEqual([[], ['of the leader']]);
  expect(b.dropped).toEqual(['too big refused']);
});

test('what was sent beside a message that is too big arrives soon, while other tabs go on sending', async () => {
  const { world, tabs } = await open(undefined, 3);
  const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
  b.connection.send('too big');
  for (let n = 0; n < 10; n += 1) b.connection.send(`beside ${n}`);
  for (let n = 0; n < 60; n += 1) {
    a.connection.send(`a ${n}`);
    c.connection.send(`c ${n}`);
    await serve(world, 100);
  }
  expect(b.dropped).toEqual(['too big refused']);
  expect([a.dropped, c.dropped]).toEqual([[], []]);
  await serve(world, 5_000);
  const inOrder = (name: string): string[] => Array.from({ length: 60 }, (_, n) => `${name} ${n}`);
  expect([a.delivered, c.delivered]).toEqual([inOrder('a'), inOrder('c')]);
  expect(b.delivered).toEqual(Array.from({ length: 10 }, (_, n) => `beside ${n}`));
  expect(world.sockets.length).toBeLessThan(6);
});

test.each([
  ['answers heartbeats', undefined],
  ['never says what it has read', { ack: () => undefined }],
])('what another tab sends before it costs no further connection: the server %s', async (_, settings) => {
  const { world, tabs } = await open(atLeastOnce(settings));
  const [a, b] = tabs as [SharingTab, SharingTab];
  for (const text of ['too big', 'beside']) b.connection.send(text);
  await world.settle();
  world.socket.end(1009);
  await world.settle();
  a.connection.send('of the leader');
  await world.pass(200);
  world.socket.accept();
  await world.pass(100);
  expect(world.socket.sent).toEqual(['of the leader']);
  await serve(world, 20_000);
  expect([a.dropped, b.dropped]).toEqual([[], ['too big refused']]);
  expect(world.sockets).toHaveLength(3);
});

test('what was sent beside a message that is too big goes again at the pace of the answers', async () => {
  const { world, tabs } = await open();
  const b = tabs[1] as SharingTab;
  b.connection.send('too big');
  for (let n = 0; n < 20; n += 1) b.connection.send(n);
  await serve(world, 8_000);
  expect(b.dropped).toEqual(['too big refused']);
  expect(b.delivered).toHaveLength(20);
});

test('what was sent beside a message that is too big waits for no server that never says what it has read', async () => {
  const { world, tabs } = await open(atLeastOnce({ ack: () => undefined }));
  const [a, b] = tabs as [SharingTab, SharingTab];
  for (const text of ['too big', 'beside']) b.connection.send(text);
  await serve(world, 100);
  a.connection.send('of the leader');
  await serve(world, 40_000);
  expect([a.dropped, b.dropped]).toEqual([[], ['too big refused']]);
  expect(new Set(world.socket.sent)).toEqual(new Set(['beside', 'of the leader', 'ping']));
});

test('a server that says seldom what it has read costs no tab the messages that another tab sent too big', async () => {
  const { world, tabs } = await open(atLeastOnce({ ack: () => undefined }));
  const [a, b] = tabs as [SharingTab, SharingTab];
  for (const text of ['one', 'two', 'three']) a.connection.send(text);
  b.connection.send('too big');
  await serve(world, 60_000);
  expect([a.dropped, b.dropped]).toEqual([[], ['too big refused']]);
  // Those that may have been too big go alone, and none of them for ever.
  expect(world.socket.sent.filter((sent) => sent !== 'ping')).toEqual(['one', 'two', 'three']);
  expect(world.sockets).toHaveLength(3);
});
