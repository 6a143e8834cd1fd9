/** Tabs of a real Chromium that can be frozen. */
import { createServer } from 'node:net';
import { type BrowserContext, chromium } from 'playwright';
import { launchChromium } from '../support/chromium.ts';
import { listen } from '../support/server/listen.ts';

export interface Tabs {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

async function findPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Playwright makes each tab that it opens believe that it has the focus, and a tab with the focus cannot be frozen: the
 * DevTools protocol says yes, and the page runs on. Only in the default context of a browser that it has not launched
 * but come to later does it leave that out.
 */
export async function openTabs(): Promise<Tabs> {
  const port = await findPort();
  const launched = await launchChromium([`--remote-debugging-port=${port}`]);
  try {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    const [context] = browser.contexts();
    if (!context) throw new Error('the browser has no default context');
    return { context, close: () => launched.close() };
  } catch (error) {
    await launched.close();
    throw error;
  }
}
