/** Tabs that share one connection, in another browser than Chromium. */
import { expect, test } from 'vitest';
import type { EnginePage } from '../support/engines/engine.ts';
import { eventually, useEngine } from '../support/engines/visit.ts';

type Tab = Pick<EnginePage, 'evaluate'>;

const visit = useEngine();

const opens = (tab: Tab): Promise<void> =>
  eventually(async () => expect(await tab.evaluate(() => window.page.socket?.phase.value)).toBe('open'));

const received = (tab: Tab): Promise<readonly string[]> => tab.evaluate(() => window.page.received);

test('three tabs have one socket, and each message reaches each of them once', async () => {
  const { page, server, mount, another, count, send } = await visit();
  await mount({ shares: true });
  await opens(page);
  const others = [await another({ shares: true }), await another({ shares: true })];
  for (const other of others) await opens(other);
  expect(count()).toMatchObject({ live: 1, total: 1 });
  const messages = Array.from({ length: 100 }, (_, i) => `message ${i}`);
  server.broadcast(...messages);
  for (const tab of [page, ...others]) await eventually(async () => expect(await received(tab)).toEqual(messages));
  await send('from the first');
  await others[0]?.evaluate(() => window.page.socket?.send('from the second'));
  await eventually(() => expect([...server.received].sort()).toEqual(['from the first', 'from the second']));
});

test('the tab that holds the socket is closed or leaves: another one connects, and all hear again', async () => {
  const { page, server, mount, unmount, another, count } = await visit();
  await mount({ shares: true });
  await opens(page);
  const other = await another({ shares: true });
  await opens(other);
  await unmount();
  await eventually(async () => expect(await other.evaluate(() => window.page.diary)).toContain('leads'));
  await opens(other);
  await mount({ shares: true });
  await opens(page);
  expect(count()).toMatchObject({ live: 1, most: 1 });
  await other.end();
  await eventually(() => expect(count()).toMatchObject({ live: 1, total: 3 }));
  await opens(page);
  server.broadcast('once');
  await eventually(async () => expect(await received(page)).toEqual(['once']));
});
