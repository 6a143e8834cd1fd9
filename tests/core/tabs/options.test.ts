import { expect, test } from 'vitest';
import type { ConnectAttempt } from '../../../src/core/connection-types';
import { createWorld, openTabs, type SharingTab, type TabOptions } from '../../support/tabs';

const phases = (tabs: SharingTab[]): string[] => tabs.map(({ view }) => view.phase);

test('a hidden leader that may not stay open gives the lead to another tab, and comes back when it is seen', async () => {
  const { world, tabs } = await openTabs(2, { whenHidden: { closeAfter: 5_000 } });
  const [a, b] = tabs as [SharingTab, SharingTab];
  a.ports.signal('hidden');
  await world.pass(6_000);
  expect(a.view.phase).toBe('idle');
  expect(b.view.isLeader).toBe(true);
  world.socket.accept();
  await world.settle();
  a.ports.signal('visibilitychange');
  await world.settle();
  expect(phases([a, b])).toEqual(['open', 'open']);
  expect(world.live).toHaveLength(1);
});

test('tabs with other urls have other sockets, and a tab whose url changes goes from one to the other', async () => {
  const world = createWorld();
  const a = world.open({ url: 'ws://server/one' });
  const b = world.open({ url: 'ws://server/two' });
  await world.settle();
  expect(world.live.map(({ url }) => url)).toEqual(['ws://server/one', 'ws://server/two']);
  for (const socket of world.live) socket.accept();
  await world.settle();
  a.url = 'ws://server/two';
  a.connection.changeUrl();
  await world.settle();
  expect(world.live.map(({ url }) => url)).toEqual(['ws://server/two']);
  expect(phases([a, b])).toEqual(['open', 'open']);
  world.socket.say('two');
  await world.settle();
  expect(a.received).toEqual(['two']);
});

test('tabs with the same name share, and the url of the leader counts', async () => {
  const world = createWorld();
  const a = world.open({ url: 'ws://server/?token=a', name: 'chat' });
  const b = world.open({ url: 'ws://server/?token=b', name: 'chat' });
  await world.settle();
  world.socket.accept();
  await world.settle();
  expect(phases([a, b])).toEqual(['open', 'open']);
  a.url = 'ws://server/?token=c';
  a.connection.changeUrl();
  await world.settle();
  expect(world.socket.url).toBe('ws://server/?token=c');
  world.socket.accept();
  await world.settle();
  expect(phases([a, b])).toEqual(['open', 'open']);
  expect(a.view.isLeader).toBe(true);
});

test('a tab without a url takes no part', async () => {
  const world = createWorld();
  const a = world.open({ url: '' });
  await world.settle();
  expect(a.view.phase).toBe('idle');
  expect(a.tab.count()).toBe(0);
});

test('beforeConnect runs in the tab that leads, with a number that grows from leader to leader', async () => {
  const asked: ConnectAttempt[] = [];
  const cursor = (value: unknown): unknown => Number(value);
  const beforeConnect = (attempt: ConnectAttempt): undefined => void asked.push(attempt);
  const { world, tabs } = await openTabs(2, { beforeConnect, cursor });
  world.socket.say('7');
  await world.settle();
  expect(asked).toHaveLength(1);
  expect(asked[0]?.cursor).toBeUndefined();
  await world.pass(1_000);
  tabs[0]?.crash();
  await world.pass(200);
  expect(asked).toHaveLength(2);
  expect(asked[1]?.number).toBeGreaterThan(asked[0]?.number as number);
  expect(asked[1]?.cursor).toBe(7);
  expect(asked[1]?.lastMessageAt).toBe(1_000_000);
  expect(asked[1]?.lastClose?.code).toBe(1006);
});

test('a beforeConnect that throws shows its error in each tab', async () => {
  const world = createWorld();
  const options: TabOptions = {
    beforeConnect() {
      throw new Error('no token');
    },
  };
  const tabs = [world.open(options), world.open(options)];
  await world.settle();
  expect(phases(tabs)).toEqual(['waiting', 'waiting']);
  expect(tabs.map(({ view }) => view.error?.code)).toEqual(['before-connect', 'before-connect']);
});

test('the handshake runs once, in the tab that leads, and no tab sees its messages', async () => {
  const world = createWorld();
  const options: TabOptions = {
    async handshake({ send, receive }) {
      send('login');
      await receive();
    },
  };
  const tabs = [world.open(options), world.open(options)];
  await world.settle();
  tabs[1]?.connection.send('early');
  world.socket.accept();
  await world.settle();
  expect(phases(tabs)).toEqual(['connecting', 'connecting']);
  world.socket.say('welcome');
  world.socket.say('snapshot');
  await world.settle();
  expect(phases(tabs)).toEqual(['open', 'open']);
  expect(world.socket.sent).toEqual(['login', 'early']);
  for (const tab of tabs) expect(tab.received).toEqual(['snapshot']);
});

test('each tab is told that messages may be missing after a new connection', async () => {
  const { world, tabs } = await openTabs(2, { autoReconnect: { delay: 0 } });
  const opened: unknown[] = [];
  for (const tab of tabs) {
    tab.connection.listeners.add({ onEvent: (event) => event.type === 'opened' && opened.push(event.isFirst) });
  }
  world.socket.end(1012);
  await world.pass(200);
  world.socket.accept();
  await world.settle();
  expect(opened).toEqual([false, false]);
});

test('close({ drain }) in one tab lets each tab send what it has, and then all are closed', async () => {
  const world = createWorld();
  const tabs = [world.open(), world.open()];
  await world.settle();
  for (const [at, tab] of tabs.entries()) tab.connection.send(`from ${at}`);
  tabs[1]?.connection.drain(5_000);
  await world.settle();
  expect(phases(tabs)).toEqual(['connecting', 'connecting']);
  world.socket.accept();
  await world.settle();
  expect(world.sockets.flatMap(({ sent }) => sent)).toEqual(['from 0', 'from 1']);
  expect(phases(tabs)).toEqual(['closed', 'closed']);
  await world.pass(100);
  expect(world.live).toEqual([]);
});

test('a tab that has left has no lock, no channel and no listener', async () => {
  const { world, tabs } = await openTabs(2);
  for (const tab of tabs) tab.connection.leave();
  await world.settle();
  expect(tabs.map(({ tab }) => tab.count())).toEqual([0, 0]);
  expect(tabs.map(({ ports }) => ports.listening())).toEqual([0, 0]);
  expect(world.clock.pending()).toBe(0);
  expect(world.live).toEqual([]);
});

test('messages of a burst that is larger than the buffer are not lost on their way to the leader', async () => {
  const { world, tabs } = await openTabs(2, { buffer: { limit: 10 } });
  for (let i = 0; i < 50; i += 1) expect(tabs[1]?.connection.send(`${i}`)).toBe(true);
  await world.settle();
  expect(world.socket.sent).toHaveLength(50);
  expect(tabs[1]?.dropped).toEqual([]);
});

test('while the socket of the leader has too much to send, messages of all tabs wait, in order', async () => {
  const { world, tabs } = await openTabs(2, { buffer: { highWaterMark: 10 } });
  world.socket.bufferedAmount = 100;
  for (const text of ['one', 'two', 'three']) tabs[1]?.connection.send(text);
  await world.settle();
  expect(world.socket.sent).toEqual([]);
  expect(tabs[1]?.view.pending).toBe(3);
  world.socket.bufferedAmount = 0;
  await world.pass(1_000);
  expect(world.socket.sent).toEqual(['one', 'two', 'three']);
  expect(tabs[1]?.view.pending).toBe(0);
});
