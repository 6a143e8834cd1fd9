/** Vitest project settings for tests in a real Chromium, which comes with the npm package where the system is Linux x64. */
import { playwright } from '@vitest/browser-playwright';
import { appCommands } from './server/app-commands.ts';
import { serverCommands } from './server/commands.ts';

/** The Chromium to run: the one named in the environment, the one in the package, or Playwright's own. */
export async function chromiumPath(): Promise<string | undefined> {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}

/**
 * An address that Chromium takes for another machine's, and that leads to this one. What the browser says of the network is not asked
 * for a server on the same machine.
 */
export const ELSEWHERE = '192.0.2.1';

/** The same for each test: a fresh browser that talks to nobody but the test. */
export const CHROMIUM_ARGS = [
  `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function browserProject() {
  // The page and the library build read the same configuration, and need no browser.
  const executablePath = process.env.VITEST ? await chromiumPath() : undefined;
  return {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: playwright({ launchOptions: { args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) } }),
    instances: [{ browser: 'chromium' as const }],
    commands: { ...serverCommands, ...appCommands },
  };
}
