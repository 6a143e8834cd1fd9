/** A connection through the life of its page: frozen, cut off, put away and brought back, and closed. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { ELSEWHERE } from '../support/browser.ts';
import { DiaryServer } from '../support/diary-server.ts';
import { watchLateness } from '../support/lateness.ts';
import { msToProof, readDiary } from '../support/live-page.ts';
import { hide, setLifecycle, show } from '../support/plain-chromium.ts';
import { type Count, TestServer } from '../support/server/test-server.ts';
import { useLivePages } from '../support/use-live-pages.ts';

interface Life {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly server: TestServer;
  count(): Count;
}

const PROBE_TIMEOUT = 2_000;

const pages = useLivePages();

/** A page with an open connection. Each delay that chance would shorten has its full length: no figure is luck. */
async function live(newPage = () => pages.chromium.browser.newPage()): Promise<Life> {
  const server = new TestServer();
  await server.start();
  const page = await newPage();
  onTestFinished(async () => {
    await page.close();
    await server.end();
  });
  await page.addInitScript(() => {
    Math.random = () => 0.999;
  });
  await pages.site.visit(page, `${server.url.replace('127.0.0.1', ELSEWHERE)}?client=page`);
  return { page, context: page.context(), server, count: () => server.count('page') };
}

/** Three rounds side by side, a third of a second apart: one's decisive moment is not another's. */
async function threeTimes(newLife: () => Promise<Life>, round: (life: Life) => Promise<number>): Promise<number[]> {
  const lives = await Promise.all([newLife(), newLife(), newLife()]);
  const figures = lives.map(async (life, i) => {
    await sleep(i * 333);
    return round(life);
  });
  return (await Promise.all(figures)).map(Math.round).sort((a, b) => a - b);
}

/** Prints the figures, and answers with the middle one. */
function median(what: string, sorted: number[]): number {
  const middle = sorted[Math.floor(sorted.length / 2)] as number;
  console.info(`${what}: ${middle} ms (${sorted.join(', ')})`);
  return middle;
}

/** Frozen for 3 s while the server drops the connection silently, then woken. */
const frozen =
  (wake: (page: Page) => Promise<void>) =>
  async ({ page, server, count }: Life): Promise<number> => {
    await hide(page);
    await setLifecycle(page, 'frozen');
    server.cutClientSide();
    await sleep(3_000);
    expect(count()).toMatchObject({ live: 0, total: 1 });
    const ms = await msToProof(page, 'resume', () => wake(page));
    expect(await page.evaluate(() => window.live.socket.status.value)).toBe('OPEN');
    expect(count()).toMatchObject({ live: 1, most: 1, total: 2 });
    return ms;
  };

test('frozen for 3 s while the link dies, then looked at: healthy within 0.6 s of resuming', async () => {
  const figures = await threeTimes(() => live(pages.chromium.newPage), frozen(show));
  expect(median('from resume, looked at, to a new connection', figures)).toBeLessThanOrEqual(600);
});

test('frozen for 3 s while the link dies, then resumed out of sight: healthy within 0.6 s of resuming', async () => {
  const figures = await threeTimes(
    () => live(pages.chromium.newPage),
    frozen((page) => setLifecycle(page, 'active')),
  );
  median('from resume, out of sight, to a new connection', figures);
  // Not the median: timers of a hidden page fire on the whole second, so each round would meet another wait.
  expect(Math.max(...figures)).toBeLessThanOrEqual(600);
});

test('offline for a moment: the connection is proven within 0.3 s of online', async () => {
  const figures = await threeTimes(live, async ({ page, context, count }) => {
    await context.setOffline(true);
    // Chromium holds back meanwhile what is sent, the probe too, and the socket stays open.
    await sleep(500);
    const ms = await msToProof(page, 'online', () => context.setOffline(false));
    expect(count()).toEqual({ live: 1, most: 1, total: 1, asked: 1 });
    return ms;
  });
  expect(median('from online to the answer', figures)).toBeLessThanOrEqual(300);
});

