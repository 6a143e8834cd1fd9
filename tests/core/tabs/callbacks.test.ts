/** Callbacks of an app that shares its connection, and what each tab is told. */
import { expect, test } from 'vitest';
import type { HeartbeatSocketEvent } from '../../../src/core/log-event';
import { send } from '../../../src/core/outbound';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { createWorld, openTabs, type SharingTab, type TabOptions, type World } from '../../support/tabs';

/** Two tabs that share an open connection; the first of them leads. */
async function openTwo(options: TabOptions = {}): Promise<{ world: World; tabs: [SharingTab, SharingTab] }> {
  const { world, tabs } = await openTabs(2, options);
  return { world, tabs: tabs as [SharingTab, SharingTab] };
}

const phases = (tabs: SharingTab[]): string[] => tabs.map(({ view }) => view.phase);

test.each([0, 1])('an app that closes the socket that a callback is given connects again (tab %s)', async (which) => {
  const { world, tabs } = await openTwo();
  const tab = tabs[which] as SharingTab;
  const ended: number[] = [];
  tab.connection.listeners.add({
    onMessage: (socket, _, value) => value === 'go' && socket.close(4000),
    onDisconnected: (_, { code }) => ended.push(code),
  });
  world.socket.say('go');
  await world.pass(500);
  for (const socket of world.live) socket.accept();
  await world.settle();
  expect(ended).toEqual([4000]);
  expect(phases(tabs)).toEqual(['open', 'open']);
  tab.connection.send('x');
  await world.settle();
  expect(world.socket.sent).toContain('x');
});

test('what a callback sends while a topic is asked for is no message of the topic', async () => {
  const { world, tabs } = await openTwo();
  const [, b] = tabs;
  let isSent = false;
  b.connection.listeners.add({
    onSend() {
      if (isSent) return;
      isSent = true;
      b.connection.send('important');
    },
  });
  const topic = { key: 'k', isWanted: true, end: () => 'unsubscribe' };
  b.engine.options.forTopic?.(topic, () => send(b.engine, 'subscribe', false));
  await world.settle();
  expect(world.socket.sent).toEqual(['subscribe', 'important']);
});

test.each([0, 1])('what a callback sends after it has connected anew goes out once (tab %s)', async (which) => {
  const { world, tabs } = await openTwo();
  const { connection } = tabs[which] as SharingTab;
  connection.listeners.add({
    onMessage() {
      connection.open();
      connection.send('x');
    },
  });
  world.socket.say('go');
  await world.pass(500);
  world.socket.accept();
  await world.settle();
  expect(world.sockets.flatMap(({ sent }) => sent)).toEqual(['x']);
});

test('what the app sends by the socket of a callback proves nothing of other messages', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs } = await openTwo({ heartbeat, delivery: atLeastOnce() });
  const [, b] = tabs;
  b.connection.listeners.add({ onMessage: (socket) => socket.send('raw' as never) });
  world.socket.say('go');
  await world.settle();
  b.connection.send('one');
  await world.pass(1_100);
  b.connection.send('two');
  await world.settle();
  expect(world.socket.sent).toEqual(['raw', 'one', 'ping', 'two']);
  world.socket.say('pong');
  await world.settle();
  expect(b.delivered).toEqual(['one']);
});

test('a message that the leader still has when the server gives a sign of life may be lost with it', async () => {
  const { world, tabs } = await openTwo();
  const [, b] = tabs;
  b.connection.send('x');
  await world.settle();
  await world.pass(1);
  world.socket.bufferedAmount = 100;
  world.socket.say('hi');
  await world.settle();
  world.socket.end(1006);
  await world.settle();
  expect(b.dropped).toEqual(['x unproven']);
});

test.each([0, 1])('close() and then open() in one callback opens in all tabs (tab %s)', async (which) => {
  const { world, tabs } = await openTwo();
  const { connection } = tabs[which] as SharingTab;
  connection.listeners.add({
    onMessage() {
      connection.close(1000);
      connection.open();
    },
  });
  world.socket.say('go');
  await world.pass(500);
  world.socket.accept();
  await world.settle();
  expect(phases(tabs)).toEqual(['open', 'open']);
});

test.each(['close', 'leave', 'open'] as const)('%s() in on(lead) breaks nothing', async (command) => {
  const world = createWorld();
  const tab = world.open({ immediate: false });
  const onEvent = ({ type }: HeartbeatSocketEvent): void => {
    if (type === 'lead' && tab.view.phase === 'connecting') tab.connection[command](1000);
  };
  tab.connection.listeners.add({ onEvent });
  tab.connection.open();
  await world.pass(500);
  expect(tab.unhandled).toEqual([]);
  expect(world.live).toHaveLength(command === 'open' ? 1 : 0);
});

