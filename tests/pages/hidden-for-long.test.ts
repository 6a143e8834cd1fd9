/** A tab that its user has not looked at for long, with `whenHidden: { closeAfter }`. */
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { DiaryServer } from '../support/diary-server.ts';
import { msToProof, readDiary } from '../support/live-page.ts';
import { hide, show } from '../support/plain-chromium.ts';
import { useLivePages } from '../support/use-live-pages.ts';

const CLOSE_AFTER = 2_000;

const pages = useLivePages();

async function live(closeAfter = CLOSE_AFTER): Promise<{ page: Page; server: DiaryServer }> {
  const server = await DiaryServer.start();
  const page = await pages.chromium.newPage();
  onTestFinished(async () => {
    await page.close();
    await server.end();
  });
  await pages.site.visit(page, server.url, { closeAfter });
  return { page, server };
}

const phase = (page: Page): Promise<string> => page.evaluate(() => window.live.socket.phase.value);

const times = async (page: Page, what: string): Promise<number[]> =>
  (await readDiary(page)).filter((note) => note.what.startsWith(what)).map(({ at }) => at);

test('a tab that is hidden for long is disconnected, and connected again as soon as its user looks', async () => {
  const { page, server } = await live();
  await hide(page);
  await expect.poll(() => server.ends, { timeout: 20_000 }).toHaveLength(1);
  expect(await page.evaluate(() => document.hidden)).toBe(true);
  expect(server.ends[0]).toMatchObject({ code: 1000, reason: 'hidden for long' });
  expect(await phase(page)).toBe('idle');
  const [hiddenAt = NaN] = await times(page, 'visibilitychange');
  const [closedAt = NaN] = await times(page, 'disconnected');
  // A message that is sent meanwhile waits for the user, too.
  expect(await page.evaluate(() => window.live.socket.send('for later'))).toBe(false);

  const ms = await msToProof(page, 'visibilitychange', () => show(page));
  console.info(
    `closed ${Math.round(closedAt - hiddenAt)} ms after the tab was hidden, open ${Math.round(ms)} ms after it was seen`,
  );
  expect(closedAt - hiddenAt).toBeGreaterThanOrEqual(CLOSE_AFTER - 10);
  // Before the heartbeat is due, whose timer would find that it is time, too.
  expect(closedAt - hiddenAt).toBeLessThan(CLOSE_AFTER + 5_000);
  expect(await phase(page)).toBe('open');
  await expect.poll(() => server.log.at(-1)).toBe('2: for later');
  expect(server.log).toEqual(['1 open', '1 close 1000', '2 open', '2: for later']);
  expect(ms).toBeLessThanOrEqual(600);
});

test('a tab that is hidden for short stays connected', async () => {
  // Timers of a hidden page fire on the whole second, and a busy machine is slow to hide a page and to show it.
  const closeAfter = 6_000;
  const { page, server } = await live(closeAfter);
  for (const round of [1, 2, 3]) {
    await hide(page);
    await expect.poll(() => page.evaluate(() => document.hidden)).toBe(true);
    await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), 500);
    await show(page);
    await expect.poll(() => page.evaluate(() => document.hidden)).toBe(false);
    await page.evaluate((text) => window.live.socket.send(text), `round ${round}`);
  }
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), closeAfter);
  expect(await phase(page)).toBe('open');
  expect(server.log).toEqual(['1 open', '1: round 1', '1: round 2', '1: round 3']);
});
