/** A connection in a real Web Worker of a real Chromium. */
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { launchChromium } from '../support/chromium.ts';
import { listen } from '../support/server/listen.ts';
import type { WorkerTask } from '../support/worker-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let http: Server;
let sockets: WebSocketServer;
let browser: Browser;
let host: string;

beforeAll(async () => {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { 'vue-heartbeat-socket': `${root}src/index.ts` } },
    build: { write: false, minify: false, rolldownOptions: { input: `${root}tests/support/worker-app.ts` } },
  });
  const [script] = 'output' in built ? built.output : [];
  if (script?.type !== 'chunk') throw new Error('nothing was built');
  http = createServer(({ url }, response) => {
    const isScript = url === '/scripts/worker.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script.code : '<!doctype html>');
  });
  // A server that says back what it hears.
  sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (ws) => ws.on('message', (data) => ws.send(`${data}, ${data}`)));
  host = `127.0.0.1:${await listen(http)}`;
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser.close();
  for (const ws of sockets.clients) ws.terminate();
  http.close();
});

async function openPage(): Promise<{ page: Page; warnings: string[] }> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const warnings: string[] = [];
  page.on('console', (message) => warnings.push(message.text()));
  await page.goto(`http://${host}/app/`);
  return { page, warnings };
}

/** Starts the worker, from its url or from a blob, and answers with the first thing that it says. */
const firstWord = (page: Page, task: WorkerTask, from: 'url' | 'blob' = 'url'): Promise<string> =>
  page.evaluate(
    async ([task, from]) => {
      const code = await (await fetch('/scripts/worker.js')).text();
      const blob = new Blob([code], { type: 'text/javascript' });
      const worker = new Worker(from === 'url' ? '/scripts/worker.js' : URL.createObjectURL(blob), { type: 'module' });
      return new Promise<string>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(task);
      });
    },
    [task, from] as const,
  );

test.each([
  ['its WebSocket', 'WebSocket', 'live', '/scripts/live'],
  ['its WebSocket', 'WebSocket', '/live?x=1', '/live?x=1'],
  ['itself in place of a window', 'window', 'live', '/scripts/live'],
] as const)(
  'in a worker that hands in %s (%s), the url %s resolves against its script',
  async (_, given, url, path) => {
    const { page, warnings } = await openPage();
    expect(await firstWord(page, { url, given })).toBe(`hello, hello from ws://${host}${path}`);
    expect(warnings).toEqual([]);
  },
);

test('a worker that hands in nothing stays idle, and its console says what to hand in', async () => {
  const { page, warnings } = await openPage();
  expect(await firstWord(page, { url: `ws://${host}/live`, given: 'nothing' })).toBe('idle');
  await expect.poll(() => warnings).toEqual([expect.stringMatching(/there is no window here.*the option WebSocket/)]);
});

test('a worker that was made from a blob can give an absolute url, and is told so', async () => {
  const { page } = await openPage();
  const told = 'url: must be an absolute ws: or wss: url here, received "/live"';
  expect(await firstWord(page, { url: '/live', given: 'WebSocket' }, 'blob')).toBe(told);
  const url = `http://${host}/live`;
  expect(await firstWord(page, { url, given: 'WebSocket' }, 'blob')).toBe(`hello, hello from ws://${host}/live`);
});
