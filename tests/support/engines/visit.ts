/** A page of the engine under test with a server of its own: each test file launches one browser. */
import { afterAll, beforeAll, inject, onTestFinished, vi } from 'vitest';
import { type Count, type Manner, TestServer } from '../server/test-server.ts';
import type { PageOptions } from './app.ts';
import type { Engine, EnginePage } from './engine.ts';
import { launchEngine } from './launch.ts';
import { type EngineSite, startEngineSite } from './site.ts';

export interface Visit {
  readonly page: EnginePage;
  readonly server: TestServer;
  readonly site: EngineSite;
  /** What the server counts of the page. */
  count(): Count;
  /** Mounts a component with a connection to the server. */
  mount(options?: PageOptions): Promise<void>;
  unmount(): Promise<void>;
  /** Waits until the page's connection is open. */
  opens(): Promise<void>;
  /** Sends by the page's connection; answers with what `send` answers. */
  send(data: string): Promise<boolean | undefined>;
  readonly url: string;
}

const PATIENCE = { timeout: 40_000, interval: 20 };

/** Waits until `check` throws no more, on a machine that may be slow. */
export const eventually = (check: () => void | Promise<void>, timeout = PATIENCE.timeout): Promise<void> =>
  vi.waitFor(check, { ...PATIENCE, timeout });

export const phase = (page: EnginePage): Promise<string | undefined> =>
  page.evaluate(() => window.page.socket?.phase.value);

export async function startServer(manner: Manner = 'well'): Promise<TestServer> {
  const server = new TestServer();
  server.manner = manner;
  await server.start();
  onTestFinished(() => server.end());
  return server;
}

/** Called once at the top of a test file. Gives a function that opens a page for the test that runs. */
export function useEngine(): (manner?: Manner) => Promise<Visit> {
  let engine: Engine;
  let site: EngineSite;

  beforeAll(async () => {
    [engine, site] = await Promise.all([launchEngine(inject('engine')), startEngineSite()]);
  }, 60_000);

  afterAll(async () => {
    await engine?.end();
    await site?.end();
  });

  return async (manner) => {
    const server = await startServer(manner);
    const page = await engine.newPage();
    onTestFinished(() => page.end());
    await page.goto(site.page);
    const url = `${server.url}?client=page`;
    return {
      page,
      server,
      site,
      url,
      count: () => server.count('page'),
      mount: (options = {}) =>
        page.evaluate((to, how) => window.page.mount(to, how as PageOptions), url, options as never),
      unmount: () => page.evaluate(() => window.page.unmount()),
      opens: () =>
        eventually(async () => {
          if ((await phase(page)) !== 'open') throw new Error('the connection is not open');
        }),
      send: (data) => page.evaluate((text) => window.page.socket?.send(text), data),
    };
  };
}
