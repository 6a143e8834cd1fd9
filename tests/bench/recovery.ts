/** Recovery: how long after a fault a page has a connection that works, in Chromium as its users have it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { hide, launchPlainChromium, type PlainChromium, setLifecycle, show } from '../support/plain-chromium.ts';
import { bundlePage } from './bundle.ts';
import { CONTESTANTS, FLOOR } from './contestants.ts';
import { type Beat, EchoServer } from './echo-server.ts';
import type { RecoveryDiary, RecoveryPage } from './page/recovery-page.ts';
import { type Site, startSite } from './site.ts';
import { median, note, round } from './statistics.ts';

export interface RecoveryFigure {
  /** s from the fault's end (or from the cut) to the answer to a message; null: not within the limit. The median. */
  readonly seconds: number | null;
  /** Of the rounds, those that recovered within the limit. */
  readonly recovered: number;
  /** Sockets made since the fault began: the median. */
  readonly sockets: number;
}

export interface RecoveryResult {
  readonly beat: Beat;
  /** s. */
  readonly limit: number;
  readonly rounds: number;
  readonly figures: Record<string, Record<string, RecoveryFigure>>;
}

interface Subject {
  readonly page: Page;
  /** Its round. */
  readonly turn: number;
  readonly server: EchoServer;
}

/** Does its fault to a page, and answers with the moment from which recovery counts. */
type Scenario = (subject: Subject) => Promise<number>;

const BEAT: Beat = { interval: 5_000, pongTimeout: 5_000 };
const LIMIT = 90_000;
const ROUNDS = 5;
/** The bare socket ends with the first fault, and nothing brings it back. */
const NAMES = CONTESTANTS.map(({ name }) => name).filter((name) => name !== FLOOR);

/** Takes the page's network away, and answers with what gives it back. The context's own `setOffline` is for all its pages. */
async function goOffline(page: Page): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const set = async (offline: boolean): Promise<void> => {
    const network = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await devtools.send('Network.emulateNetworkConditions', { offline, ...network });
  };
  await set(true);
  return () => set(false);
}

const SCENARIOS: Record<string, Scenario> = {
  async 'silent cut'({ server }) {
    server.proxy.cut();
    return Date.now();
  },

  async 'offline for 10 s'({ page, server }) {
    const goOnline = await goOffline(page);
    // The connection does not survive a change of network, and nobody tells either side.
    server.proxy.cut();
    await sleep(10_000);
    const endedAt = Date.now();
    await goOnline();
    return endedAt;
  },

  async 'frozen for 10 s'({ page, server }) {
    await hide(page);
    await setLifecycle(page, 'frozen');
    server.proxy.cut();
    await sleep(10_000);
    const endedAt = Date.now();
    await show(page);
    return endedAt;
  },

  async 'server down for 10 s'({ server, turn }) {
    await server.proxy.stop();
    // Another length in each round: else the one would be lucky whose fixed delay is due just then.
    await sleep(9_000 + turn * 450);
    const endedAt = Date.now();
    await server.proxy.start();
    return endedAt;
  },
};

type RecoveryWindow = { readonly recovery: RecoveryPage; readonly diary: RecoveryDiary };

const look = (page: Page): Promise<RecoveryDiary> => page.evaluate(() => (window as unknown as RecoveryWindow).diary);

async function startSubject(chromium: PlainChromium, site: Site, name: string, turn: number): Promise<Subject> {
  const server = await EchoServer.start(BEAT);
  const page = await chromium.newPage();
  await page.addInitScript(() => {
    // Before any client is loaded: some take hold of the constructor then.
    const made: number[] = [];
    const proven: number[] = [];
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        made.push(Date.now());
      }
    };
    Object.assign(window, { diary: { made, proven } });
  });
  await page.goto(site.address(`${name}-${'abcde'[turn]}`));
  await page.evaluate(
    ([who, url, interval, pongTimeout]) =>
      (window as unknown as RecoveryWindow).recovery.start(who, url, interval, pongTimeout),
    [name, server.url, BEAT.interval, BEAT.pongTimeout] as const,
  );
  for (let tries = 0; tries < 100 && !(await look(page)).proven.length; tries += 1) await sleep(100);
  if (!(await look(page)).proven.length) throw new Error(`${name} does not connect`);
  return { page, server, turn };
}

/** ms from the fault's end to a working connection, and the sockets made since its beginning. */
async function recover(subject: Subject, scenario: Scenario): Promise<{ ms: number; sockets: number }> {
  const before = await look(subject.page);
  const from = await scenario(subject);
  for (const giveUpAt = Date.now() + LIMIT; Date.now() < giveUpAt; await sleep(200)) {
    const { proven, made } = await look(subject.page);
    const at = proven[before.proven.length];
    // Some are back before the fault is over: the socket of a frozen page may outlive it.
    if (at) return { ms: Math.max(0, at - from), sockets: made.length - before.made.length };
  }
  const { made } = await look(subject.page);
  return { ms: Infinity, sockets: made.length - before.made.length };
}

async function runScenario(site: Site, scenario: Scenario): Promise<Record<string, RecoveryFigure>> {
  const chromium = await launchPlainChromium();
  const outcomes: Record<string, { ms: number; sockets: number }[]> = {};
  const subjects: Subject[] = [];
  try {
    const all = NAMES.flatMap((name) => Array.from({ length: ROUNDS }, (_, turn) => ({ name, turn })));
    await Promise.all(
      all.map(async ({ name, turn }) => {
        const subject = await startSubject(chromium, site, name, turn);
        subjects.push(subject);
        // Beats are sent in one rhythm: each round meets another moment of it.
        await sleep(2_000 + (turn * BEAT.interval) / ROUNDS);
        note(outcomes, name, await recover(subject, scenario));
      }),
    );
  } finally {
    for (const { server } of subjects) await server.end();
    await chromium.end();
  }
  const figure = (name: string): RecoveryFigure => {
    const own = outcomes[name] ?? [];
    const ms = median(own.map((outcome) => outcome.ms));
    return {
      seconds: ms < Infinity ? round(ms / 1_000) : null,
      recovered: own.filter((outcome) => outcome.ms < Infinity).length,
      sockets: median(own.map(({ sockets }) => sockets)),
    };
  };
  return Object.fromEntries(NAMES.map((name) => [name, figure(name)]));
}

export async function measureRecovery(): Promise<RecoveryResult> {
  const site = await startSite(await bundlePage('recovery-page'));
  const figures: RecoveryResult['figures'] = {};
  try {
    for (const [title, scenario] of Object.entries(SCENARIOS)) {
      figures[title] = await runScenario(site, scenario);
      console.info(`  ${title}`);
    }
  } finally {
    await site.end();
  }
  return { beat: BEAT, limit: LIMIT / 1_000, rounds: ROUNDS, figures };
}
