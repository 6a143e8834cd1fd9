/** `close({ drain })` waits for what all tabs have pending, and nobody connects anew for it. */
import { expect, test } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { createWorld, openTabs, type SharingTab, type World } from '../../support/tabs';

type Three = [SharingTab, SharingTab, SharingTab];

const phases = (tabs: readonly SharingTab[]): string[] => tabs.map(({ view }) => view.phase);

/** Three tabs whose one socket has too much to send, so that messages wait. */
async function openFull(): Promise<{ world: World; tabs: Three }> {
  const { world, tabs } = await openTabs(3, { buffer: { highWaterMark: 10 } });
  world.socket.bufferedAmount = 100;
  return { world, tabs: tabs as Three };
}

test.each([0, 1, 2])(
  'called in tab %s, where nothing is pending: the others send what they have by the same socket',
  async (which) => {
    const { world, tabs } = await openFull();
    const others = tabs.filter((_, at) => at !== which);
    for (const [at, other] of others.entries()) other.connection.send(`message ${at}`);
    tabs[which]?.connection.drain(10_000);
    await world.settle();
    await world.pass(2_000);
    expect(world.live).toHaveLength(1);
    expect(others.map(({ view }) => view.pending)).toEqual([1, 1]);
    world.socket.bufferedAmount = 0;
    await world.pass(500);
    expect(world.sockets.map(({ sent }) => sent)).toEqual([['message 0', 'message 1']]);
    expect(phases(tabs)).toEqual(['closed', 'closed', 'closed']);
    expect(world.live).toEqual([]);
  },
);

test('with proof of delivery the leader goes on until the server has the messages of all tabs', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs } = await openTabs(2, { heartbeat, delivery: atLeastOnce() });
  const [a, b] = tabs as [SharingTab, SharingTab];
  b.connection.send('one');
  a.connection.drain(10_000);
  await world.settle();
  await world.pass(1_500);
  expect(world.socket.sent).toEqual(['one', 'ping']);
  world.socket.say('pong');
  await world.pass(200);
  expect(b.delivered).toEqual(['one']);
  expect(phases(tabs)).toEqual(['closed', 'closed']);
  expect(world.sockets).toHaveLength(1);
  expect(world.live).toEqual([]);
});

test('before the connection is open as well', async () => {
  const world = createWorld();
  const tabs = [world.open(), world.open()] as const;
  await world.settle();
  tabs[1].connection.send('early');
  tabs[0].connection.drain(10_000);
  await world.settle();
  await world.pass(500);
  world.socket.accept();
  await world.pass(500);
  expect(world.sockets.map(({ sent }) => sent)).toEqual([['early']]);
  expect(phases(tabs)).toEqual(['closed', 'closed']);
  expect(world.live).toEqual([]);
});

test('it waits no longer than it was told to', async () => {
  const { world, tabs } = await openFull();
  tabs[1].connection.send('late');
  tabs[0].connection.drain(3_000);
  await world.settle();
  await world.pass(2_900);
  expect(world.live).toHaveLength(1);
  await world.pass(300);
  expect(world.live).toEqual([]);
  expect(phases(tabs)).toEqual(['closed', 'closed', 'closed']);
  expect(world.sockets).toHaveLength(1);
});

test.each(['crash', 'hide', 'leave'] as const)('it does not wait for a tab that is gone (%s)', async (how) => {
  const { world, tabs } = await openFull();
  const [a, b] = tabs;
  b.connection.send('lost');
  a.connection.drain(60_000);
  await world.settle();
  await world.pass(500);
  expect(world.live).toHaveLength(1);
  if (how === 'crash') b.crash();
  else if (how === 'hide') b.hide();
  else b.connection.leave();
  await world.pass(500);
  expect(world.live).toEqual([]);
});

test.each(['crash', 'hide', 'leave'] as const)(
  'the leader is gone meanwhile (%s): another tab goes on for all that have messages',
  async (how) => {
    const { world, tabs } = await openFull();
    const [a, b, c] = tabs;
    b.connection.send('of b');
    c.connection.send('of c');
    a.connection.drain(60_000);
    await world.settle();
    await world.pass(500);
    if (how === 'crash') a.crash();
    else if (how === 'hide') a.hide();
    else a.connection.leave();
    await world.pass(500);
    world.socket.accept();
    await world.pass(1_000);
    expect(world.sockets.map(({ sent }) => sent)).toEqual([[], ['of b', 'of c']]);
    expect(phases([b, c])).toEqual(['closed', 'closed']);
    expect(world.live).toEqual([]);
  },
);

test('close() ends it at once', async () => {
  const { world, tabs } = await openFull();
  tabs[1].connection.send('dropped');
  tabs[0].connection.drain(60_000);
  await world.settle();
  await world.pass(500);
  tabs[2].connection.close(1000);
  await world.settle();
  expect(world.live).toEqual([]);
  expect(tabs[1].dropped).toEqual(['dropped unproven']);
});

test.each([
  ['its time is over', undefined],
  ['the app calls close()', 0],
])('a tab that is blocked meanwhile does not keep the leader: %s', async (_, closes) => {
  const { world, tabs } = await openFull();
  tabs[1].connection.send('late');
  tabs[0].connection.drain(3_000);
  await world.settle();
  tabs[1].tab.isBlocked = true;
  await world.pass(2_900);
  expect(world.live).toHaveLength(1);
  if (closes === undefined) await world.pass(200);
  else tabs[0].connection.close(1000);
  expect(world.live).toEqual([]);
});

test('open() in the leader, which was closed already, goes on with the same socket', async () => {
  const { world, tabs } = await openFull();
  const [a, b] = tabs;
  b.connection.send('pending');
  a.connection.drain(2_000);
  await world.settle();
  await world.pass(500);
  expect(a.view.phase).toBe('closed');
  a.connection.open();
  await world.pass(500);
  expect(phases(tabs)).toEqual(['open', 'open', 'open']);
  expect(world.sockets).toHaveLength(1);
  world.socket.bufferedAmount = 0;
  await world.pass(3_000);
  expect(phases(tabs)).toEqual(['open', 'open', 'open']);
  expect(world.sockets[0]?.sent).toEqual(['pending']);
});
