/** Tabs of a real Chromium that share one connection, by the log of a real server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { bringBack, isEnd, type Loss, lose, type SharingTab } from '../support/sharing-tabs.ts';
import { takeOver, tellTakeovers } from '../support/takeover.ts';
import { useSharingTabs } from '../support/use-sharing-tabs.ts';

const start = useSharingTabs();

const heardBy = (page: Page): Promise<number[]> => page.evaluate(() => window.sharing.heard);
const lifeOf = (page: Page): Promise<string> => page.evaluate(() => window.sharing.life);
const phaseOf = (page: Page): Promise<string> => page.evaluate(() => window.sharing.socket.phase.value);

const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Each tab has heard these, once and in order, after what it had heard before. */
async function haveHeard(tabs: readonly SharingTab[], first: number, last: number): Promise<void> {
  for (const { page, name } of tabs) {
    const own = async (): Promise<number[]> => (await heardBy(page)).filter((n) => n >= first);
    await expect.poll(async () => (await own()).at(-1), { timeout: 20_000, message: `${name} hears` }).toBe(last);
    expect(await own(), name).toEqual(upTo(last, first));
  }
}

const leaders = async (tabs: readonly SharingTab[]): Promise<string[]> => {
  const flags = await Promise.all(tabs.map(({ page }) => page.evaluate(() => window.sharing.isLeader.value)));
  return tabs.filter((_, i) => flags[i]).map(({ name }) => name);
};

test('ten tabs have one socket; what comes and goes over it does so once and in order, and close() is for all', async () => {
  const { server, openMany } = await start();
  const tabs = await openMany(10);
  expect(server.sockets).toHaveLength(1);
  expect(await leaders(tabs)).toEqual([server.sockets[0]?.tab]);

  server.broadcast(1_000);
  await haveHeard(tabs, 1, 1_000);

  await Promise.all(tabs.map(({ page }) => page.evaluate(() => window.sharing.send(1, 100))));
  for (const { page } of tabs) {
    const life = await lifeOf(page);
    await expect.poll(() => server.numbersOf(life)).toEqual(upTo(100));
  }

  const answers = await Promise.all(
    tabs.map(({ page }) =>
      page.evaluate(() => Promise.all(Array.from({ length: 20 }, (_, of) => window.sharing.ask(of)))),
    ),
  );
  for (const [i, { page }] of tabs.entries()) {
    const from = await lifeOf(page);
    expect(answers[i]?.map(({ of, from }) => ({ of, from }))).toEqual(upTo(19, 0).map((of) => ({ of, from })));
  }

  await tabs[7]?.page.evaluate(() => window.sharing.socket.close());
  for (const { page } of tabs) await expect.poll(() => phaseOf(page)).toBe('closed');
  await expect.poll(() => server.live).toEqual([]);
  await tabs[3]?.page.evaluate(() => window.sharing.socket.open());
  for (const { page } of tabs) await expect.poll(() => phaseOf(page)).toBe('open');
  expect(server.sockets).toHaveLength(2);
  server.broadcast(10);
  await haveHeard(tabs, 1_001, 1_010);
});

test('with proof of delivery each tab is told of its own messages, when the server has them and not before', async () => {
  const { server, openMany } = await start({ proof: 'yes' });
  const [_, one, other] = (await openMany(3)) as [SharingTab, SharingTab, SharingTab];
  const sendFrom = ({ page }: SharingTab, count: number): Promise<void> =>
    page.evaluate((number) => window.sharing.sendOver(number, 0), count);
  const delivered = ({ page }: SharingTab): Promise<number[]> => page.evaluate(() => window.sharing.delivered);
  await sendFrom(one, 20);
  await expect.poll(() => delivered(one)).toEqual(upTo(20));
  const ws = server.live[0]?.ws;
  ws?.pause();
  await sendFrom(other, 5);
  await sendFrom(one, 5);
  await sleep(500);
  expect(await delivered(other)).toEqual([]);
  expect(await delivered(one)).toEqual(upTo(20));
  ws?.resume();
  await expect.poll(() => delivered(other)).toEqual(upTo(5));
  await expect.poll(() => delivered(one)).toEqual(upTo(25));
});

