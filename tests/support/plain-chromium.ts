/** Chromium as its users have it: pages are hidden, frozen, slowed down, and kept in the back-forward cache. */
import { createServer } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from './browser.ts';
import { listen } from './server/listen.ts';

/** What Playwright switches off by default, so that tests are not surprised. */
const WANTED = [
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

const ARGS = [
  ...CHROMIUM_ARGS,
  // The headless shell alone needs to be asked.
  '--enable-bfcache',
  // As measured in Chromium 156. By default this build waits for five minutes.
  '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/60',
];

export interface PlainChromium {
  readonly browser: Browser;
  /** A page that can be hidden. Others always believe that they are looked at: Playwright emulates their focus. */
  newPage(): Promise<Page>;
  end(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};

export async function launchPlainChromium(): Promise<PlainChromium> {
  const [executablePath, port] = await Promise.all([chromiumPath(), freePort()]);
  const launched = await chromium.launch({
    args: [...ARGS, `--remote-debugging-port=${port}`],
    ignoreDefaultArgs: WANTED,
    ...(executablePath && { executablePath }),
  });
  // Everything goes through this: where two connections see a page, both answer its dialogs.
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  const [context] = browser.contexts();
  if (!context) throw new Error('Chromium has no default context');
  return {
    browser,
    newPage: () => context.newPage(),
    async end() {
      await browser.close();
      await launched.close();
    },
  };
}

const setWindow = async (page: Page, windowState: 'minimized' | 'normal'): Promise<void> => {
  const devtools = await page.context().newCDPSession(page);
  const { windowId } = await devtools.send('Browser.getWindowForTarget');
  await devtools.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
  await devtools.detach();
};

export const hide = (page: Page): Promise<void> => setWindow(page, 'minimized');
export const show = (page: Page): Promise<void> => setWindow(page, 'normal');

/** Only a page that can be hidden can be frozen. */
export async function setLifecycle(page: Page, state: 'frozen' | 'active'): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state });
  await devtools.detach();
}
