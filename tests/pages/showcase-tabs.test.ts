/** The playground's section "One socket for all tabs", as built, in a real Chromium with several tabs. */
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type PlaygroundSite, startPlayground } from '../support/playground-site.ts';
import { eventually, openShowcase } from '../support/showcase-page.ts';

let site: PlaygroundSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startPlayground('preview'), launchChromium()]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  site.end();
});

const roleOf = (page: Page): Promise<string> => page.getByTestId('tabs-role').innerText();
const socketsOf = (page: Page): Promise<string> => page.getByTestId('tabs-sockets').innerText();
const isOpen = (page: Page): Promise<void> =>
  page.getByTestId('tabs-status').getByText('open', { exact: true }).waitFor();

/** What a tab says while another one holds the socket, and what the tab says that holds it. */
const FOLLOWS = 'Another tab leads';
const LEADS = 'This tab leads';

/** A browser with so many tabs of the playground: the first by its address, and the others by the link on the page. */
async function openTabs(count: number, troubles: string[]): Promise<{ context: BrowserContext; pages: Page[] }> {
  const context = await browser.newContext({ locale: 'en-US' });
  context.on('page', (page) => {
    page.on('pageerror', ({ message }) => troubles.push(message));
    page.on('console', (line) => ['error', 'warning'].includes(line.type()) && troubles.push(line.text()));
  });
  const first = await context.newPage();
  await first.goto(site.address);
  await isOpen(first);
  const pages = [first];
  while (pages.length < count) {
    const [page] = await Promise.all([context.waitForEvent('page'), first.getByTestId('tabs-another').click()]);
    await isOpen(page);
    pages.push(page);
  }
  return { context, pages };
}

const rolesOf = (pages: Page[]): Promise<string[]> => Promise.all(pages.map(roleOf));

test('three tabs have one socket by the count of the server; when the one that leads is closed, another takes over', async () => {
  const troubles: string[] = [];
  const { context, pages } = await openTabs(3, troubles);
  const [first, ...others] = pages as [Page, Page, Page];
  for (const page of pages) {
    await eventually(
      () => socketsOf(page),
      (sockets) => expect(sockets).toBe('1'),
    );
  }
  expect(await rolesOf(pages)).toEqual([LEADS, FOLLOWS, FOLLOWS]);

  for (const page of pages) await page.getByTestId('tabs-timeline').locator('summary').click();
  await first.close();
  await eventually(
    () => rolesOf(others),
    (roles) => expect(roles.toSorted()).toEqual([FOLLOWS, LEADS]),
  );
  await Promise.all(others.map(isOpen));
  const roles = await rolesOf(others);
  const leader = others[roles.indexOf(LEADS)] as Page;
  const follower = others[roles.indexOf(FOLLOWS)] as Page;
  await leader.getByTestId('tabs-leads').getByText('took the lead').waitFor();
  await leader.getByTestId('tabs').getByRole('cell', { name: 'this tab leads' }).waitFor();
  expect(await leader.getByTestId('tabs-leads').getAttribute('aria-label')).toBe(
    'Who led in the last minute: another tab leads, this tab leads.',
  );
  await follower.getByTestId('tabs').getByRole('cell', { name: 'ended with' }).waitFor();
  for (const page of others) {
    await eventually(
      () => socketsOf(page),
      (sockets) => expect(sockets).toBe('1'),
    );
  }
  expect(troubles).toEqual([]);
  await context.close();
});

test('a message of each tab reaches all tabs once, in the same order; disconnecting one disconnects all', async () => {
  const troubles: string[] = [];
  const { context, pages } = await openTabs(3, troubles);
  for (const [at, page] of pages.entries()) {
    await page.getByTestId('tabs-message').fill(`from tab ${at}`);
    await page.getByTestId('tabs-send').click();
    await page.getByTestId('tabs-said').getByText(`from tab ${at}`).waitFor();
  }
  const saidIn = (page: Page): Promise<string[]> => page.getByTestId('tabs-said').getByRole('listitem').allInnerTexts();
  for (const [at, page] of pages.entries()) {
    await eventually(
      () => saidIn(page),
      (said) => {
        expect(said).toHaveLength(3);
        for (const [from, line] of said.entries()) {
          expect(line).toContain(`from tab ${from}`);
          expect(line.includes('this tab')).toBe(from === at);
        }
      },
    );
  }

  const phases = (): Promise<string[]> =>
    Promise.all(pages.map((page) => page.getByTestId('tabs-status').getByTestId('phase').innerText()));
  await pages[1]?.getByTestId('tabs-close').click();
  await eventually(phases, (all) => expect(all).toEqual(['closed', 'closed', 'closed']));
  await pages[2]?.getByTestId('tabs-status').getByTestId('open').click();
  await eventually(phases, (all) => expect(all).toEqual(['open', 'open', 'open']));
  expect(troubles).toEqual([]);
  await context.close();
});

test('the section is for everybody, narrow and wide, light and dark', async () => {
  const { context, pages } = await openTabs(2, []);
  const [leader, follower] = pages as [Page, Page];
  await follower.getByTestId('tabs-message').fill('a message');
  await follower.getByTestId('tabs-send').click();
  for (const page of [leader, follower]) {
    await page.getByTestId('tabs-said').getByText('a message').waitFor();
    await page.getByTestId('tabs-timeline').locator('summary').click();
    await page.addScriptTag({ content: axe.source });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `px beyond ${width}`).toBeLessThanOrEqual(0);
    }
    const styled = await page.getByTestId('tabs').evaluate((section) => section.querySelectorAll('[style]').length);
    expect(styled).toBe(0);
  }
  await context.close();
});

test('a page without Web Locks says that it shares with nobody, and is connected', async () => {
  const showcase = await openShowcase(browser, site.address);
  await showcase.page.getByTestId('tabs-alone').waitFor();
  await isOpen(showcase.page);
  expect(await roleOf(showcase.page)).toBe('Shares with nobody');
  expect(showcase.troubles).toEqual([]);
  await showcase.end();
});
