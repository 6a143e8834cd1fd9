/** Tabs that share a connection: what the way through another tab costs, and how long they are without a socket when its tab is lost. */
import { launchPlainChromium } from '../support/plain-chromium.ts';
import { SharingServer } from '../support/sharing-server.ts';
import { type SharingSite, startSharingSite } from '../support/sharing-site.ts';
import { type Loss, type SharingTabs, startSharing, type TabSettings } from '../support/sharing-tabs.ts';
import { makeUp, percentile, takeOver } from '../support/takeover.ts';
import { bundlePage } from './bundle.ts';
import { median, round } from './statistics.ts';
import { launchUnwatchedChromium, type UnwatchedChromium, type UnwatchedPage } from './unwatched-chromium.ts';

/** ms. */
export interface Times {
  readonly median: number;
  readonly p99: number;
}

export interface Takeovers {
  readonly median: number;
  readonly p95: number;
  readonly most: number;
  readonly count: number;
}

export interface TabsResult {
  readonly tabs: number;
  readonly questions: number;
  /** From a question to its answer. */
  readonly latency: Readonly<Record<'alone' | 'leader' | 'follower', Times>>;
  readonly messages: number;
  readonly bytes: number;
  /** Messages of the server a second that every tab gets. */
  readonly perSecond: Readonly<Record<'alone' | 'shared', number>>;
  /** Bytes of the JavaScript heaps of all tabs together. */
  readonly heap: Readonly<Record<'alone' | 'shared', number>>;
  readonly takeovers: Readonly<Record<string, Takeovers>>;
}

const TABS = 10;
const QUESTIONS = 2_000;
/** Short rounds: what else the machine does then hits neighbours alike. */
const ROUNDS = 20;
const BYTES = 100;
const A_ROUND = 1_000;
/** Nobody's first runs count. */
const WARM_UP = 2;

const LOSSES: Readonly<Partial<Record<Loss, number>>> = {
  closed: 20,
  crashed: 20,
  navigated: 20,
  cached: 20,
  frozen: 20,
  blocked: 3,
  hung: 3,
};

interface Group {
  readonly server: SharingServer;
  readonly pages: ReadonlyMap<string, UnwatchedPage>;
}

async function openGroup(chromium: UnwatchedChromium, { address }: SharingSite, settings: TabSettings): Promise<Group> {
  const server = await SharingServer.start();
  const pages = new Map<string, UnwatchedPage>();
  for (let i = 0; i < TABS; i += 1) {
    const tab = `tab${i}`;
    const asked = new URLSearchParams({ ...settings, server: server.url, tab, interval: '10000' });
    pages.set(tab, await chromium.open(`${address}?${asked}`));
  }
  await Promise.all([...pages.values()].map((page) => page.evaluate('tabsPage.connected()')));
  return { server, pages };
}

/** ms until every tab of the group has heard a round of messages. */
async function timeRound({ server, pages }: Group): Promise<number> {
  const startedAt = performance.now();
  const last = server.broadcast(A_ROUND, '.'.repeat(BYTES - 28)) + A_ROUND - 1;
  await Promise.all([...pages.values()].map((page) => page.evaluate(`tabsPage.hears(${last})`)));
  return performance.now() - startedAt;
}

async function measureRelay(site: SharingSite): Promise<Pick<TabsResult, 'latency' | 'perSecond'>> {
  const chromium = await launchUnwatchedChromium();
  const groups: Group[] = [];
  try {
    const alone = await openGroup(chromium, site, { alone: 'yes' });
    const shared = await openGroup(chromium, site, {});
    groups.push(alone, shared);
    const leader = shared.server.live[0]?.tab;
    const names = [...shared.pages.keys()];
    const asking = {
      alone: alone.pages.get('tab0'),
      leader: shared.pages.get(leader ?? ''),
      follower: shared.pages.get(names.find((name) => name !== leader) as string),
    };
    const times = { alone: [] as number[], leader: [] as number[], follower: [] as number[] };
    const rates = { alone: [] as number[], shared: [] as number[] };
    for (let turn = -WARM_UP; turn < ROUNDS; turn += 1) {
      for (const who of ['alone', 'leader', 'follower'] as const) {
        const own = (await asking[who]?.evaluate<number[]>(`tabsPage.ask(${QUESTIONS / ROUNDS})`)) ?? [];
        if (turn >= 0) times[who].push(...own);
      }
      for (const [who, group] of [['alone', alone] as const, ['shared', shared] as const]) {
        const ms = await timeRound(group);
        if (turn >= 0) rates[who].push((A_ROUND / ms) * 1_000);
      }
    }
    const tell = (own: readonly number[]): Times => ({ median: round(median(own)), p99: round(percentile(own, 0.99)) });
    return {
      latency: { alone: tell(times.alone), leader: tell(times.leader), follower: tell(times.follower) },
      perSecond: { alone: round(median(rates.alone)), shared: round(median(rates.shared)) },
    };
  } finally {
    await chromium.end();
    for (const { server } of groups) await server.end();
  }
}

/** Bytes of all heaps, without garbage. */
async function weigh({ tabs }: SharingTabs): Promise<number> {
  let sum = 0;
  for (const { page } of tabs) {
    const devtools = await page.context().newCDPSession(page);
    for (let i = 0; i < 3; i += 1) await devtools.send('HeapProfiler.collectGarbage');
    sum += (await devtools.send('Runtime.getHeapUsage')).usedSize;
    await devtools.detach();
  }
  return round(sum, 3);
}

async function timeTakeovers(tabs: SharingTabs): Promise<TabsResult['takeovers']> {
  const all: Record<string, Takeovers> = {};
  for (const [loss, count] of Object.entries(LOSSES) as [Loss, number][]) {
    const times: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const takeover = await takeOver(tabs, loss);
      times.push(takeover.ms);
      await makeUp(tabs, takeover);
    }
    const [p95, most] = [0.95, 1].map((share) => Math.round(percentile(times, share))) as [number, number];
    all[loss] = { median: Math.round(median(times)), p95, most, count };
  }
  return all;
}

export async function measureTabs(): Promise<TabsResult> {
  const site = await bundlePage('tabs-page').then(startSharingSite);
  try {
    const relay = await measureRelay(site);
    const chromium = await launchPlainChromium();
    try {
      const heap = { alone: 0, shared: 0 };
      for (const who of ['alone', 'shared'] as const) {
        const tabs = await startSharing(chromium, site.address, who === 'alone' ? { alone: 'yes' } : {});
        await tabs.openMany(TABS);
        heap[who] = await weigh(tabs);
        await tabs.end();
      }
      const few = await startSharing(chromium, site.address);
      await few.openMany(5);
      const takeovers = await timeTakeovers(few);
      await few.end();
      const result = {
        tabs: TABS,
        questions: QUESTIONS,
        ...relay,
        messages: A_ROUND * ROUNDS,
        bytes: BYTES,
        heap,
        takeovers,
      };
      console.dir(result, { depth: 5 });
      return result;
    } finally {
      await chromium.end();
    }
  } finally {
    await site.end();
  }
}
