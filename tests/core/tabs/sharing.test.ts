import { expect, test } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { createWorld, openTabs, type SharingTab } from '../../support/tabs';

const phases = (tabs: SharingTab[]): string[] => tabs.map(({ view }) => view.phase);

test('three tabs have one socket, and each of them is open and gets each message once', async () => {
  const world = createWorld();
  const tabs = [world.open(), world.open(), world.open()] as const;
  await world.settle();
  expect(world.sockets).toHaveLength(1);
  expect(phases([...tabs])).toEqual(['connecting', 'connecting', 'connecting']);
  world.socket.accept();
  await world.settle();
  expect(phases([...tabs])).toEqual(['open', 'open', 'open']);
  world.socket.say('one');
  world.socket.say('two');
  await world.settle();
  for (const tab of tabs) expect(tab.received).toEqual(['one', 'two']);
  expect(tabs[1].connection.send('from b')).toBe(true);
  expect(tabs[1].view.pending).toBe(1);
  tabs[2].connection.send('from c');
  tabs[0].connection.send('from a');
  await world.settle();
  expect(world.socket.sent).toEqual(['from a', 'from b', 'from c']);
  expect(tabs.map(({ view }) => view.pending)).toEqual([0, 0, 0]);
  expect(tabs.map(({ view }) => view.isLeader)).toEqual([true, false, false]);
});

test('a tab that opens later is open at once', async () => {
  const { world } = await openTabs(2);
  const late = world.open();
  await world.settle();
  expect(late.view.phase).toBe('open');
  world.socket.say('hi');
  await world.settle();
  expect(late.received).toEqual(['hi']);
});

test.each(['leave', 'crash', 'hide', 'freeze'] as const)(
  'the leader is gone (%s): another tab has the one socket',
  async (how) => {
    const { world, tabs } = await openTabs(3);
    const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
    const [old] = world.sockets;
    if (how === 'leave') a.connection.leave();
    else if (how === 'crash') a.crash();
    else if (how === 'hide') a.hide();
    else a.tab.signal('freeze');
    await world.pass(200);
    expect(old?.readyState).toBeGreaterThan(1);
    expect(world.sockets).toHaveLength(2);
    expect(phases([b, c])).toEqual(['connecting', 'connecting']);
    b.connection.send('waits');
    world.socket.accept();
    await world.settle();
    expect(phases([b, c])).toEqual(['open', 'open']);
    expect(world.socket.sent).toEqual(['waits']);
    expect(b.view.isLeader).toBe(true);
    if (how === 'hide') a.show();
    else if (how === 'freeze') a.tab.signal('resume');
    else return;
    await world.pass(1_000);
    expect(a.view.phase).toBe('open');
    expect(a.view.isLeader).toBe(false);
    world.socket.say('all');
    await world.settle();
    for (const tab of tabs) expect(tab.received).toEqual(['all']);
  },
);

test('a blocked leader is deposed while somebody looks, and does not act when it wakes', async () => {
  const { world, tabs } = await openTabs(2);
  const [a, b] = tabs as [SharingTab, SharingTab];
  a.tab.isBlocked = true;
  b.ports.signal('visibilitychange');
  b.connection.send('to the blocked one');
  await world.pass(6_000);
  expect(b.view.isLeader).toBe(true);
  expect(world.live).toHaveLength(2);
  world.sockets[1]?.accept();
  await world.settle();
  expect(world.sockets[1]?.sent).toEqual(['to the blocked one']);
  a.tab.isBlocked = false;
  await world.settle();
  expect(world.live).toHaveLength(1);
  expect(world.sockets[0]?.sent).toEqual([]);
  expect(phases([a, b])).toEqual(['open', 'open']);
});

