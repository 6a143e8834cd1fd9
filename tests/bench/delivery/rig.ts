/** One contestant in a tab of its own, with a server and a network of its own: all meet the same faults at the same times. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright';
import type { DeliveryPage } from '../page/delivery-page.ts';
import type { PageNote } from './count.ts';
import { type FaultKind, planFaults, spanOf, type Work } from './plan.ts';
import type { DeliveryServer } from './server.ts';

export interface Rig {
  readonly server: DeliveryServer;
  readonly page: Page;
  readonly devtools: CDPSession;
}

export interface RigReport {
  readonly received: readonly number[];
  readonly notes: readonly PageNote[];
  /** Faults that began while a connection reached the server. */
  readonly met: number;
}

type DeliveryWindow = { readonly delivery: DeliveryPage };

/** ms that the close frames of a server have to arrive before its port closes. */
const LAST_WORDS = 50;

/** Longer than any fault lasts (ms). */
const LONG = 60_000;

/** ms without news after which nothing is expected any more, and how long that is waited for at most. */
const QUIET = 4_000;
const PATIENCE = 90_000;

async function setOffline({ devtools }: Rig, offline: boolean): Promise<void> {
  // The context's own `setOffline` is for all tabs.
  const network = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await devtools.send('Network.emulateNetworkConditions', { offline, ...network });
}

/** What each fault does: once it has begun, it lasts for `ms`. */
const FAULTS: Record<FaultKind, (rig: Rig, ms: number, lag: number) => Promise<void> | void> = {
  'silent cut': ({ server }) => server.proxy.cut(),

  reset: ({ server }) => server.proxy.reset(),

  async restart({ server }, ms) {
    server.closeAll();
    await sleep(LAST_WORDS);
    await server.proxy.stop();
    await sleep(ms);
    await server.proxy.start();
  },

  async 'frozen network'({ server }, ms, lag) {
    server.proxy.delay(() => LONG);
    await sleep(ms);
    server.proxy.delay();
    server.proxy.delay(() => lag);
  },

  async 'frozen page'({ page, devtools }, ms) {
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await sleep(ms);
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    // It comes back hidden.
    await page.bringToFront();
  },

  async offline(rig, ms) {
    // The connection does not survive a change of network, and nobody tells either side.
    rig.server.proxy.cut();
    await setOffline(rig, true);
    await sleep(ms);
    await setOffline(rig, false);
  },
};

export async function openRig(
  context: BrowserContext,
  address: string,
  name: string,
  server: DeliveryServer,
): Promise<Rig> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await page.goto(address);
  await page.evaluate(([who, url]) => (window as unknown as DeliveryWindow).delivery.connect(who, url), [
    name,
    server.url,
  ] as const);
  for (let tries = 0; tries < 200 && !server.isReached(); tries += 1) await sleep(50);
  if (!server.isReached()) throw new Error(`${name} does not connect`);
  return { server, page, devtools };
}

/** Numbers at a steady pace, whoever is there. Answers with what stops it. */
function publish({ publish: send }: DeliveryServer, messages: number, span: number): () => void {
  const startedAt = performance.now();
  let published = 0;
  const timer = setInterval(() => {
    const due = Math.min(messages, Math.floor(((performance.now() - startedAt) / span) * messages));
    while (published < due) {
      published += 1;
      send(published);
    }
  }, 20);
  return () => clearInterval(timer);
}

/** Waits until all is sent, and nothing comes any more. */
async function settle({ server, page }: Rig, messages: number): Promise<void> {
  let last = '';
  let since = Date.now();
  for (const giveUpAt = since + PATIENCE; Date.now() < giveUpAt && Date.now() - since < QUIET; await sleep(250)) {
    const look = await page.evaluate(() => (window as unknown as DeliveryWindow).delivery.look());
    const isBusy = look.given < messages || look.pending > 0 || !server.isReached();
    const arrived = `${server.received.length} ${look.heard}`;
    if (isBusy || arrived !== last) since = Date.now();
    last = arrived;
  }
}

export async function runRig(rig: Rig, work: Work): Promise<RigReport> {
  const { server, page } = rig;
  const span = spanOf(work);
  server.proxy.delay(() => work.lag);
  const startedAt = performance.now();
  await page.evaluate(([count, ms]) => (window as unknown as DeliveryWindow).delivery.run(count, ms), [
    work.messages,
    span,
  ] as const);
  const stop = publish(server, work.messages, span);
  let met = 0;
  for (const { kind, at, ms } of planFaults(work)) {
    await sleep(Math.max(0, startedAt + at - performance.now()));
    if (server.isReached()) met += 1;
    await FAULTS[kind](rig, ms, work.lag);
  }
  await sleep(Math.max(0, startedAt + span - performance.now()));
  await settle(rig, work.messages);
  stop();
  const notes = await page.evaluate(() => (window as unknown as DeliveryWindow).delivery.notes());
  return { received: server.received, notes, met };
}
