/** The status component in a page whose content security policy forbids inline styles, and scripts from text. */
import { createServer, type Server } from 'node:http';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createSSRApp, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { WebSocketServer } from 'ws';
import { HeartbeatSocketStatus } from '../../src/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { bundle } from '../support/live-page.ts';
import { listen } from '../support/server/listen.ts';

const POLICIES = {
  styles: "default-src 'self'; style-src 'self'",
  scripts: "default-src 'self'; style-src 'self'; require-trusted-types-for 'script'; trusted-types vue",
};

const page = (content: string): string => `<!doctype html><html lang="en"><title>Status</title>
<main><h1>Status</h1><div id="app">${content}</div></main>
<script src="/axe.js"></script><script type="module" src="/app.js"></script></html>`;

let http: Server;
let sockets: WebSocketServer;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  const rendered = await renderToString(createSSRApp({ render: () => h(HeartbeatSocketStatus) }));
  const scripts: Record<string, string> = { '/app.js': await bundle('strict-page-app.ts'), '/axe.js': axe.source };
  http = createServer(({ url = '' }, response) => {
    const [, kind = '', policy = ''] = url.split('/');
    const script = scripts[url];
    response.writeHead(200, {
      'content-type': script ? 'text/javascript' : 'text/html',
      ...(policy && { 'content-security-policy': POLICIES[policy as keyof typeof POLICIES] }),
    });
    response.end(script ?? page(kind === 'rendered' ? rendered : ''));
  });
  sockets = new WebSocketServer({ server: http });
  origin = `http://127.0.0.1:${await listen(http)}`;
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser.close();
  for (const ws of sockets.clients) ws.terminate();
  http.close();
});

async function open(path: string): Promise<{ page: Page; troubles: string[] }> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const troubles: string[] = [];
  page.on('console', (message) => message.type() !== 'log' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(origin + path);
  await page.waitForFunction(() => window.strict.seen.length > 0);
  return { page, troubles };
}

/** The accessible text of the status. */
const told = async (page: Page): Promise<string> => (await page.locator('main').ariaSnapshot()).replaceAll('\n', ' ');

const region = (page: Page) => page.locator('[role=status]');

test.each(Object.keys(POLICIES))(
  'a status that the server has rendered shows each text once, before, while and after it is hydrated, where %s from text are forbidden',
  async (policy) => {
    const { page, troubles } = await open(`/rendered/${policy}`);
    expect(await page.evaluate(() => window.strict.seen)).toEqual(['Not connected']);
    expect(await told(page)).toMatch(/Not connected/);
    const before = await region(page).elementHandle();
    await page.evaluate(() => window.strict.start());
    await region(page).getByText('Connected', { exact: true }).waitFor({ state: 'attached' });
    // The region that screen readers follow was there before its text changed.
    expect(await region(page).evaluate((node, before) => node === before, before)).toBe(true);
    const seen = await page.evaluate(() => window.strict.seen);
    expect([seen[0], seen.at(-1)]).toEqual(['Not connected', 'Connected']);
    for (const text of seen) expect(text).toMatch(/^(Not connected|Connecting…|Connected)$/);
    expect(await page.evaluate(() => window.strict.violations)).toEqual([]);
    expect(troubles).toEqual([]);
  },
);

test.each(Object.keys(POLICIES))(
  'a status that the page renders shows each text once where %s from text are forbidden',
  async (policy) => {
    const { page, troubles } = await open(`/empty/${policy}`);
    await page.evaluate(() => window.strict.start());
    await region(page).getByText('Connected', { exact: true }).waitFor({ state: 'attached' });
    const seen = await page.evaluate(() => window.strict.seen);
    expect(seen.at(-1)).toBe('Connected');
    for (const text of seen) expect(text).toMatch(/^(|Connecting…|Connected)$/);
    expect(await page.evaluate(() => window.strict.violations)).toEqual([]);
    expect(troubles).toEqual([]);
  },
);

test.each(['rendered', 'empty'])(
  'axe finds nothing to complain about in a status under a strict policy, in a page that comes %s',
  async (kind) => {
    const { page } = await open(`/${kind}/scripts`);
    const complaints = () =>
      page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
        return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
      });
    expect(await complaints()).toEqual([]);
    await page.evaluate(() => window.strict.start());
    await region(page).getByText('Connected', { exact: true }).waitFor({ state: 'attached' });
    expect(await complaints()).toEqual([]);
    // What is seen is told once.
    expect((await told(page)).match(/Connected/g)).toHaveLength(1);
  },
);
