/** What is not proven when a page ends goes out from the next page of the same tab, and from no other tab. */
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { DiaryServer } from '../support/diary-server.ts';
import { readDiary } from '../support/live-page.ts';
import { hide } from '../support/plain-chromium.ts';
import { useLivePages } from '../support/use-live-pages.ts';

const pages = useLivePages();

interface Sender {
  readonly page: Page;
  readonly server: DiaryServer;
}

/** A page that has sent two messages to a server that answers nothing. */
async function sender(): Promise<Sender> {
  const server = await DiaryServer.start();
  const page = await pages.chromium.newPage();
  // The page stays until the browser ends: Playwright may wait for ever for a page to close that is just being loaded.
  onTestFinished(() => server.end());
  await pages.site.visit(page, server.url, { proof: true });
  server.isMute = true;
  await page.evaluate(() => {
    window.live.socket.send('one');
    window.live.socket.send('two');
  });
  await expect.poll(() => server.log).toEqual(['1 open', '1: one', '1: two']);
  return { page, server };
}

const isOpen = (page: Page): Promise<void> => page.getByText('open', { exact: true }).waitFor();

const told = async (page: Page): Promise<string[]> =>
  (await readDiary(page)).map(({ what }) => what).filter((what) => /^(delivered|dropped)/.test(what));

const stored = (page: Page): Promise<number> => page.evaluate(() => sessionStorage.length);

test('after a reload the messages that were not proven go out again, before anything newer', async () => {
  const { page, server } = await sender();
  server.isMute = false;
  await page.reload();
  await isOpen(page);
  await page.evaluate(() => window.live.socket.send('three'));
  await expect.poll(() => server.log.filter((line) => line.startsWith('2:'))).toEqual(['2: one', '2: two', '2: three']);
  await expect.poll(() => told(page)).toEqual(['delivered one', 'delivered two', 'delivered three']);
  expect(await stored(page)).toBe(0);
  await page.reload();
  await isOpen(page);
  expect(server.log.slice(-2)).toEqual(['2 close 1000', '3 open']);
});

test('a message that waits for a connection goes out after a reload', async () => {
  const { page, server } = await sender();
  server.isMute = false;
  await page.evaluate(() => {
    window.live.socket.open();
    window.live.socket.send('three');
    location.reload();
  });
  await expect.poll(() => server.log.at(-1)).toMatch(/: three$/);
  const [last] = (server.log.at(-1) as string).split(':');
  expect(server.log.filter((line) => line.startsWith(`${last}:`)).map((line) => line.slice(3))).toEqual([
    'one',
    'two',
    'three',
  ]);
});

test.each([
  ['visible', false],
  ['hidden', true],
])('a tab that is duplicated while it is %s does not send what the first one has not proven', async (_, isHidden) => {
  const { page, server } = await sender();
  if (isHidden) await hide(page);
  // A window that a page opens has a copy of its sessionStorage, as a tab has that the user duplicates.
  const [copy] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => void window.open(location.href))]);
  await isOpen(copy);
  await copy.evaluate(() => window.live.socket.send('from the copy'));
  await expect.poll(() => server.log.at(-1)).toBe('2: from the copy');
  expect(server.log.filter((line) => line.startsWith('2'))).toEqual(['2 open', '2: from the copy']);
});

test('a page that comes back from the cache sends what it had not proven, once', async () => {
  const { page, server } = await sender();
  server.isMute = false;
  await page.evaluate(() => (document.querySelector('[href="/elsewhere"]') as HTMLElement).click()).catch(() => {});
  await page.getByText('elsewhere').waitFor();
  expect(await stored(page)).toBe(1);
  await page.evaluate(() => history.back()).catch(() => {});
  await expect.poll(() => told(page)).toEqual(['delivered one', 'delivered two']);
  expect(server.log).toEqual(['1 open', '1: one', '1: two', '1 close 1000', '2 open', '2: one', '2: two']);
  expect((await readDiary(page)).map(({ what }) => what)).toContain('pageshow, kept');
  expect(await stored(page)).toBe(0);
});

test('what the page sends while it is left goes out after the reload if it was not proven', async () => {
  const { page, server } = await sender();
  server.isMute = false;
  await page.evaluate(() => {
    window.addEventListener('pagehide', () => window.live.socket.send('last word'));
    location.reload();
  });
  await expect.poll(() => server.log.at(-1)).toBe('2: last word');
  expect(server.log).toEqual([
    ...['1 open', '1: one', '1: two', '1: last word', '1 close 1000'],
    ...['2 open', '2: one', '2: two', '2: last word'],
  ]);
});
