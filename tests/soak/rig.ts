/** One client and its server, one fault after the other. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext } from 'playwright';
import { type Chance, createChance } from './chance.ts';
import { type Comparison, compareLogs, LAST_LOST } from './compare.ts';
import { type Fault, isGone, type Stage } from './fault.ts';
import { shuffleFaults } from './faults.ts';
import { type Measure, PageClient } from './page-client.ts';
import { LIMITS, SETTINGS } from './settings.ts';
import { SoakServer } from './soak-server.ts';

export interface Outcome {
  readonly kind: string;
  readonly cause: Fault['cause'];
  /** What it was exactly, and when it began. */
  readonly story: string;
  /** ms from the fault's end; undefined: not within reason. */
  readonly recovery: number | undefined;
}

export interface RigReport {
  readonly outcomes: readonly Outcome[];
  readonly silences: readonly number[];
  readonly comparison: Comparison;
  readonly mostLive: number;
  readonly mostSockets: number;
  readonly mostTimers: number;
  readonly middle: Measure;
  readonly end: Measure;
  readonly stall: number;
  readonly broken: readonly string[];
}

/** So long (ms) must a connection be well before the fault counts as over. */
const SETTLED = 300;

/** Until the page's connection is one that the server counts as live, and stays so. ms after `from`. */
async function recover({ server, page }: Stage, from: number): Promise<number | undefined> {
  let wellSince = 0;
  let wellOn = -1;
  for (const giveUpAt = Date.now() + LIMITS.survive; Date.now() < giveUpAt; await sleep(25)) {
    const { status, i, openedAt } = await page.look();
    const isWell = status === 'OPEN' && server.live().some((connection) => connection.i === i);
    if (!isWell || i !== wellOn) {
      wellOn = isWell ? i : -1;
      wellSince = Date.now();
    } else if (Date.now() - wellSince > SETTLED) {
      // Until it has stood, the library takes a loss for a sign that the server is in trouble.
      await sleep(Math.max(0, openedAt + SETTINGS.stableAfter + 100 - Date.now()));
      return Math.max(0, openedAt - from);
    }
  }
  return undefined;
}

/** Deals the faults, each kind once before any comes again; `first` says with which one to begin. */
function* deal(order: readonly Fault[], first: number, chance: Chance): Generator<Fault, never> {
  yield* order.slice(first);
  yield* order.slice(0, first);
  for (;;) yield* shuffleFaults(chance);
}

/** Until what was said last has been heard, on a machine that may be busy. What never is, is for the comparison to find. */
async function settle({ server, page }: Stage): Promise<void> {
  await sleep(500);
  const hasAll = (): boolean =>
    !compareLogs(server.connections, page.events).broken.some((text) => LAST_LOST.test(text));
  for (const giveUpAt = Date.now() + LIMITS.hush; Date.now() < giveUpAt; await sleep(100)) {
    await page.look();
    if (hasAll()) return;
  }
}

/** The component has gone: so must have everything that it had. */
async function checkEnd({ server, page, broken }: Stage): Promise<void> {
  await page.unmount();
  await sleep(500);
  await isGone(server);
  const { sockets, timers, listeners } = await page.look();
  const left = { 'live connections': server.live().length, sockets, timers, listeners };
  for (const [what, count] of Object.entries(left)) if (count) broken.push(`at the end ${count} ${what} are left`);
}

export async function runRig(
  context: BrowserContext,
  address: string,
  { ms, seed, order, first }: { ms: number; seed: number; order: readonly Fault[]; first: number },
): Promise<RigReport> {
  const chance = createChance(seed);
  const server = new SoakServer(createChance(chance() * 2 ** 31));
  await server.start();
  const page = await PageClient.open(context, address, server.url, Math.floor(chance() * 2 ** 31));
  const stage: Stage = { server, page, chance, silences: [], broken: [] };
  const outcomes: Outcome[] = [];
  let middle: Measure | undefined;
  try {
    const startedAt = Date.now();
    await page.mount();
    if ((await recover(stage, startedAt)) === undefined) stage.broken.push('it never connected');
    for (const fault of deal(order, first, chance)) {
      if (!middle && Date.now() - startedAt > ms / 2) middle = await page.measure();
      if (Date.now() - startedAt > ms) break;
      await sleep(chance.between(0, 400));
      const { kind, cause, parts = kind } = fault;
      const story = `${parts} at ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;
      const recovery = await recover(stage, await fault.run(stage));
      outcomes.push({ kind, cause, story, recovery });
      if (recovery === undefined) break;
    }
    server.isHushed = true;
    await page.hush();
    await settle(stage);
    const end = await page.measure();
    await checkEnd(stage);
    const { mostSockets, mostTimers, stall } = await page.look();
    return {
      outcomes,
      silences: stage.silences,
      comparison: compareLogs(server.connections, page.events),
      mostLive: server.mostLive,
      mostSockets,
      mostTimers,
      middle: middle ?? end,
      end,
      stall,
      broken: [...stage.broken, ...server.troubles, ...page.troubles],
    };
  } finally {
    await page.close();
    await server.end();
  }
}