test('each tab shows why the attempt of the leader failed', async () => {
  const world = createWorld();
  const options: TabOptions = {
    handshake() {
      throw new Error('no');
    },
  };
  const tabs = [world.open(options), world.open(options)];
  await world.settle();
  world.socket.accept();
  await world.settle();
  expect(tabs.map(({ view }) => view.error?.message)).toEqual(['handshake: no', 'handshake: no']);
  expect(phases(tabs)).toEqual(['waiting', 'waiting']);
});

test('a connection that gives up tells that once in each tab', async () => {
  const { world, tabs } = await openTwo({ autoReconnect: { retries: 0 } });
  const before = tabs.map(({ log }) => log.length);
  world.socket.end(1011);
  await world.settle();
  for (const [at, { log, view }] of tabs.entries()) {
    expect(log.slice(before[at]).filter((type) => !type.includes('lead'))).toEqual([
      'open to failed',
      'ended 1011',
      'erred',
    ]);
    expect(view.error?.code).toBe('retries');
    expect(view.failures).toBe(1);
  }
});

test('a tab that is opened after close() connects by itself, and leaves the closed tabs as they are', async () => {
  const { world, tabs } = await openTwo();
  tabs[0].connection.close(1000);
  await world.pass(500);
  const late = world.open();
  await world.settle();
  world.socket.accept();
  await world.settle();
  expect(phases([...tabs, late])).toEqual(['closed', 'closed', 'open']);
  tabs[0].connection.open();
  await world.settle();
  expect(phases([...tabs, late])).toEqual(['open', 'open', 'open']);
  expect(world.live).toHaveLength(1);
});

test('a message that no tab can read is reported once in each tab', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs } = await openTwo({
    heartbeat,
    serializer: 'json',
    delivery: atLeastOnce({ ack: (message) => message.ack }),
  });
  world.socket.say('{');
  await world.settle();
  expect(tabs.map(({ unhandled }) => unhandled.length)).toEqual([1, 1]);
});

test('a message that the socket of the leader refuses shifts no proof of the others', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs } = await openTwo({ heartbeat, delivery: atLeastOnce() });
  const [a, b] = tabs;
  const { socket } = world;
  const { send: sendAsUsual } = socket;
  socket.send = (data: unknown) => {
    if (data === 'refused') throw new Error('the socket is full');
    sendAsUsual.call(socket, data as never);
  };
  b.connection.send('refused');
  await world.settle();
  b.connection.send('one');
  await world.pass(1_100);
  b.connection.send('two');
  await world.settle();
  expect(socket.sent).toEqual(['one', 'ping', 'two']);
  socket.say('pong');
  await world.settle();
  expect(b.delivered).not.toContain('two');
  expect(b.delivered).toContain('one');
  expect(a.unhandled).toHaveLength(1);
});

test('what onConnected has sent through a leader that is gone does not go again by itself', async () => {
  const { world, tabs } = await openTwo({ autoReconnect: { delay: 0 } });
  const [a, b] = tabs;
  b.connection.listeners.add({ onConnected: () => void b.connection.send('login') });
  world.socket.end(1012);
  await world.pass(100);
  a.tab.isBlocked = true;
  world.socket.accept();
  await world.settle();
  a.crash();
  await world.pass(500);
  world.socket.accept();
  await world.settle();
  expect(world.socket.sent).toEqual(['login']);
  expect(b.dropped).toEqual(['login unproven']);
});

test('onEvent hears the heartbeats of the tab that leads in each tab, once', async () => {
  const { world, tabs } = await openTwo({ heartbeat: { message: 'ping', responseMessage: 'pong', interval: 10_000 } });
  const heard: HeartbeatSocketEvent[][] = [[], []];
  for (const [at, { connection }] of tabs.entries()) {
    connection.listeners.add({
      onEvent: (event) => void (['beat', 'answered'].includes(event.type) && heard[at]?.push(event)),
    });
  }
  await world.pass(10_000);
  expect(world.socket.sent).toEqual(['ping']);
  expect(heard.map((events) => events.length)).toEqual([1, 1]);
  await world.pass(100);
  world.socket.say('pong');
  await world.settle();
  for (const events of heard) {
    expect(events.map(({ type }) => type)).toEqual(['beat', 'answered']);
    expect(events[0]).toMatchObject({ data: 'ping', phase: 'open' });
    expect((events[1] as { latency?: number }).latency).toBeGreaterThanOrEqual(100);
  }
});
