/** A page that Chromium prerenders, by real speculation rules, before anybody has gone to it. */
import { expect, onTestFinished, test } from 'vitest';
import { launchUnwatchedChromium } from '../bench/unwatched-chromium.ts';
import { startPrerenderSite } from '../support/prerender-site.ts';

const PATIENCE = { timeout: 20_000 };

test('a page that is prerendered connects when somebody goes to it, and not before', async () => {
  const [site, chromium] = await Promise.all([startPrerenderSite(), launchUnwatchedChromium()]);
  onTestFinished(async () => {
    await chromium.end();
    await site.end();
  });
  await chromium.show(site.url);
  await expect.poll(() => site.told, PATIENCE).toContain('prerendering: a second has passed');
  expect(site.told).toEqual(['prerendering: phase idle', 'prerendering: a second has passed']);
  expect([site.tokens(), site.sockets()]).toEqual([0, 0]);

  site.go();
  await expect.poll(() => site.told, PATIENCE).toContain('shown: phase open');
  expect(site.told.slice(2)).toEqual([
    'shown: phase connecting',
    'shown: beforeConnect',
    'shown: new WebSocket',
    'shown: phase open',
  ]);
  expect([site.tokens(), site.sockets()]).toEqual([1, 1]);
  // The page that was prerendered is the page that is shown.
  expect(site.loads).toEqual(['prefetch;prerender']);
});
