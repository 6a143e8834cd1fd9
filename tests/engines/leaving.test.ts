/** Leaving a page, and only seeming to, in another browser than Chromium. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually, phase, useEngine, type Visit } from '../support/engines/visit.ts';

const visit = useEngine();

/** The page connects whenever it is loaded. */
const visitConnecting = async (): Promise<Visit> => {
  const visiting = await visit();
  await visiting.page.goto(`${visiting.site.page}?server=${encodeURIComponent(visiting.url)}`);
  await visiting.opens();
  return visiting;
};

test('a user who leaves and comes back: no connection while away, and one again', async () => {
  const { page, count, opens, send, server } = await visitConnecting();
  for (const trip of [1, 2]) {
    await page.click('#leave');
    await eventually(async () => expect(await page.evaluate(() => document.body.textContent)).toBe('elsewhere'));
    await eventually(() => expect(count().live).toBe(0));
    const { asked } = count();
    await sleep(2_000);
    expect(count()).toMatchObject({ live: 0, asked });
    await page.back();
    await opens();
    expect(await send(`back from trip ${trip}`)).toBe(true);
    await eventually(() => expect(server.received).toContain(`back from trip ${trip}`));
    expect(count()).toMatchObject({ live: 1, most: 1 });
  }
});

test('a user who clicks a download link stays connected, or is again within seconds', async () => {
  const { page, count, opens, send, server } = await visitConnecting();
  for (const round of [1, 2]) {
    await page.click('#download');
    await sleep(1_000);
    await opens();
    expect(await send(`after download ${round}`)).toBe(true);
    await eventually(() => expect(server.received).toContain(`after download ${round}`));
    expect(count()).toMatchObject({ live: 1, most: 1 });
  }
  const diary = await page.evaluate(() => window.page.diary);
  console.info(`the page's diary over two downloads: ${diary.join(', ')}`);
  // The page was never left.
  expect(diary).not.toContain('pagehide');
  expect(await phase(page)).toBe('open');
});
