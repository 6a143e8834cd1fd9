/** Tabs that share a connection, with delivery that is proven, where the server closes the connection for a message of one of them. */
import { expect, test } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { openTabs, type SharingTab } from '../../support/tabs';

const open = (delivery = atLeastOnce()) =>
  openTabs(2, {
    heartbeat: { message: 'ping', responseMessage: 'pong' },
    delivery,
    autoReconnect: { delay: 100 },
  } as never);

type World = Awaited<ReturnType<typeof open>>['world'];

/** Lets `ms` pass, in which the server answers heartbeats and closes the connection for a message that is too big. */
async function serve(world: World, ms: number): Promise<void> {
  let socket: World['socket'] | undefined;
  let read = 0;
  for (let passed = 0; passed < ms; passed += 100) {
    if (world.socket !== socket) read = 0;
    socket = world.socket;
    if (socket.readyState === 0) socket.accept();
    for (; socket.readyState === 1 && read < socket.sent.length; read += 1) {
      if (socket.sent[read] === 'ping') socket.say('pong');
      else if (`${socket.sent[read]}`.startsWith('too big')) socket.end(1009);
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
