/** What the page's own handlers send while the page is left reaches the server before the connection is closed. */
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { DiaryServer } from '../support/diary-server.ts';
import { hide } from '../support/plain-chromium.ts';
import { useLivePages } from '../support/use-live-pages.ts';

const pages = useLivePages();

/** Adds handlers to the page that send their last word. `when`: what the words are marked with. */
function speak(when: string): void {
  const say = (word: string): void => void window.live.socket.send(`${word}, ${when}`);
  const sayIfHidden = (word: string) => (): void => {
    if (document.hidden) say(word);
  };
  window.addEventListener('pagehide', () => say('pagehide'));
  document.addEventListener('visibilitychange', sayIfHidden('visibilitychange of document'));
  window.addEventListener('visibilitychange', sayIfHidden('visibilitychange of window'));
  window.addEventListener('visibilitychange', sayIfHidden('capturing visibilitychange'), true);
}

interface Talker {
  readonly page: Page;
  readonly server: DiaryServer;
}

/** A page with an open connection, with handlers that were added before the connection was made, and others after it. */
async function talker(newPage = pages.chromium.newPage): Promise<Talker> {
  const server = await DiaryServer.start();
  const page = await newPage();
  // The page stays until the browser ends: Playwright may wait for ever for a page to close that is just being loaded.
  onTestFinished(() => server.end());
  await page.addInitScript(speak, 'before');
  await pages.site.visit(page, server.url);
  await page.evaluate(speak, 'after');
  return { page, server };
}

/** A page that may close itself. */
async function popup(): Promise<Page> {
  const opener = await pages.chromium.newPage();
  const [page] = await Promise.all([
    opener.waitForEvent('popup'),
    opener.evaluate(() => void window.open('about:blank')),
  ]);
  return page;
}

const both = (...words: string[]): string[] => words.flatMap((word) => [`1: ${word}, before`, `1: ${word}, after`]);

const HIDDEN = both('visibilitychange of document', 'visibilitychange of window', 'capturing visibilitychange');
const LEFT = both('pagehide');

/** The page runs script while it goes, so its answer may never come. */
const inPage = (page: Page, script: () => void): void => void page.evaluate(script).catch(() => {});

const link = (page: Page): void =>
  inPage(page, () => (document.querySelector('[href="/elsewhere"]') as HTMLElement).click());
const reload = (page: Page): void => inPage(page, () => location.reload());
const back = (page: Page): void => inPage(page, () => history.back());
const closeTab = (page: Page): Promise<void> => page.close({ runBeforeUnload: true });
const closeItself = (page: Page): void => inPage(page, () => window.close());

const WAYS: [name: string, leave: (page: Page) => unknown, newPage?: () => Promise<Page>][] = [
  ['a link', link],
  ['a reload', reload],
  ['the back button', back],
  ['closing the tab', closeTab],
  ['window.close()', closeItself, popup],
];

/** What the first connection did, sorted between its start and its end: which handler comes first is the browser's to say. */
async function lifeOf({ log }: DiaryServer): Promise<string[]> {
  const find = (): string[] => log.filter((line) => /^1\b/.test(line));
  await expect.poll(() => find().at(-1)).toMatch(/close/);
  return [find()[0] as string, ...find().slice(1, -1).sort(), find().at(-1) as string];
}

test.each(WAYS)(
  'what a visible page sends while it is left by %s arrives before the close',
  async (_, leave, newPage) => {
    const { page, server } = await talker(newPage);
    await leave(page);
    expect(await lifeOf(server)).toEqual(['1 open', ...[...HIDDEN, ...LEFT].sort(), '1 close 1000']);
  },
);

test.each(WAYS)(
  'what a hidden page sends while it is left by %s arrives before the close',
  async (_, leave, newPage) => {
    const { page, server } = await talker(newPage);
    await hide(page);
    await expect.poll(() => server.log.length).toBe(1 + HIDDEN.length);
    await leave(page);
    expect(await lifeOf(server)).toEqual(['1 open', ...[...HIDDEN, ...LEFT].sort(), '1 close 1000']);
  },
);

test.each([
  ['visible', false],
  ['hidden', true],
])(
  'the last words of a %s page do not open its next session when it comes back from the cache',
  async (_, isHidden) => {
    const { page, server } = await talker();
    await page.evaluate(() => {
      window.addEventListener('pageshow', ({ persisted }) => window.live.socket.send(`back ${persisted}`));
    });
    if (isHidden) await hide(page);
    link(page);
    await page.getByText('elsewhere').waitFor();
    back(page);
    await expect.poll(() => server.log.at(-1)).toMatch('2: back');
    expect(server.log.slice(-3)).toEqual(['1 close 1000', '2 open', '2: back true']);
  },
);

test('the last words of a page that is loaded anew do not open the next session', async () => {
  const { page, server } = await talker();
  reload(page);
  await expect.poll(() => server.log).toContain('2 open');
  await page.getByText('open', { exact: true }).waitFor();
  await page.evaluate(() => window.live.socket.send('anew'));
  await expect.poll(() => server.log.at(-1)).toBe('2: anew');
  expect(server.log.filter((line) => line.startsWith('2'))).toEqual(['2 open', '2: anew']);
});

test('what a page in a frame sends while its frame is removed arrives before the close', async () => {
  const { page, server } = await talker();
  const framed = await DiaryServer.start();
  onTestFinished(() => framed.end());
  await page.evaluate((url) => {
    const address = new URL(location.href);
    address.searchParams.set('server', url);
    document.body.append(Object.assign(document.createElement('iframe'), { src: address.href }));
  }, framed.url);
  await page.frameLocator('iframe').getByText('open', { exact: true }).waitFor();
  inPage(page, () => document.querySelector('iframe')?.remove());
  expect(await lifeOf(framed)).toEqual([
    '1 open',
    ...[...HIDDEN, ...LEFT].filter((word) => word.endsWith('before')).sort(),
    '1 close 1000',
  ]);
  expect(server.log).toEqual(['1 open']);
});
