/** Debian's Firefox ESR, without a window: driven by WebDriver BiDi over its remote debugging port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from 'puppeteer-core';
import { type Engine, type EnginePage, expressionOf, findPrograms } from './engine.ts';

const PROGRAMS = {
  firefox: { path: '/usr/bin/firefox-esr', debianPackage: 'firefox-esr', variable: 'FIREFOX_PATH' },
};

export async function launchFirefox(): Promise<Engine> {
  const { firefox } = findPrograms(PROGRAMS);
  const downloads = await mkdtemp(join(tmpdir(), 'firefox-downloads-'));
  const browser = await launch({
    browser: 'firefox',
    protocol: 'webDriverBiDi',
    executablePath: firefox,
    headless: true,
    extraPrefsFirefox: { 'browser.download.folderList': 2, 'browser.download.dir': downloads },
  });
  return {
    async newPage(): Promise<EnginePage> {
      const page = await browser.newPage();
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (run, ...args) => page.evaluate(expressionOf(run, args)) as Promise<ReturnType<typeof run>>,
        click: (selector) => page.click(selector),
        back: async () => void (await page.goBack()),
        end: () => page.close(),
      };
    },
    async end() {
      await browser.close();
      await rm(downloads, { recursive: true, force: true });
    },
  };
}
