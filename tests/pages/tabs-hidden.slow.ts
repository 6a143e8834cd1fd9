/** The lead is held for three minutes by a tab out of sight: its heartbeats, and what it costs the tab that the user looks at. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { hide } from '../support/plain-chromium.ts';
import type { SharingTab, SharingTabs } from '../support/sharing-tabs.ts';
import { percentile } from '../support/takeover.ts';
import { useSharingTabs } from '../support/use-sharing-tabs.ts';

declare global {
  interface Window {
    /** When a plain timer of the page, armed anew each time for 1 s, has fired. */
    ticks: number[];
    /** ms from each question of the page to its answer. */
    latencies: number[];
    /** ms from each message of the page until it was proven to have arrived. */
    proofs: number[];
  }
}

const HIDDEN_FOR = 180_000;
const INTERVAL = 10_000;
/** ms between the questions of a tab. */
const PACE = 200;

const start = useSharingTabs();

interface Pair {
  readonly rig: SharingTabs;
  readonly leader: SharingTab;
  readonly follower: SharingTab;
}

async function openPair(proof?: 'yes'): Promise<Pair> {
  const rig = await start({ interval: `${INTERVAL}`, ...(proof && { proof }) });
  const pages = await rig.openMany(2);
  const leader = await rig.leader();
  return { rig, leader, follower: pages.find((tab) => tab !== leader) as SharingTab };
}

const tick = ({ page }: SharingTab): Promise<void> =>
  page.evaluate(() => {
    window.ticks = [];
    const next = (): void => {
      window.ticks.push(performance.now());
      setTimeout(next, 1_000);
    };
    next();
  });

const askOften = ({ page }: SharingTab): Promise<void> =>
  page.evaluate((pace) => {
    window.latencies = [];
    setInterval(async () => window.latencies.push((await window.sharing.ask(0)).ms), pace);
  }, PACE);

/** A message each second, after the one before was proven. */
const proveOften = ({ page }: SharingTab): Promise<void> =>
  page.evaluate(() => {
    window.proofs = [];
    const { socket } = window.sharing;
    let sentAt = 0;
    const send = (): void => {
      sentAt = performance.now();
      window.sharing.sendOver(1, 0);
    };
    socket.on('delivered', () => {
      window.proofs.push(performance.now() - sentAt);
      setTimeout(send, 1_000);
    });
    send();
  });

const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, i) => Math.round(time - (times[i] as number)));

const slowestTick = async (page: Page): Promise<number> =>
  Math.max(...gaps(await page.evaluate(() => [...window.ticks, performance.now()])));

async function tell(
  what: string,
  { follower }: Pair,
  list: 'latencies' | 'proofs' = 'latencies',
): Promise<{ count: number; median: number; p99: number }> {
  const all = await follower.page.evaluate((name) => window[name], list);
  const [median, p99, most] = [0.5, 0.99, 1].map((share) => Number(percentile(all, share).toFixed(1)));
  console.info(`${what}: ${all.length} times, ${median} ms (median), ${p99} ms (99th percentile), most ${most} ms`);
  return { count: all.length, median: median as number, p99: p99 as number };
}

test('a leader out of sight for three minutes keeps its beat and its lead, and answers a visible tab as fast as a visible leader', async () => {
  const [quiet, busy, visible] = [await openPair(), await openPair(), await openPair()];
  const [proving, provingSeen] = [await openPair('yes'), await openPair('yes')];
  for (const { leader } of [quiet, busy, proving]) {
    await hide(leader.page);
    await tick(leader);
  }
  for (const { follower } of [busy, visible]) await askOften(follower);
  for (const { follower } of [proving, provingSeen]) await proveOften(follower);
  await sleep(HIDDEN_FOR);

  const [socket] = quiet.rig.server.sockets;
  const beats = gaps([socket?.openedAt ?? 0, ...(socket?.beats ?? []), performance.now()]);
  const slowest = [await slowestTick(quiet.leader.page), await slowestTick(busy.leader.page)];
  console.info(`hidden leader: at most ${Math.max(...beats)} ms between ${beats.length - 1} beats, where a plain timer of 1 s took up to \
${slowest[0]} ms (${slowest[1]} ms in the busy tab)`);
  const hidden = await tell('answers to a visible follower of a hidden leader', busy);
  const seen = await tell('answers to a visible follower of a visible leader', visible);
  await tell('proof for a visible follower of a hidden leader', proving, 'proofs');
  await tell('proof for a visible follower of a visible leader', provingSeen, 'proofs');
  // Without this the leaders were not slowed down, and prove nothing.
  expect(Math.min(...slowest)).toBeGreaterThan(30_000);
  expect(Math.max(...beats)).toBeLessThanOrEqual(INTERVAL + 1_500);
  for (const { rig, leader } of [quiet, busy, visible, proving, provingSeen]) {
    expect(rig.server.sockets.map(({ tab }) => tab)).toEqual([leader.name]);
  }
  expect(hidden.count).toBeGreaterThan(HIDDEN_FOR / PACE / 2);
  // A leader that Chromium slows down would answer after a second or a minute.
  expect(hidden.p99).toBeLessThan(seen.p99 + 250);
}, 280_000);
