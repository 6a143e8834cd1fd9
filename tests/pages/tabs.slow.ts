/** Tabs of a real Chromium whose leader is lost again and again: nothing is lost, and no two sockets act for long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createChance } from '../soak/chance.ts';
import { BUSY_FOR, isConnected, type Loss, type SharingTab } from '../support/sharing-tabs.ts';
import { stress } from '../support/tab-stress.ts';
import { makeUp, percentile, type Takeover, takeOver, tellTakeovers } from '../support/takeover.ts';
import { useSharingTabs } from '../support/use-sharing-tabs.ts';

const TABS = 6;
/** So many of each tab at least, and so many of them about the moment when a leader is lost. */
const MESSAGES = 100;
const FEW = 4;
/** Each kind of loss, so many times. */
const ROUNDS: Readonly<Record<Loss, number>> = {
  closed: 10,
  crashed: 10,
  navigated: 10,
  cached: 10,
  frozen: 10,
  blocked: 4,
  hung: 3,
};

/** ms. The server hears at most for so long from two sockets. */
const TOGETHER = 1_000;
const QUICK = 1_000;
const BLOCKED = 6_000;

const start = useSharingTabs();
const chance = createChance(15);

/** Every kind as often as it is planned, in an order of chance. */
function planLosses(): Loss[] {
  const all = Object.entries(ROUNDS).flatMap(([loss, count]) => Array.from({ length: count }, () => loss as Loss));
  return chance.shuffle(all);
}

const firstOf = (numbers: readonly number[]): number[] => [...new Set(numbers)];
const missing = (numbers: readonly number[], wanted: readonly number[]): number[] => {
  const had = new Set(numbers);
  return wanted.filter((n) => !had.has(n));
};

test('leaders are lost in every way while all tabs send: nothing is lost', async () => {
  const rig = await start({ proof: 'yes' });
  const { server } = rig;
  /** What each page was told to be delivered, also pages that are gone. */
  const told = new Map<string, number[]>();
  /** What a page was told before the server had the message. */
  const early: string[] = [];
  const listen = ({ page }: SharingTab): void => {
    page.on('console', (message) => {
      const [what, life = '', number] = message.text().split(' ');
      if (what !== 'delivered') return;
      told.set(life, [...(told.get(life) ?? []), Number(number)]);
      if (!server.numbersOf(life).includes(Number(number))) early.push(message.text());
    });
  };
  for (const tab of await rig.openMany(TABS)) listen(tab);
  const takeovers: Takeover[] = [];
  const losses = planLosses();
  for (const loss of losses) {
    const living = [...rig.tabs];
    await Promise.all(living.map(({ page }) => page.evaluate((count) => window.sharing.sendOver(count, 300), FEW)));
    await sleep(chance() * 200);
    const takeover = await takeOver(rig, loss);
    takeovers.push(takeover);
    const tab = await makeUp(rig, takeover);
    if (tab !== takeover.lost) listen(tab);
  }
  const figures = new Map<string, { sent: number; twice: number }>();
  /** The number of the last message of each tab. */
  const lastOf = new Map<SharingTab, number>();
  for (const tab of rig.tabs) {
    await isConnected(tab.page);
    const last = await tab.page.evaluate((all) => {
      const more = Math.max(1, all - window.sharing.sent);
      window.sharing.sendOver(more, 300);
      return window.sharing.sent + more;
    }, MESSAGES);
    lastOf.set(tab, last);
  }
  for (const tab of rig.tabs) {
    const { page } = tab;
    const life = await page.evaluate(() => window.sharing.life);
    await expect.poll(() => page.evaluate(() => window.sharing.sent), { timeout: 30_000 }).toBe(lastOf.get(tab));
    const left = (): Promise<number> => page.evaluate(() => window.sharing.socket.pending.value);
    await expect.poll(left, { timeout: 30_000, message: life }).toBe(0);
    const { sent, delivered, dropped } = await page.evaluate(() => ({ ...window.sharing, socket: 0, isLeader: 0 }));
    const wanted = Array.from({ length: sent }, (_, i) => i + 1);
    expect(sent).toBeGreaterThanOrEqual(MESSAGES);
    expect(delivered).toEqual(wanted);
    expect(dropped).toEqual([]);
    const arrived = server.numbersOf(life);
    expect(firstOf(arrived), life).toEqual(wanted);
    figures.set(life, { sent, twice: arrived.length - sent });
  }
  for (const [life, delivered] of told) expect(missing(server.numbersOf(life), delivered), life).toEqual([]);
  expect(early).toEqual([]);
  const numbers = server.sockets.map(({ number }) => number);
  const perKind = tellTakeovers(takeovers);
  const quick = takeovers.filter(({ loss }) => !BUSY_FOR[loss]).map(({ ms }) => ms);
  console.info(`${perKind}
all that were not busy: median ${Math.round(percentile(quick, 0.5))}, 95th percentile ${Math.round(percentile(quick, 0.95))} ms
${told.size} pages, ${server.arrivals.length} messages arrived, ${server.sockets.length} sockets, beside a newer one they said ${server.together.words} words within ${server.together.longest} ms
${JSON.stringify([...figures.values()])}`);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(server.live).toHaveLength(1);
  expect(server.together.longest).toBeLessThan(TOGETHER);
  expect(percentile(quick, 0.95)).toBeLessThan(QUICK);
  expect(Math.max(...takeovers.map(({ ms }) => ms))).toBeLessThan(BLOCKED);
}, 240_000);

test('500 operations on 5 tabs in any order: never long without a leader', async () => {
  const rig = await start();
  const { counts, gaps, tabs } = await stress(rig, chance, 500);
  const { server } = rig;
  const [middle, most95, most] = [0.5, 0.95, 1].map((share) => Math.round(percentile(gaps, share)));
  console.info(`${JSON.stringify(counts)}, ${server.sockets.length} sockets; without one after an operation: \
median ${middle}, 95th percentile ${most95}, most ${most} ms; beside a newer one they said ${server.together.words} words within ${server.together.longest} ms`);
  expect(server.live).toHaveLength(1);
  const first = server.broadcast(100);
  for (const { page, name } of tabs) {
    const heard = (): Promise<number[]> => page.evaluate(() => window.sharing.heard);
    await expect.poll(async () => (await heard()).length, { timeout: 20_000 }).toBe(100);
    expect(await heard(), name).toEqual(Array.from({ length: 100 }, (_, i) => first + i));
  }
  expect(server.together.longest).toBeLessThan(TOGETHER);
  expect(Math.max(...gaps)).toBeLessThan(BLOCKED);
}, 240_000);
