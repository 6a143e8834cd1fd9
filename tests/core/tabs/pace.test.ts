/** `buffer.perSecond` and `buffer.maxAge` hold for the one socket, whichever tab a message is of. */
import { expect, test } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { createWorld, openTabs, type SharingTab, type World } from '../../support/tabs';

/** How many messages the server gets in each second. */
async function countSeconds(world: World, seconds: number): Promise<number[]> {
  const counts: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const before = world.socket.sent.length;
    await world.pass(1_000);
    counts.push(world.socket.sent.length - before);
  }
  return counts;
}

const heartbeat = { message: 'ping', responseMessage: 'pong', interval: Infinity } as const;

test.each([false, true])('what waits in all tabs goes out at the pace of one tab (proven: %s)', async (isProven) => {
  const world = createWorld();
  const options = {
    heartbeat,
    buffer: { perSecond: 5 },
    ...(isProven && { delivery: atLeastOnce({ ackWithin: 60_000 }) }),
  };
  const tabs = [world.open(options), world.open(options), world.open(options)];
  await world.settle();
  for (const [at, tab] of tabs.entries()) for (let n = 0; n < 5; n += 1) tab.connection.send(`${at} ${n}`);
  world.socket.accept();
  const counts = await countSeconds(world, 4);
  expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  expect(world.socket.sent).toHaveLength(15);
  for (const [at] of tabs.entries()) {
    const own = (world.socket.sent as string[]).filter((text) => text.startsWith(`${at} `));
    expect(own).toEqual(Array.from({ length: 5 }, (_, n) => `${at} ${n}`));
  }
  if (!isProven) expect(tabs.map(({ view }) => view.pending)).toEqual([0, 0, 0]);
});

test('what is sent while nothing waits goes out at once', async () => {
  const { world, tabs } = await openTabs(3, { buffer: { perSecond: 1 } });
  for (const { connection } of tabs) for (let n = 0; n < 5; n += 1) connection.send(n);
  await world.settle();
  expect(world.socket.sent).toHaveLength(15);
});

test('what the app sends by the socket of a callback waits for no pace', async () => {
  const world = createWorld();
  const options = { heartbeat, buffer: { perSecond: 0.1 }, delivery: atLeastOnce({ ackWithin: 60_000 }) };
  const tabs = [world.open(options), world.open(options)];
  await world.settle();
  tabs[1]?.connection.listeners.add({ onMessage: (socket) => socket.send('by the socket' as never) });
  tabs[1]?.connection.send('has waited');
  world.socket.accept();
  await world.pass(200);
  world.socket.say('go');
  await world.settle();
  expect(world.socket.sent).toEqual(['has waited', 'by the socket']);
});

test('what waits is paced by the next leader as well, and nothing is lost or sent twice', async () => {
  const world = createWorld();
  const options = { heartbeat, buffer: { perSecond: 5 } };
  const tabs = [world.open(options), world.open(options), world.open(options)] as const;
  await world.settle();
  for (let n = 0; n < 10; n += 1) tabs[1].connection.send(`b ${n}`);
  for (let n = 0; n < 10; n += 1) tabs[2].connection.send(`c ${n}`);
  world.socket.accept();
  await world.pass(1_000);
  tabs[0].connection.leave();
  await world.pass(200);
  world.socket.accept();
  const counts = await countSeconds(world, 5);
  expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  const all = world.sockets.flatMap(({ sent }) => sent as string[]);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toHaveLength(20);
});

test.each([0, 1])(
  'a message that waits in the leader for longer than maxAge is not sent, and its tab %s is told',
  async (which) => {
    const { world, tabs } = await openTabs(3, { heartbeat, buffer: { highWaterMark: 10, maxAge: 2_000 } });
    const tab = tabs[which] as SharingTab;
    world.socket.bufferedAmount = 100;
    tab.connection.send('old');
    await world.pass(1_500);
    tabs[2]?.connection.send('young');
    await world.pass(1_000);
    expect(tab.dropped).toEqual(['old expired']);
    expect(tab.view.pending).toBe(0);
    world.socket.bufferedAmount = 0;
    await world.pass(500);
    expect(world.socket.sent).toEqual(['young']);
    expect(tabs.map(({ view }) => view.pending)).toEqual([0, 0, 0]);
    tab.connection.send('next');
    await world.settle();
    expect(world.socket.sent).toEqual(['young', 'next']);
    expect(tabs.flatMap(({ dropped }) => dropped)).toEqual(['old expired']);
    expect(world.tabs.said.flatMap((said) => Object(said).expired ?? [])).toEqual(which ? [1] : []);
  },
);

test('what waits in its tab behind what the leader has expires by itself', async () => {
  const { world, tabs } = await openTabs(2, { heartbeat, buffer: { maxAge: 2_000, highWaterMark: 10 } });
  const [a, b] = tabs as [SharingTab, SharingTab];
  a.tab.isBlocked = true;
  for (const text of ['with the leader', 'in its tab']) b.connection.send(text);
  await world.pass(2_500);
  expect(b.dropped).toEqual(['in its tab expired']);
  expect(b.view.pending).toBe(1);
});

test('the time in the tab before the connection was open counts', async () => {
  const world = createWorld();
  const options = { heartbeat, buffer: { highWaterMark: 10, maxAge: 2_000 } };
  const [, b] = [world.open(options), world.open(options)] as const;
  await world.settle();
  b.connection.send('old');
  await world.pass(1_500);
  world.socket.bufferedAmount = 100;
  world.socket.accept();
  await world.pass(1_000);
  expect(b.dropped).toEqual(['old expired']);
});
