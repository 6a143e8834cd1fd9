/** What a user would have seen of messages that were on their way when the lead changed hands, or seemed to. */
import { expect, test } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { openTabs, type SharingTab, type World } from '../../support/tabs';

/** Two tabs that share an open connection; the first of them leads. */
async function openTwo(options = {}): Promise<{ world: World; a: SharingTab; b: SharingTab }> {
  const { world, tabs } = await openTabs(2, options);
  const [a, b] = tabs as [SharingTab, SharingTab];
  return { world, a, b };
}

test('a tab that thaws goes on with the leader that it knows: it does not reconnect, and sends nothing twice', async () => {
  const { world, a, b } = await openTwo();
  b.tab.signal('freeze');
  await world.settle();
  b.connection.send('one');
  // The leader hears of the message before the tab thaws, and the tab hears of that after it.
  for (const news of world.tabs.news.filter(({ tab }) => tab === a.tab.number)) world.tabs.come(news);
  await Promise.resolve();
  b.tab.signal('resume');
  await world.settle();
  expect(world.socket.sent).toEqual(['one']);
  expect(b.log.filter((event) => event.startsWith('ended'))).toEqual([]);
  expect(b.view).toMatchObject({ phase: 'open', pending: 0 });
});

test('a message that is on its way while its tab goes into the cache is not sent twice, and is reported', async () => {
  const { world, a, b } = await openTwo();
  a.tab.isBlocked = true;
  b.connection.send('one');
  b.hide();
  a.tab.isBlocked = false;
  await world.settle();
  b.show();
  await world.settle();
  expect(world.socket.sent).toEqual(['one']);
  expect(b.dropped).toEqual(['one unproven']);
  expect(b.view).toMatchObject({ phase: 'open', pending: 0 });
});

test('what the leader sends while it is left is not sent again when the user comes back', async () => {
  const { world, a } = await openTwo();
  const [first] = world.sockets;
  a.connection.send('last word');
  a.hide();
  await world.settle();
  a.show();
  await world.settle();
  world.socket.accept();
  await world.settle();
  expect(first?.sent).toEqual(['last word']);
  expect(world.socket.sent).toEqual([]);
  expect(a.dropped).toEqual(['last word unproven']);
});

test('a page that the browser froze as it granted the lock keeps the others waiting for a second, not for five', async () => {
  const { world, tabs } = await openTabs(3);
  const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
  b.tab.isBlocked = true;
  a.crash();
  await world.pass(900);
  expect(c.view.isLeader).toBe(false);
  await world.pass(700);
  expect(c.view.isLeader).toBe(true);
  expect(world.live).toHaveLength(1);
  b.tab.isBlocked = false;
  await world.pass(1_000);
  expect([b.view.isLeader, c.view.isLeader]).toEqual([false, true]);
});

test('that the leader has taken the message of one tab says nothing of the message of another', async () => {
  const { world, a, b } = await openTwo();
  const c = world.open();
  await world.settle();
  c.connection.send('from c');
  b.connection.send('from b');
  // The leader hears of the first message alone, and is gone.
  const [first] = world.tabs.news.filter(({ tab }) => tab === a.tab.number);
  if (first) world.tabs.come(first);
  await Promise.resolve();
  a.crash();
  await world.pass(200);
  world.socket.accept();
  await world.settle();
  expect(world.sockets.map(({ sent }) => sent)).toEqual([['from c'], ['from b']]);
  expect(c.dropped).toEqual(['from c unproven']);
  expect(b.dropped).toEqual([]);
});

test('a message that the leader sends and then connects anew in the same task goes out once', async () => {
  const { world, a } = await openTwo();
  a.connection.send('one');
  a.connection.open();
  await world.settle();
  world.socket.accept();
  await world.settle();
  expect(world.sockets.map(({ sent }) => sent)).toEqual([['one'], []]);
  expect(a.dropped).toEqual(['one unproven']);
});

test('what is proven of the messages before a tab was away proves none of those after it', async () => {
  const heartbeat = { message: 'ping', responseMessage: 'pong' };
  const { world, b } = await openTwo({ heartbeat, delivery: atLeastOnce() });
  const send = async (...values: string[]): Promise<void> => {
    for (const value of values) b.connection.send(value);
    await world.settle();
  };
  await send('a', 'b', 'c');
  await world.pass(1_100);
  world.socket.say('pong');
  await world.settle();
  await send('d', 'e');
  await world.pass(1_100);
  expect(world.socket.sent.at(-1)).toBe('ping');
  b.hide();
  await world.settle();
  b.show();
  await world.settle();
  await send('f', 'g', 'h');
  world.socket.say('pong');
  await world.settle();
  expect(b.delivered).toEqual(['a', 'b', 'c']);
  await world.pass(1_100);
  world.socket.say('pong');
  await world.settle();
  expect(b.delivered).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

test('the news of the lock come before the last words of the leader: its messages do not go out twice', async () => {
  const { world, a, b } = await openTwo();
  b.connection.send('one');
  const forTab = ({ tab }: SharingTab, kind: 'channel' | 'lock') =>
    world.tabs.news.filter((one) => one.tab === tab.number && one.kind === kind);
  for (const news of forTab(a, 'channel')) world.tabs.come(news);
  await Promise.resolve();
  a.connection.leave();
  for (const news of forTab(b, 'lock')) world.tabs.come(news);
  await world.pass(200);
  world.socket.accept();
  await world.settle();
  expect(world.sockets.map(({ sent }) => sent)).toEqual([['one'], []]);
  expect(b.dropped).toEqual(['one unproven']);
  expect(b.view).toMatchObject({ phase: 'open', isLeader: true });
});
