/** Tabs that share a connection, and a plain Chromium, for the tests of one file. */
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { bundle } from './live-page.ts';
import { launchPlainChromium, type PlainChromium } from './plain-chromium.ts';
import { type SharingSite, startSharingSite } from './sharing-site.ts';
import { type SharingTabs, startSharing, type TabSettings } from './sharing-tabs.ts';

/** Called once at the top of a test file. What it returns starts tabs with a server of their own, for the test that runs. */
export function useSharingTabs(): (settings?: TabSettings) => Promise<SharingTabs> {
  let site: SharingSite;
  let chromium: PlainChromium;
  beforeAll(async () => {
    const built = bundle('sharing-app.ts').then(startSharingSite);
    [site, chromium] = await Promise.all([built, launchPlainChromium()]);
  }, 60_000);
  afterAll(async () => {
    await chromium.end();
    await site.end();
  });
  return async (settings) => {
    const tabs = await startSharing(chromium, site.address, settings);
    onTestFinished(() => tabs.end());
    return tabs;
  };
}