test('offline until the link is found dead: a new one within 0.3 s of online', async () => {
  const figures = await threeTimes(live, async ({ page, context, server, count }) => {
    server.cutClientSide();
    await context.setOffline(true);
    await page.getByText('offline', { exact: true }).waitFor();
    const ms = await msToProof(page, 'online', () => context.setOffline(false));
    expect(count()).toMatchObject({ live: 1, most: 1, total: 2 });
    return ms;
  });
  expect(median('from online to a new connection', figures)).toBeLessThanOrEqual(300);
});

test('offline for a moment in which the link dies: a new one 0.3 s after the probe has failed', async () => {
  const figures = await threeTimes(live, async ({ page, context, server, count }) => {
    await context.setOffline(true);
    server.cutClientSide();
    const ms = await msToProof(page, 'online', () => context.setOffline(false));
    expect(count()).toMatchObject({ live: 1, most: 1, total: 2 });
    return ms;
  });
  expect(median('from online over a failed probe to a new connection', figures)).toBeLessThanOrEqual(
    PROBE_TIMEOUT + 300,
  );
});

test('a page in the back-forward cache has no connection, and one again when it comes back', async () => {
  const { page, count } = await live();
  const figures: number[] = [];
  for (const trip of [1, 2]) {
    await page.getByText('leave').click();
    await page.getByText('elsewhere').waitFor();
    await expect.poll(() => count().live).toBe(0);
    await sleep(1_000);
    expect(count()).toMatchObject({ live: 0, asked: trip });
    const comeBack = async (): Promise<void> => {
      await page.evaluate(() => void setTimeout(() => history.back()));
      await page.getByText('open', { exact: true }).waitFor();
    };
    // That it was kept, and not loaded anew, is what makes this a proof.
    figures.push(await msToProof(page, 'pageshow, kept', comeBack));
    expect(count()).toEqual({ live: 1, most: 1, total: trip + 1, asked: trip + 1 });
  }
  median('from the back-forward cache to a new connection', figures.map(Math.round));
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ['a download link', (page) => Promise.all([page.waitForEvent('download'), page.getByText('download').click()])],
  ['a mailto: link', (page) => page.getByText('mail').click()],
  [
    'a cancelled leave dialog',
    async (page) => {
      await page.evaluate(() => window.addEventListener('beforeunload', (event) => event.preventDefault()));
      const dialog = page.waitForEvent('dialog').then(async (asked) => {
        expect(asked.type()).toBe('beforeunload');
        await asked.dismiss();
      });
      await Promise.all([dialog, page.getByText('leave').click()]);
    },
  ],
])('%s leaves the connection as it is', async (_, act) => {
  const { page, server, count } = await live();
  await act(page);
  await sleep(500);
  // The page was asked whether it can be left, and stayed.
  expect((await readDiary(page)).map(({ what }) => what)).toEqual(['pageshow', 'connected', 'beforeunload']);
  expect(await page.evaluate(() => window.live.socket.send('still here'))).toBe(true);
  await expect.poll(() => server.received).toEqual(['still here']);
  expect(count()).toEqual({ live: 1, most: 1, total: 1, asked: 1 });
});

test('closing the page ends the connection at the server within a second, as a normal end', async () => {
  const context = await pages.chromium.browser.newContext();
  onTestFinished(() => context.close());
  const figures: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const server = await DiaryServer.start();
    onTestFinished(() => server.end());
    const page = await context.newPage();
    await pages.site.visit(page, server.url);
    const closedAt = performance.now();
    const lateness = watchLateness();
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => server.ends, { interval: 5 }).toHaveLength(1);
    expect(server.ends).toMatchObject([{ code: 1000, reason: 'page hidden' }]);
    lateness.stop();
    figures.push(Math.round((server.ends[0]?.at ?? NaN) - closedAt - lateness.take()));
  }
  expect(median("from closing the page to the server's end", figures)).toBeLessThanOrEqual(1_000);
});

test('a connection that the content security policy forbids is refused at once, not after 10 s', async () => {
  const page = await pages.chromium.browser.newPage();
  onTestFinished(() => page.close());
  await pages.site.visitForbidden(page, 'ws://127.0.0.1:9/');
  await expect
    .poll(() => page.evaluate(() => window.live.socket.error.value?.code), { timeout: 8_000 })
    .toBe('refused');
});
