/** Tabs of a real Chromium that share a connection to a real server, and the ways in which one of them can be lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { hide, type PlainChromium, setLifecycle, show } from './plain-chromium.ts';
import { SharingServer } from './sharing-server.ts';

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
  /** Closes the tabs, and ends the server. */
  end(): Promise<void>;
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

const PATIENCE = 20_000;

/** Tabs of the site at `address`, with a server of their own. */
export async function startSharing(
  chromium: PlainChromium,
  address: string,
  settings: TabSettings = {},
): Promise<SharingTabs> {
  const server = await SharingServer.start();
  let count = 0;
  let tabs: SharingTab[] = [];
  const open = async (): Promise<SharingTab> => {
    count += 1;
    const tab = { name: `tab${count}`, page: await chromium.newPage() };
    tab.page.on('close', () => {
      tabs = tabs.filter((one) => one !== tab);
    });
    tabs.push(tab);
    await tab.page.goto(`${address}?${new URLSearchParams({ ...settings, server: server.url, tab: tab.name })}`);
    return tab;
  };
  return {
    server,
    get tabs() {
      return tabs;
    },
    open,
    async openMany(number) {
      const opened: SharingTab[] = [];
      for (let i = 0; i < number; i += 1) opened.push(await open());
      await Promise.all(opened.map(({ page }) => isConnected(page)));
      return opened;
    },
    async leader() {
      for (const since = performance.now(); performance.now() - since < PATIENCE; await sleep(5)) {
        const [socket, ...more] = server.live;
        const leader = tabs.find(({ name }) => name === socket?.tab);
        if (leader && !more.length) return leader;
      }
      throw new Error(`${server.live.length} live sockets, and none is the only one within ${PATIENCE} ms`);
    },
    async end() {
      await Promise.all(tabs.map(({ page }) => page.close().catch(ignore)));
      await server.end();
    },
  };
}
