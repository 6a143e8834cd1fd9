/** The playground as a newcomer meets it: one command, then a page that works with the real server. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';

let dev: ChildProcess;
let browser: Browser;
let address = '';
const troubles: string[] = [];

/** Starts `npm run dev` and waits for the address that it prints. */
const start = (): Promise<string> =>
  new Promise((resolve, reject) => {
    // Vite decides by this variable that it runs under Vitest.
    const { VITEST: _, ...env } = process.env;
    let printed = '';
    dev = spawn('npm', ['run', 'dev', '--', '--host', '127.0.0.1', '--port', '0'], {
      env: { ...env, NO_COLOR: '1', NODE_ENV: 'development' },
      detached: true,
    });
    dev.stdout?.on('data', (chunk) => {
      printed += chunk;
      const [, found] = /Local:\s+(http:\S+)/.exec(printed) ?? [];
      if (found) resolve(found);
    });
    dev.once('exit', () => reject(new Error(`npm run dev ended: ${printed}`)));
  });

const logIn = async (page: Page, name: string): Promise<void> => {
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (line) => ['error', 'warning'].includes(line.type()) && troubles.push(line.text()));
  await page.goto(address);
  await page.getByTestId('name').fill(name);
  await page.getByTestId('login').click();
  await page.getByTestId('phase').getByText('open').waitFor();
};

beforeAll(async () => {
  [address, browser] = await Promise.all([start(), launchChromium()]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  if (dev.pid) process.kill(-dev.pid, 'SIGTERM');
});

test('two people log in, talk, and log out and in again: the server counts one connection for each', async () => {
  const [ann, ben] = [await (await browser.newContext()).newPage(), await (await browser.newContext()).newPage()];
  await logIn(ann, 'Ann');
  await logIn(ben, 'Ben');
  const connections = (page: Page): Promise<string> => page.getByTestId('connections').innerText();
  expect([await connections(ann), await connections(ben)]).toEqual(['1', '1']);
  await ann.getByTestId('message').fill('my HeartBeat is fast');
  await ann.getByTestId('send').click();
  await ben.getByTestId('messages').getByText('my HeartBeat is fast').waitFor();
  for (let i = 0; i < 5; i += 1) {
    await ben.getByTestId('logout').click();
    await ben.getByTestId('login').click();
    await ben.getByTestId('phase').getByText('open').waitFor();
  }
  await ann.getByTestId('message').fill('once');
  await ann.getByTestId('send').click();
  await ben.getByTestId('messages').getByText('once').waitFor();
  expect(await ben.getByTestId('messages').getByText('once').count()).toBe(1);
  expect(await connections(ben)).toBe('1');
  await ben.getByTestId('logout').click();
  await ann.getByTestId('people').getByText('Ben').waitFor({ state: 'detached' });
  expect(troubles).toEqual([]);
});

test('offline and online again: the connection proves itself, or comes back', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await logIn(page, 'Cleo');
  await context.setOffline(true);
  await context.setOffline(false);
  await page.getByTestId('phase').getByText('open').waitFor();
  expect(await page.getByTestId('connections').innerText()).toBe('1');
  expect(troubles).toEqual([]);
});
