/** Tabs of a real Chromium that share one connection, by the log of a real server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { bringBack, isEnd, type Loss, type SharingTab } from '../support/sharing-tabs.ts';
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
