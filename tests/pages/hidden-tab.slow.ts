/** Three minutes out of sight. Chromium then fires plain timers once a minute; the heartbeat keeps its time. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { test } from 'vitest';
import { DiaryServer } from '../support/diary-server.ts';
import { readDiary } from '../support/live-page.ts';
import { hide } from '../support/plain-chromium.ts';
import { TestServer } from '../support/server/test-server.ts';
import { useLivePages } from '../support/use-live-pages.ts';

declare global {
  interface Window {
    /** When a plain timer of the page, armed anew each time for 1 s, has fired. */
    ticks: number[];
  }
}

const HIDDEN_FOR = 180_000;

/** The library's defaults. */
const INTERVAL = 10_000;
const PONG_TIMEOUT = 10_000;
const PROBE_TIMEOUT = 2_000;

const pages = useLivePages();

/** A page out of sight. No interval is shortened by chance. */
async function openHidden(server: string): Promise<Page> {
  const page = await pages.chromium.newPage();
  await page.addInitScript(() => {
    Math.random = () => 0;
  });
  await pages.site.visit(page, server);
  await hide(page);
  await page.evaluate(() => {
    window.ticks = [];
    const tick = (): void => {
      window.ticks.push(performance.now());
      setTimeout(tick, 1_000);
    };
    tick();
  });
  return page;
}

const gaps = (times: number[]): number[] => times.slice(1).map((time, i) => Math.round(time - (times[i] as number)));

/** By how much timers of this process, where the server is, are late at most (ms): the machine is shared. */
function watchLag(): () => number {
  const lag = monitorEventLoopDelay();
  lag.enable();
  return () => lag.max / 1e6;
}

/** The longest that a plain timer of 1 s has taken in this page. */
const slowestTick = async (page: Page): Promise<number> =>
  Math.max(...gaps(await page.evaluate(() => [...window.ticks, performance.now()])));

test.concurrent('a page hidden for three minutes keeps its beat, and its connection', async ({
  expect,
  onTestFinished,
}) => {
  const server = await DiaryServer.start();
  onTestFinished(() => server.end());
  const page = await openHidden(server.url);
  const lag = watchLag();
  await sleep(HIDDEN_FOR);
  expect(await page.evaluate(() => document.hidden)).toBe(true);
  const slowest = await slowestTick(page);
  const beats = gaps([...server.starts, ...server.beats, performance.now()]);
  const [longest = NaN, second = NaN] = beats.toSorted((a, b) => b - a);
  console.info(
    `hidden for three minutes: at most ${longest} ms, else ${second} ms, between ${server.beats.length} beats, ` +
      `where a plain timer of 1 s took up to ${slowest} ms`,
  );
  // Without this the page was not slowed down, and its beats prove nothing.
  expect(slowest).toBeGreaterThan(55_000);
  // The machine is shared: one beat of them all may meet a moment in which it stalls, and is no slow timer all the same.
  expect(second).toBeLessThanOrEqual(INTERVAL + 1_500 + lag());
  expect(longest).toBeLessThan(slowest / 4);
  const diary = (await readDiary(page)).map(({ what }) => what);
  expect(diary.filter((what) => what !== 'message')).toEqual(['pageshow', 'connected', 'visibilitychange']);
  expect(server.starts).toHaveLength(1);
  expect(server.ends).toEqual([]);
}, 240_000);

test.concurrent('a hidden page that was busy until its link died finds out in time', async ({
  expect,
  onTestFinished,
}) => {
  const server = new TestServer();
  await server.start();
  onTestFinished(() => server.end());
  const page = await openHidden(`${server.url}?client=busy`);
  // No beat is ever due, so that each timer is armed from the one before, every 6 s. Chromium slows the fifth of a chain.
  const talk = setInterval(() => server.broadcast('say something'), 6_000);
  onTestFinished(() => clearInterval(talk));
  await expect.poll(() => slowestTick(page), { timeout: 130_000, interval: 500 }).toBeGreaterThan(30_000);
  const slowed = await page.evaluate(() => window.ticks.length);
  const ticks = (): Promise<number> => page.evaluate(() => window.ticks.length);
  await expect.poll(ticks, { timeout: 65_000, interval: 100 }).toBeGreaterThan(slowed);
  // Slowed timers have just fired, and do so in a minute again. By then a new chain is long enough.
  await sleep(45_000);
  clearInterval(talk);
  expect(server.count('busy')).toMatchObject({ live: 1, total: 1 });
  const cutAt = performance.now();
  const lag = watchLag();
  server.cutClientSide();
  await expect.poll(() => server.count('busy').total, { timeout: 60_000, interval: 100 }).toBe(2);
  const backAfter = Math.round(performance.now() - cutAt);
  console.info(
    `hidden and busy until the link died: back after ${backAfter} ms (${server.received.length} sent before)`,
  );
  expect(server.count('busy')).toMatchObject({ live: 1, most: 1 });
  // Each timer on the way may be late by a second: the beat's, and the one that finds it unanswered, which may ask again.
  expect(backAfter).toBeLessThanOrEqual(INTERVAL + PONG_TIMEOUT + PROBE_TIMEOUT + 2_000 + lag());
}, 300_000);
