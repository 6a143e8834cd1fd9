/** A site with a live page, for tests that drive a real Chromium from outside. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { build } from 'vite';
import { expect } from 'vitest';
import { watchLateness } from './lateness.ts';
import type { Note } from './live-page-app.ts';
import { listen } from './server/listen.ts';

export interface Site {
  /**
   * Goes to the page, and waits until its connection to `server` is open. `closeAfter` (ms): see `whenHidden`. `proof`: with delivery
   * that is proven, and what is not proven kept for the next page.
   */
  visit(page: Page, server: string, settings?: { closeAfter?: number; proof?: true }): Promise<void>;
  /** Goes to the page under a content security policy that forbids each connection. */
  visitForbidden(page: Page, server: string): Promise<void>;
  end(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An app of this folder as one script. Built, not served by a dev server: that would hold a socket of its own in the page. */
export async function bundle(app = 'live-page-app.ts'): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: {
      alias: [
        { find: /^vue-heartbeat-socket$/, replacement: `${root}src/index.ts` },
        { find: /^vue-heartbeat-socket\/(.*)/, replacement: `${root}src/$1.ts` },
      ],
    },
    // Without them Vue complains in the console.
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
    build: { write: false, minify: false, rolldownOptions: { input: `${root}tests/support/${app}` } },
  });
  const [script] = 'output' in built ? built.output : [];
  if (script?.type !== 'chunk') throw new Error('nothing was built');
  return script.code;
}

const PAGE = `<!doctype html><div id="app"></div><script type="module" src="/app.js"></script>
<a href="/report.csv">download</a> <a href="mailto:ann@example.org">mail</a> <a href="/elsewhere">leave</a>`;

export async function startSite(): Promise<Site> {
  const script = await bundle('live-page-app.ts');
  const files: Record<
    string,
    { type: string; body: string; 'content-disposition'?: string; 'content-security-policy'?: string }
  > = {
    '/': { type: 'text/html', body: PAGE },
    '/forbidden': { type: 'text/html', body: PAGE, 'content-security-policy': "connect-src 'none'" },
    '/app.js': { type: 'text/javascript', body: script },
    '/elsewhere': { type: 'text/html', body: '<!doctype html>elsewhere' },
    '/report.csv': { type: 'text/csv', body: 'a,b', 'content-disposition': 'attachment' },
  };
  const http = createServer(({ url = '' }, response) => {
    const { type, body, ...headers } = files[url.replace(/\?.*/, '')] ?? { type: 'text/plain', body: '' };
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  });
  const port = await listen(http);
  return {
    async visit(page, server, { closeAfter = Infinity, proof } = {}) {
      const asked = new URLSearchParams({ server, closeAfter: `${closeAfter}`, ...(proof && { proof: 'yes' }) });
      await page.goto(`http://127.0.0.1:${port}/?${asked}`);
      await page.getByText('open', { exact: true }).waitFor();
    },
    async visitForbidden(page, server) {
      await page.goto(`http://127.0.0.1:${port}/forbidden?server=${encodeURIComponent(server)}`);
    },
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

export const readDiary = (page: Page): Promise<Note[]> => page.evaluate(() => window.live.diary);

/**
 * Wakes the page. ms from the last `signal` to the proof that the connection lives: a message (an answer), or a new connection.
 * Without what timers were late meanwhile in this process, where the server is: the machine is shared.
 */
export async function msToProof(page: Page, signal: string, wake: () => Promise<unknown>): Promise<number> {
  const lateness = watchLateness();
  await wake();
  const find = async (): Promise<number | undefined> => {
    const diary = await readDiary(page);
    const from = diary.findLast(({ what }) => what === signal);
    const to = from && diary.slice(diary.indexOf(from)).find(({ what }) => /^(message|connected)$/.test(what));
    return to && to.at - from.at;
  };
  await expect.poll(find, { timeout: 30_000, interval: 20, message: `life proven after ${signal}` }).toBeDefined();
  lateness.stop();
  return Math.max(0, ((await find()) as number) - lateness.take());
}
