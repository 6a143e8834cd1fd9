/** What a connection costs a page: the time of its component's life, and the memory that it holds while idle. */
import type { Browser } from 'playwright';
import { launchChromium } from '../support/chromium.ts';
import { bundlePage } from './bundle.ts';
import { FLOOR, OURS, PLAIN } from './contestants.ts';
import type { LifePage } from './page/life-page.ts';
import { startSite } from './site.ts';
import { median, note, rotate, round } from './statistics.ts';

export interface LifeResult {
  readonly lives: number;
  /** µs from mount to unmount: the median of the rounds. */
  readonly microseconds: Record<string, number>;
  readonly connections: number;
  /** Of the JavaScript heap for each connection, garbage collected, without the socket itself. */
  readonly bytes: Record<string, number>;
}

type LifeWindow = { readonly life: LifePage };

const EMPTY = 'empty component';
const LIVES = 10_000;
const A_ROUND = 250;
const CONNECTIONS = 5_000;
/** The composables, and what a component without one would do. */
const COMPARED = [OURS, 'useWebSocket', FLOOR, EMPTY];

async function timeLives(browser: Browser, address: string): Promise<Record<string, number>> {
  const page = await browser.newPage();
  await page.goto(address);
  const times: Record<string, number[]> = {};
  const rounds = LIVES / A_ROUND;
  // A round of warming up, which does not count.
  for (let turn = -1; turn < rounds; turn += 1) {
    for (const name of rotate(COMPARED, turn + 1)) {
      const ms = await page.evaluate(([who, lives]) => (window as unknown as LifeWindow).life.live(who, lives), [
        name === EMPTY ? undefined : name,
        A_ROUND,
      ] as const);
      if (turn >= 0) note(times, name, (ms / A_ROUND) * 1_000);
    }
  }
  await page.close();
  return Object.fromEntries(COMPARED.map((name) => [name, round(median(times[name] as number[]))]));
}

/** Bytes of the heap that the connections hold, in a page of their own. */
async function weigh(browser: Browser, address: string, name: string): Promise<number> {
  const page = await browser.newPage();
  await page.goto(address);
  const devtools = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    for (let i = 0; i < 3; i += 1) await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  const before = await heap();
  await page.evaluate(([who, connections]) => (window as unknown as LifeWindow).life.hold(who, connections), [
    name,
    CONNECTIONS,
  ] as const);
  const after = await heap();
  await page.close();
  return (after - before) / CONNECTIONS;
}

export async function measureLife(): Promise<LifeResult> {
  const [site, browser] = await Promise.all([bundlePage('life-page').then(startSite), launchChromium()]);
  try {
    const microseconds = await timeLives(browser, site.address('life'));
    const weights: Record<string, number> = {};
    for (const name of PLAIN) weights[name] = await weigh(browser, site.address(name), name);
    const floor = weights[FLOOR] as number;
    const bytes = Object.entries(weights).map(([name, weight]) => [name, round(weight - floor, 2)]);
    return { lives: LIVES, microseconds, connections: CONNECTIONS, bytes: Object.fromEntries(bytes) };
  } finally {
    await browser.close();
    await site.end();
  }
}