test('the tabs show the state of the leader', async () => {
  const { world, tabs } = await openTabs(2, { autoReconnect: { delay: 2_000 } });
  world.socket.end(1011, 'restart');
  await world.settle();
  expect(phases(tabs)).toEqual(['waiting', 'waiting']);
  expect(tabs.map(({ view }) => view.retryAt)).toEqual([1_002_000, 1_002_000]);
  expect(tabs.map(({ view }) => view.error?.message)).toEqual(['closed: 1011 restart', 'closed: 1011 restart']);
  await world.pass(2_000);
  expect(phases(tabs)).toEqual(['connecting', 'connecting']);
  world.socket.end(1006);
  await world.settle();
  expect(tabs.map(({ view }) => view.failures)).toEqual([2, 2]);
  await world.pass(2_000);
  world.socket.accept();
  await world.settle();
  expect(phases(tabs)).toEqual(['open', 'open']);
});

test('a connection that gives up is failed in each tab, and open() in one of them opens all', async () => {
  const { world, tabs } = await openTabs(2);
  world.socket.end(4401, 'log in');
  await world.settle();
  expect(phases(tabs)).toEqual(['failed', 'failed']);
  expect(tabs.map(({ view }) => view.error?.code)).toEqual(['final-code', 'final-code']);
  tabs[1]?.connection.open();
  // An attempt after one that threw waits for the next task.
  await world.pass(1);
  world.socket.accept();
  await world.settle();
  expect(phases(tabs)).toEqual(['open', 'open']);
});

test.each([0, 1])('close() in tab %s closes for everyone, with its code, and no tab connects again', async (which) => {
  const { world, tabs } = await openTabs(3);
  tabs[which]?.connection.close(4000, 'logged out');
  await world.settle();
  await world.pass(2_000);
  expect(phases(tabs)).toEqual(['closed', 'closed', 'closed']);
  expect(world.live).toEqual([]);
  expect(world.sockets).toHaveLength(1);
  if (which === 0) expect(world.sockets[0]?.closedWith).toEqual([4000, 'logged out']);
  tabs[2]?.connection.open();
  await world.settle();
  world.socket.accept();
  await world.settle();
  expect(phases(tabs)).toEqual(['open', 'open', 'open']);
});

test('open() restarts an open connection for everyone', async () => {
  const { world, tabs } = await openTabs(2);
  tabs[1]?.connection.open();
  await world.settle();
  expect(world.sockets).toHaveLength(2);
  world.socket.accept();
  await world.settle();
  expect(phases(tabs)).toEqual(['open', 'open']);
});

test('with atLeastOnce what is not proven goes again through the next leader', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs } = await openTabs(2, { heartbeat, delivery: atLeastOnce() });
  const [a, b] = tabs as [SharingTab, SharingTab];
  b.connection.send('one');
  await world.settle();
  await world.pass(1_100);
  expect(world.socket.sent).toEqual(['one', 'ping']);
  expect(b.view.pending).toBe(1);
  world.socket.say('pong');
  await world.settle();
  expect(b.delivered).toEqual(['one']);
  expect(b.view.pending).toBe(0);
  b.connection.send('two');
  await world.settle();
  a.crash();
  await world.pass(200);
  world.socket.accept();
  await world.settle();
  expect(world.socket.sent).toEqual(['two']);
  expect(b.dropped).toEqual([]);
});

test("with atLeastOnce a tab takes the proof of another tab's messages for none of its own", async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs } = await openTabs(3, { heartbeat, delivery: atLeastOnce() });
  const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
  b.connection.send('one of b');
  await world.settle();
  await world.pass(1_100);
  // The heartbeat has gone out before, so its answer proves nothing of this.
  c.connection.send('one of c');
  await world.settle();
  expect(world.socket.sent).toEqual(['one of b', 'ping', 'one of c']);
  world.socket.say('pong');
  await world.settle();
  expect(b.delivered).toEqual(['one of b']);
  expect(c.delivered).toEqual([]);
  a.crash();
  await world.pass(200);
  world.socket.accept();
  await world.settle();
  expect(world.socket.sent).toEqual(['one of c']);
});

