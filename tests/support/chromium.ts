/** Chromium for tests that drive a page of their own, rather than run in one. */
import { type Browser, chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from './browser.ts';

export async function launchChromium(args: string[] = []): Promise<Browser> {
  const executablePath = await chromiumPath();
  return chromium.launch({ args: [...CHROMIUM_ARGS, ...args], ...(executablePath && { executablePath }) });
}
