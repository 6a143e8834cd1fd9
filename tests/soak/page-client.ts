/** The driver's hand on the page: a real Chromium tab, through Playwright and the DevTools protocol. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, CDPSession, ConsoleMessage, Page } from 'playwright';
import type { Look, PageEvent, PageState, SoakPage } from './page-log.ts';

type SoakWindow = { readonly soak: SoakPage };

/** After garbage collection. */
export interface Measure {
  readonly heap: number;
  readonly listeners: number;
  /** Connections of components that have gone. */
  readonly remembered: number;
}

/** What Chromium itself writes when a connection fails. Nothing that Vue or the library says looks like this. */
const FAILED = /^WebSocket connection to '([^']+)' failed: (.+)$/;
const REASONS =
  /^(Error (?:in connection establishment|during WebSocket handshake): net::ERR_[A-Z_]+|WebSocket is closed before the connection is established\.|Connection closed before receiving a handshake response|Page entered Back-Forward Cache\.|)$/;

/** What the library says in development of an `open()` after the end, which the page tries on purpose. */
const TOO_LATE = '[Vue warn]: open() does nothing any more';

/** A socket that waits for its `close` event still has the four handlers that do nothing. */
const HANDLERS = 4;

export class PageClient {
  readonly #page: Page;
  readonly #devtools: CDPSession;
  readonly #server: string;
  readonly events: PageEvent[] = [];
  /** What was on the console or thrown, beside Chromium's own lines. */
  readonly troubles: string[] = [];

  private constructor(page: Page, devtools: CDPSession, server: string) {
    this.#page = page;
    this.#devtools = devtools;
    this.#server = server;
    page.on('pageerror', (error) => this.troubles.push(`page error: ${error.message}`));
    page.on('crash', () => this.troubles.push('the page crashed'));
    page.on('console', (line) => this.#hear(line));
  }

  static async open(context: BrowserContext, address: string, server: string, seed: number): Promise<PageClient> {
    const page = await context.newPage();
    const client = new PageClient(page, await context.newCDPSession(page), server);
    await page.goto(`${address}?server=${encodeURIComponent(server)}&seed=${seed}`);
    await page.waitForFunction(() => 'soak' in window);
    await client.#devtools.send('Performance.enable');
    await client.#devtools.send('Network.enable');
    return client;
  }

  #hear(line: ConsoleMessage): void {
    if (!['error', 'warning', 'assert'].includes(line.type()) || line.text().startsWith(TOO_LATE)) return;
    const [, url, reason] = FAILED.exec(line.text()) ?? [];
    if (url !== this.#server || !REASONS.test(reason ?? '')) {
      this.troubles.push(`console ${line.type()}: ${line.text()}`);
    }
  }

  async look(): Promise<PageState> {
    const { state, events }: Look = await this.#page.evaluate(() => (window as unknown as SoakWindow).soak.look());
    this.events.push(...events);
    for (const event of events) if (event.what === 'trouble') this.troubles.push(event.text);
    return state;
  }

  /** Waits for something to be in the page's log that was not there at `start` (its length then). */
  async next(start: number, matches: (event: PageEvent) => boolean, within: number): Promise<PageEvent | undefined> {
    for (const giveUpAt = Date.now() + within; Date.now() < giveUpAt; await sleep(25)) {
      await this.look();
      const found = this.events.slice(start).find(matches);
      if (found) return found;
    }
    return undefined;
  }

  /** Does something to the page, and answers with the moment at which the page heard of it. */
  async #doAndHear(name: string, run: () => Promise<unknown>): Promise<number> {
    const start = this.events.length;
    await run();
    const event = await this.next(
      start,
      ({ what, ...rest }) => what === 'signal' && 'name' in rest && rest.name === name,
      10_000,
    );
    if (event && 't' in event) return event.t;
    this.troubles.push(`the page did not hear '${name}'`);
    return Date.now();
  }

  async mount(): Promise<void> {
    await this.#page.evaluate(() => (window as unknown as SoakWindow).soak.mount());
  }

  async unmount(): Promise<void> {
    await this.#page.evaluate(() => (window as unknown as SoakWindow).soak.unmount());
  }

  async hush(): Promise<void> {
    await this.#page.evaluate(() => (window as unknown as SoakWindow).soak.hush());
  }

  async freeze(): Promise<void> {
    await this.#devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  async resume(): Promise<number> {
    const activate = () => this.#devtools.send('Page.setWebLifecycleState', { state: 'active' });
    const resumedAt = await this.#doAndHear('resume', activate);
    // It comes back hidden.
    await this.#page.bringToFront();
    return resumedAt;
  }

  async #setOffline(offline: boolean): Promise<void> {
    // The context's own `setOffline` is for all tabs.
    const network = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this.#devtools.send('Network.emulateNetworkConditions', { offline, ...network });
  }

  offline(): Promise<number> {
    return this.#doAndHear('offline', () => this.#setOffline(true));
  }

  online(): Promise<number> {
    return this.#doAndHear('online', () => this.#setOffline(false));
  }

  async measure(): Promise<Measure> {
    for (let i = 0; i < 3; i += 1) {
      await this.#devtools.send('HeapProfiler.collectGarbage');
      await sleep(50);
    }
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    const { closing, remembered } = await this.look();
    const get = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
    return { heap: get('JSHeapUsedSize'), listeners: get('JSEventListeners') - HANDLERS * closing, remembered };
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}
