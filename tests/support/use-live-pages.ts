/** A site with a live page, and a plain Chromium, for the tests of one file. */
import { afterAll, beforeAll } from 'vitest';
import { type Site, startSite } from './live-page.ts';
import { launchPlainChromium, type PlainChromium } from './plain-chromium.ts';

export interface LivePages {
  readonly site: Site;
  readonly chromium: PlainChromium;
}

/** Called once at the top of a test file. */
export function useLivePages(): LivePages {
  let site: Site;
  let chromium: PlainChromium;
  beforeAll(async () => {
    [site, chromium] = await Promise.all([startSite(), launchPlainChromium()]);
  }, 60_000);
  afterAll(async () => {
    await chromium.end();
    await site.end();
  });
  return {
    get site() {
      return site;
    },
    get chromium() {
      return chromium;
    },
  };
}
