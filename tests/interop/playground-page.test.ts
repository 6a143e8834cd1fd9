/** The playground's own page in a Chromium: it is moved from one process of the server to another. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startPlayground } from '../support/playground-site.ts';
import { useRig } from './playground-bus/rig.ts';

const rig = useRig();

const isOpen = (page: Page): Promise<void> => page.getByTestId('chat').getByText('open', { exact: true }).waitFor();

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('message').fill(text);
  await page.getByTestId('send').click();
}

const shown = (page: Page): Promise<string[]> => page.getByTestId('messages').locator('li.chat > p').allInnerTexts();
const people = async (page: Page): Promise<string[]> =>
  (await page.getByTestId('people').locator('.name').allInnerTexts()).toSorted();

test('the page keeps its room, its history and the others when its process is killed, and is one person to them', async () => {
  const nats = await rig.nats();
  const [one, two] = await Promise.all([rig.server(nats.address), rig.server(nats.address)]);
  const address = await rig.balancer(one.port);
  const site = await rig.begin(startPlayground('dev'), ({ end }) => end());
  const browser = await rig.begin(launchChromium(), (chromium) => chromium.close());
  const troubles: string[] = [];

  async function enter(port: number, name: string): Promise<Page> {
    const page = await browser.newPage({ locale: 'en-US' });
    page.on('pageerror', ({ message }) => troubles.push(message));
    await page.goto(`${site.address}?server=ws://127.0.0.1:${port}`);
    await page.getByTestId('name').fill(name);
    await page.getByTestId('login').click();
    await page.getByRole('radio', { name: 'Garden' }).check();
    await isOpen(page);
    return page;
  }
  const [ann, ben] = [await enter(address.port, 'Ann'), await enter(two.port, 'Ben')];
  for (const page of [ann, ben]) await expect.poll(() => people(page)).toEqual(['Ann', 'Ben']);
  await say(ann, 'before');
  await expect.poll(() => shown(ben)).toEqual(['before']);

  address.leadTo(two.port);
  await one.kill();
  await say(ben, 'meanwhile');
  await expect.poll(() => shown(ben)).toEqual(['before', 'meanwhile']);
  await say(ann, 'after');
  for (const page of [ann, ben]) await expect.poll(() => shown(page)).toEqual(['before', 'meanwhile', 'after']);
  await isOpen(ann);
  expect(await ann.getByRole('radio', { name: 'Garden' }).isChecked()).toBe(true);
  for (const page of [ann, ben]) await expect.poll(() => people(page)).toEqual(['Ann', 'Ben']);
  await expect.poll(() => ann.getByTestId('connections').innerText()).toBe('1');
  expect(await ann.getByTestId('gap').count()).toBe(0);

  await nats.kill();
  await ann.getByText('The server cannot reach its other machines.').waitFor();
  await say(ann, 'lost');
  await ann.getByTestId('pending').getByText('Not passed on to the others').waitFor();
  await nats.startAgain();
  await ann.getByText('The server cannot reach').waitFor({ state: 'hidden' });
  expect(troubles).toEqual([]);
});
