/** Tabs of a real Chromium that share a connection to a real server, and the ways in which one of them can be lost. */
import { createServer } from 'node:http';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { bundle } from './live-page.ts';
import { hide, launchPlainChromium, type PlainChromium, setLifecycle, show } from './plain-chromium.ts';
import { listen } from './server/listen.ts';
import { type HeldSocket, SharingServer } from './sharing-server.ts';

export interface SharingTab {
  readonly name: string;
  readonly page: Page;
}

/** How a tab is lost: its page has ended, does not run, or its main thread is busy. */
export type Loss = 'closed' | 'crashed' | 'navigated' | 'cached' | 'frozen' | 'blocked' | 'hung';

/** ms for which the main thread of a tab is busy. */
export const BUSY_FOR: Partial<Record<Loss, number>> = { blocked: 5_000, hung: 9_000 };

/** The page is gone for good after these. */
const ENDS: readonly Loss[] = ['closed', 'crashed', 'navigated'];

export const isEnd = (loss: Loss): boolean => ENDS.includes(loss);

export interface TabSettings {
  /** With delivery that is proven. */
  proof?: 'yes';
  /** Without `share`. */
  alone?: 'yes';
  /** ms between heartbeats. */
  interval?: string;
}

export interface SharingTabs {
  readonly server: SharingServer;
  /** The tabs whose pages are there, oldest first. */
  readonly tabs: SharingTab[];
  /** Opens a tab. Its page need not be connected yet. */
  open(): Promise<SharingTab>;
  /** Opens so many tabs, and waits until all of them are connected. */
  openMany(count: number): Promise<SharingTab[]>;
  /** The tab that has the one live socket. Waits for it. */
  leader(): Promise<SharingTab>;
}

export const isConnected = (page: Page): Promise<void> => page.getByText('open', { exact: true }).waitFor();

const ignore = (): void => {};

/** Loses a tab. What is asked of a page that ends is not answered. */
export async function lose({ page }: SharingTab, loss: Loss): Promise<void> {
  if (loss === 'closed') await page.close();
  else if (loss === 'crashed') {
    const devtools = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    devtools.send('Page.crash').catch(ignore);
    await crashed;
  } else if (loss === 'navigated') await page.goto('about:blank');
  else if (loss === 'cached') {
    await page.evaluate(() => document.querySelector('a')?.click()).catch(ignore);
    await page.getByText('elsewhere').waitFor();
  } else if (loss === 'frozen') await setLifecycle(page, 'frozen');
  else {
    const block = (ms: number): void =>
      void setTimeout(() => {
        const end = performance.now() + ms;
        while (performance.now() < end);
      });
    await page.evaluate(block, BUSY_FOR[loss] as number);
  }
}

/** Makes a tab ready to be lost so: it must be hidden before it can be frozen. */
export async function prepare({ page }: SharingTab, loss: Loss): Promise<void> {
  if (loss === 'frozen') await hide(page);
  // Chromium keeps no page in the cache that listens to this.
  if (loss === 'navigated') await page.evaluate(() => addEventListener('unload', () => {}));
}

/** Brings a tab back that is not gone for good. A busy one comes back by itself. */
export async function bringBack({ page }: SharingTab, loss: Loss): Promise<void> {
  if (loss === 'frozen') await show(page);
  else if (loss === 'cached') await page.evaluate(() => void setTimeout(() => history.back())).catch(ignore);
  if (loss === 'cached') await page.locator('#app').waitFor();
}

async function startSite() {
  const files: Record<string, [type: string, body: string]> = {
    '/': [
      'text/html',
      '<!doctype html><div id="app"></div><script type="module" src="/app.js"></script><a href="/elsewhere">leave</a>',
    ],
    '/app.js': ['text/javascript', await bundle('sharing-app.ts')],
    '/elsewhere': ['text/html', '<!doctype html>elsewhere'],
  };
  const http = createServer(({ url = '' }, response) => {
    const [type, body] = files[url.replace(/\?.*/, '')] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  const port = await listen(http);
  return {
    url: `http://127.0.0.1:${port}/`,
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Called once at the top of a test file. What it returns starts tabs with a server of their own, for the test that runs. */
export function useSharingTabs(): (settings?: TabSettings) => Promise<SharingTabs> {
  let site: Awaited<ReturnType<typeof startSite>>;
  let chromium: PlainChromium;
  beforeAll(async () => {
    [site, chromium] = await Promise.all([startSite(), launchPlainChromium()]);
  }, 60_000);
  afterAll(async () => {
    await chromium.end();
    await site.end();
  });

  return async (settings = {}) => {
    const server = await SharingServer.start();
    let count = 0;
    let all: SharingTab[] = [];
    onTestFinished(async () => {
      await Promise.all(all.map(({ page }) => page.close().catch(ignore)));
      await server.end();
    });
    const open = async (): Promise<SharingTab> => {
      count += 1;
      const name = `tab${count}`;
      const page = await chromium.newPage();
      const tab = { name, page };
      const gone = (): void => {
        all = all.filter((one) => one !== tab);
      };
      page.on('close', gone);
      all.push(tab);
      await page.goto(`${site.url}?${new URLSearchParams({ ...settings, server: server.url, tab: name })}`);
      return tab;
    };
    const holder = ({ live }: SharingServer): SharingTab | undefined => {
      const [socket] = live as [HeldSocket?];
      return live.length === 1 ? all.find(({ name }) => name === socket?.tab) : undefined;
    };
    return {
      server,
      get tabs() {
        return all;
      },
      open,
      async openMany(number) {
        const opened: SharingTab[] = [];
        for (let i = 0; i < number; i += 1) opened.push(await open());
        await Promise.all(opened.map(({ page }) => isConnected(page)));
        return opened;
      },
      async leader() {
        await expect.poll(() => holder(server), { timeout: 20_000, interval: 10 }).toBeDefined();
        return holder(server) as SharingTab;
      },
    };
  };
}
