/** The browser's own sentences quote urls, sub-protocols, reasons and messages. None of that is in what the library makes. */
import { createServer, type Server } from 'node:http';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { launchChromium } from '../support/chromium.ts';
import { bundle } from '../support/live-page.ts';
import { findLeaks } from '../support/secrets/canary.ts';
import { listen } from '../support/server/listen.ts';

const PAGE = '<!doctype html><title>Secrets</title><script type="module" src="/app.js"></script>';

/** A token as it is often put into a sub-protocol: base64, whose padding is no valid sign there. */
const SECRET = 'U2VjcmV0T2ZBbm42Nzg5MA==';

let http: Server;
let sockets: WebSocketServer;
let browser: Browser;
let port: number;

beforeAll(async () => {
  const script = await bundle('secrets-page-app.ts');
  http = createServer(({ url = '' }, response) => {
    const isScript = url === '/app.js';
    response.writeHead(200, {
      'content-type': isScript ? 'text/javascript' : 'text/html',
      ...(url === '/forbidden' && { 'content-security-policy': "connect-src 'none'" }),
    });
    response.end(isScript ? script : PAGE);
  });
  sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (ws) => ws.on('message', (data) => ws.send(`${data}`)));
  port = await listen(http);
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser.close();
  for (const ws of sockets.clients) ws.terminate();
  http.close();
});

async function open(path: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  // A secure page, on which a browser allows no insecure connection to another host.
  await page.route('https://secure.test/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: `http://127.0.0.1:${port}${pathname}` }) });
  });
  await page.goto(path);
  await page.waitForFunction(() => 'secrets' in window);
  return page;
}

const here = (): string => `http://127.0.0.1:${port}`;
const server = (): string => `ws://127.0.0.1:${port}`;

/** Where, what is given a secret, the code of the error, and whether the browser's own sentence quotes the secret. */
const WAYS: [page: string, way: string, code: string, isQuoted: boolean][] = [
  ['a page', 'a sub-protocol', 'url', true],
  ['a page', 'the same sub-protocol twice', 'url', true],
  ['a page', 'a password in a url that cannot be used', 'url', false],
  ['a page', 'a fragment', 'url', false],
  ['a page', 'credentials in a fetch', 'before-connect', true],
  ['a page', 'a fetch that fails', 'before-connect', false],
  ['a page', 'a fetch of no url', 'before-connect', true],
  ['a page', 'an answer that is no JSON', 'before-connect', true],
  ['a page', 'a close reason', 'close', false],
  ['a page', 'a message that is no JSON', 'serializer', true],
  ['a page that may not connect', 'a url', 'refused', false],
  ['a secure page', 'a url', 'url', false],
];

test.each(WAYS)('in %s, with a secret in %s, the error is %s and nothing gives the secret away', async (...row) => {
  const [where, way, code, isQuoted] = row;
  const path = { 'a page': '/', 'a page that may not connect': '/forbidden' }[where];
  const page = await open(path ? here() + path : 'https://secure.test/');
  const to = path ? server() : 'ws://other.test';
  const made = await page.evaluate(([way, secret, to]) => window.secrets.run(way, secret, to), [
    way,
    SECRET,
    to,
  ] as const);
  expect(made.code).toBe(code);
  expect(findLeaks(SECRET, made.browser.join('\n')).length > 0, made.browser.join('\n')).toBe(isQuoted);
  expect(made.texts.length).toBeGreaterThan(0);
  expect(findLeaks(SECRET, made.texts.join('\n')), made.texts.join('\n')).toEqual([]);
});
