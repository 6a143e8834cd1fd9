/** The playground as a newcomer meets it: one command, then a page that works with the real server. */
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type PlaygroundSite, startPlayground } from '../support/playground-site.ts';

let site: PlaygroundSite;
let browser: Browser;
const troubles: string[] = [];

const newContext = (): Promise<BrowserContext> => browser.newContext({ locale: 'en-US' });
const isOpen = (page: Page): Promise<void> => page.getByTestId('chat').getByText('open', { exact: true }).waitFor();

async function logIn(name: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await newContext())).newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (line) => ['error', 'warning'].includes(line.type()) && troubles.push(line.text()));
  await page.goto(site.address);
  await page.getByTestId('name').fill(name);
  await page.getByTestId('login').click();
  await isOpen(page);
  return page;
}

beforeAll(async () => {
  [site, browser] = await Promise.all([startPlayground('dev'), launchChromium()]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  site.end();
});

test('two people log in, talk, and log out and in again: the server counts one connection for each', async () => {
  const [ann, ben] = [await logIn('Ann'), await logIn('Ben')];
  // Vue warns in development only, and so the side-by-side is played through here too.
  await ann.getByTestId('relogin').click();
  const connections = (page: Page): Promise<string> => page.getByTestId('connections').innerText();
  for (const page of [ann, ben]) await expect.poll(() => connections(page)).toBe('1');
  await ann.getByTestId('message').fill('my HeartBeat is fast');
  await ann.getByTestId('send').click();
  await ben.getByTestId('messages').getByText('my HeartBeat is fast').waitFor();
  await ann.getByTestId('messages').getByText('Delivered').waitFor();
  for (const name of ['Start', 'Stop']) await ann.getByTestId('run').getByRole('button', { name }).click();
  await ann.getByTestId('run-state').getByText('Stopped').waitFor();
  for (let i = 0; i < 5; i += 1) {
    await ben.getByTestId('logout').click();
    await ben.getByTestId('login').click();
    await isOpen(ben);
  }
  await ann.getByTestId('message').fill('once');
  await ann.getByTestId('send').click();
  await ben.getByTestId('messages').getByText('once').waitFor();
  expect(await ben.getByTestId('messages').getByText('once').count()).toBe(1);
  await expect.poll(() => connections(ben)).toBe('1');
  await ben.getByTestId('logout').click();
  await ann.getByTestId('people').getByText('Ben').waitFor({ state: 'detached' });
  await ann.getByTestId('naive').getByTestId('copies').getByText('2×').waitFor();
  expect(troubles).toEqual([]);
});

test('offline and online again: the connection proves itself, or comes back', async () => {
  const context = await newContext();
  const page = await logIn('Cleo', context);
  await context.setOffline(true);
  await context.setOffline(false);
  await isOpen(page);
  await expect.poll(() => page.getByTestId('connections').innerText()).toBe('1');
  expect(troubles).toEqual([]);
});
