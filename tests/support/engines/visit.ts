/** A page of the engine under test with a server of its own: each test file launches one browser. */
import { afterAll, beforeAll, inject, onTestFinished, vi } from 'vitest';
import { type Count, type Manner, TestServer } from '../server/test-server.ts';
import type { PageOptions } from './app.ts';
import { type Engine, type EnginePage, expressionOf, type Json } from './engine.ts';
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
  /** Opens another tab of the site, and mounts the same component there. In WebKit a frame of the page takes the place of the tab. */
  another(options?: PageOptions): Promise<Pick<EnginePage, 'evaluate' | 'end'>>;
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

/** A frame with the site in a page. The driver of WebKit has a browser of its own for each page, and these share nothing. */
async function openFrame(page: EnginePage, url: string): Promise<Pick<EnginePage, 'evaluate' | 'end'>> {
  const at = await page.evaluate((src) => {
    const frame = document.createElement('iframe');
    frame.src = src;
    document.body.append(frame);
    return document.querySelectorAll('iframe').length - 1;
  }, url);
  const evaluate = <Args extends Json[], Result>(run: (...args: Args) => Result, ...args: Args): Promise<Result> =>
    page.evaluate(
      (index, expression) => {
        const inner = document.querySelectorAll('iframe')[index]?.contentWindow as Window & {
          eval(text: string): Result;
        };
        return inner.eval(expression);
      },
      at,
      expressionOf(run, args),
    );
  await eventually(async () => {
    if (!(await evaluate(() => !!window.page))) throw new Error('the frame has not loaded');
  });
  return {
    evaluate,
    end: () =>
      page.evaluate((index) => {
        const frame = document.querySelectorAll('iframe')[index] as HTMLIFrameElement;
        // The frame stays in the list, so that the others keep their numbers.
        frame.src = 'about:blank';
      }, at),
  };
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
    const openTab = async (): Promise<EnginePage> => {
      const tab = await engine.newPage();
      onTestFinished(() => tab.end());
      await tab.goto(site.page);
      return tab;
    };
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
      async another(options = {}) {
        const other = inject('engine') === 'webkit' ? await openFrame(page, site.page) : await openTab();
        await other.evaluate((to, how) => window.page.mount(to, how as PageOptions), url, options as never);
        return other;
      },
      send: (data) => page.evaluate((text) => window.page.socket?.send(text), data),
    };
  };
}