test('a message that was on its way when its page was left goes out once, and is reported as unproven', async () => {
  const { world, tabs } = await openTabs(2);
  const [, b] = tabs as [SharingTab, SharingTab];
  b.connection.send('one');
  b.hide();
  await world.settle();
  b.show();
  await world.settle();
  expect(b.view.phase).toBe('open');
  expect(world.socket.sent).toEqual(['one']);
  expect(b.dropped).toEqual(['one unproven']);
});

test('with atLeastOnce a page that comes back takes the proof of what it sent before for none of what it sends now', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, tabs } = await openTabs(2, { heartbeat, delivery: atLeastOnce() });
  const [, b] = tabs as [SharingTab, SharingTab];
  const prove = async (): Promise<void> => {
    await world.pass(1_100);
    expect(world.socket.sent.at(-1)).toBe('ping');
  };
  for (const text of ['one', 'two', 'three']) b.connection.send(text);
  await prove();
  world.socket.say('pong');
  await world.settle();
  b.connection.send('four');
  await prove();
  b.hide();
  await world.settle();
  b.show();
  await world.settle();
  for (const text of ['five', 'six', 'seven']) b.connection.send(text);
  await world.settle();
  expect(world.socket.sent.slice(-4)).toEqual(['four', 'five', 'six', 'seven']);
  // The answer to the heartbeat before: the server need not have read any of these four.
  world.socket.say('pong');
  await world.settle();
  expect(b.delivered).toEqual(['one', 'two', 'three']);
  await prove();
  world.socket.say('pong');
  await world.settle();
  expect(b.delivered).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'seven']);
});

test('a message that the leader sent and that no sign of life followed is reported as unproven', async () => {
  const { world, tabs } = await openTabs(2);
  const [a, b] = tabs as [SharingTab, SharingTab];
  b.connection.send('known');
  await world.settle();
  await world.pass(1);
  world.socket.say('a sign of life');
  await world.settle();
  b.connection.send('unknown');
  await world.settle();
  a.crash();
  await world.pass(200);
  expect(b.dropped).toEqual(['unknown unproven']);
});

test.each([
  ['is heard, and what was sent before is not reported', 'traffic', 'server', []],
  ['that proves no life leaves what was sent before unproven', 'response', 'client', ['news unproven']],
  ['is all that proves life, and what was sent before is not reported', 'response', 'server', []],
] as const)("a server's own ping %s", async (_, liveness, sender, dropped) => {
  const control = (data: string) => (data === 'ping' ? {} : undefined);
  const { world, tabs } = await openTabs(2, { heartbeat: { liveness, beats: sender, control } });
  const [, b] = tabs as [SharingTab, SharingTab];
  b.connection.send('news');
  await world.settle();
  await world.pass(1);
  world.socket.say('ping');
  await world.settle();
  world.socket.end(1006);
  await world.settle();
  expect(b.dropped).toEqual(dropped);
});

test('a tab that comes back after the leader has changed sends nothing to a connection that it knew before', async () => {
  const { world, tabs } = await openTabs(3);
  const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
  c.hide();
  await world.settle();
  a.crash();
  await world.pass(200);
  c.show();
  c.connection.send('from c');
  // The number of the connection is the same, and the connection is another one.
  world.socket.accept();
  await world.settle();
  expect(phases([b, c])).toEqual(['open', 'open']);
  expect(world.socket.sent).toEqual(['from c']);
});

test('the leader crashes, and the tab that gets the lock is blocked: the others say at once that nobody leads', async () => {
  const { world, tabs } = await openTabs(3);
  const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
  b.tab.isBlocked = true;
  a.crash();
  await world.pass(200);
  expect(c.view.phase).toBe('connecting');
  // Somebody looks, so the blocked tab loses the lock.
  await world.pass(6_000);
  expect(c.view.isLeader).toBe(true);
  b.tab.isBlocked = false;
  await world.settle();
  world.socket.accept();
  await world.settle();
  expect(phases([b, c])).toEqual(['open', 'open']);
  expect(b.view.isLeader).toBe(false);
});