test.each<Loss>(['closed', 'crashed', 'navigated', 'cached', 'frozen', 'blocked'])(
  'the tab that leads is %s: another one leads, and each tab hears once what comes then',
  async (loss) => {
    const rig = await start();
    const { server } = rig;
    const tabs = await rig.openMany(4);
    server.broadcast(10);
    await haveHeard(tabs, 1, 10);
    const { lost, next, ms } = await takeOver(rig, loss);
    console.info(tellTakeovers([{ loss, ms }]));
    // At once: no tab may miss the first words on the new socket.
    server.broadcast(10);
    const others = tabs.filter((tab) => tab !== lost);
    await haveHeard(others, 1, 20);
    expect(await leaders(others)).toEqual([next.tab]);
    await others[0]?.page.evaluate(() => window.sharing.send(1, 3));
    const life = await lifeOf((others[0] as SharingTab).page);
    await expect.poll(() => server.numbersOf(life)).toEqual([1, 2, 3]);
    if (isEnd(loss)) return;

    await bringBack(lost, loss);
    await expect.poll(() => phaseOf(lost.page), { timeout: 20_000 }).toBe('open');
    server.broadcast(10);
    await haveHeard(others, 1, 30);
    await haveHeard([lost], 21, 30);
    expect(await leaders(tabs)).toEqual([next.tab]);
    // It is the same page, which was kept.
    expect((await heardBy(lost.page)).slice(0, 10)).toEqual(upTo(10));
    expect(server.sockets).toHaveLength(2);
    expect(server.live).toHaveLength(1);
  },
);

test('close() and open() in two tabs at the same moment: all tabs agree, and there is a socket if they are open', async () => {
  const { server, openMany } = await start();
  const tabs = await openMany(4);
  const [leader, one, other] = tabs as [SharingTab, SharingTab, SharingTab];
  const close = ({ page }: SharingTab): Promise<void> => page.evaluate(() => window.sharing.socket.close());
  const open = ({ page }: SharingTab): Promise<void> => page.evaluate(() => window.sharing.socket.open());
  const phases = async (): Promise<string[]> => [...new Set(await Promise.all(tabs.map(({ page }) => phaseOf(page))))];
  for (const [closes, opens] of [
    [leader, one],
    [one, leader],
    [one, other],
    [other, one],
    [leader, other],
  ] as const) {
    await Promise.all([close(closes), open(opens)]);
    await expect.poll(async () => (await phases()).join()).toMatch(/^(open|closed)$/);
    await sleep(500);
    const [phase, ...others] = await phases();
    expect(others).toEqual([]);
    await expect.poll(() => server.live.length).toBe(phase === 'open' ? 1 : 0);
    await open(other);
    for (const { page } of tabs) await expect.poll(() => phaseOf(page)).toBe('open');
  }
});

test('a page that comes back from the cache learns that another tab has closed or opened, and connects not by itself', async () => {
  const { server, openMany } = await start();
  const tabs = await openMany(3);
  const [leader, one] = tabs as [SharingTab, SharingTab];
  const left = [leader, one] as const;
  for (const command of ['close', 'open'] as const) {
    for (const tab of left) await lose(tab, 'cached');
    await expect.poll(() => server.live.length).toBe(command === 'close' ? 1 : 0);
    const { page } = tabs[2] as SharingTab;
    await page.evaluate((name) => window.sharing.socket[name](), command);
    await expect.poll(() => server.live.length).toBe(command === 'close' ? 0 : 1);
    const before = server.sockets.length;
    for (const tab of left) await bringBack(tab, 'cached');
    const phase = command === 'close' ? 'closed' : 'open';
    for (const tab of tabs) await expect.poll(() => phaseOf(tab.page)).toBe(phase);
    await sleep(500);
    for (const tab of tabs) expect(await phaseOf(tab.page)).toBe(phase);
    expect(server.sockets).toHaveLength(before);
  }
  // The pages were kept.
  for (const tab of left) expect(await tab.page.evaluate(() => performance.now())).toBeGreaterThan(1_000);
});

test('close({ drain }) in the tab that leads lets the others finish by the same socket', async () => {
  const { server, openMany } = await start({ proof: 'yes' });
  const tabs = await openMany(3);
  const [leader, ...others] = tabs as [SharingTab, SharingTab, SharingTab];
  const ws = server.live[0]?.ws;
  ws?.pause();
  for (const { page } of others) await page.evaluate(() => window.sharing.sendOver(5, 0));
  await sleep(200);
  await leader.page.evaluate(() => window.sharing.socket.close({ drain: 10_000 }));
  await sleep(500);
  expect(server.live).toHaveLength(1);
  ws?.resume();
  for (const { page } of tabs) await expect.poll(() => phaseOf(page)).toBe('closed');
  await expect.poll(() => server.live).toEqual([]);
  for (const { page } of others) expect(await page.evaluate(() => window.sharing.delivered)).toEqual(upTo(5));
  expect(server.sockets).toHaveLength(1);
});
