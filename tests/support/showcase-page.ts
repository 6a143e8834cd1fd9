/** The built playground in a page, and the server's own figures beside it. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ControlMessage, Figures } from '../../playground/protocol/control.ts';
import { SIDES, type Side } from '../../playground/protocol/feed.ts';
import { ELSEWHERE } from './browser.ts';

export interface Showcase {
  readonly page: Page;
  /** What the page complained about. Failing connections aside: that is what it is about. */
  readonly troubles: string[];
  side(side: Side): Locator;
  fault(name: string): Locator;
  /** Waits until the page shows this figure, and then for the server to say the same of both sides. */
  shows(expected: Record<Side, number>): Promise<void>;
  /** Waits until there is a time to recover for this fault: the newest one's. */
  recovers(fault: string, side?: Side): Promise<void>;
  /** Waits until such an event is in the log. */
  logs(text: string | RegExp): Promise<void>;
  end(): Promise<void>;
}

/** The usual component sends its heartbeat also while its socket is closing. That ours does not is what the soak finds out. */
const NAIVE_BEAT = 'WebSocket is already in CLOSING or CLOSED state.';

const PATIENCE = { timeout: 60_000, interval: 50 };

/** Waits until `look` answers with what matches, on a machine that may be slow. */
export const eventually = <Value>(look: () => Value | Promise<Value>, matches: (value: Awaited<Value>) => void) =>
  vi.waitFor(async () => matches(await look()), PATIENCE);

/** What the server tells of a visitor over a connection of our own. */
function listenTo(address: string, token: string) {
  const url = new URL(`/control?token=${token}`, address.replace('http', 'ws'));
  const socket = new WebSocket(url);
  let figures: Figures | undefined;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ControlMessage;
    if (message.type === 'figures') figures = message.figures;
  });
  return { figures: () => figures, end: () => socket.terminate() };
}

export async function openShowcase(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Showcase> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', ({ message }) => troubles.push(message));
  page.on('console', (line) => {
    const isExpected = line.text().startsWith('WebSocket connection') || line.text() === NAIVE_BEAT;
    if (['error', 'warning'].includes(line.type()) && !isExpected) troubles.push(line.text());
  });
  await page.goto(address.replace('127.0.0.1', ELSEWHERE));
  await page.getByTestId('panels').waitFor();
  const passes = await page.evaluate(() =>
    Object.entries(sessionStorage).filter(([key]) => /^playground-pass/.test(key)),
  );
  const { token } = JSON.parse(passes[0]?.[1] ?? '{}') as { token: string };
  const server = listenTo(address, token);

  const side = (which: Side): Locator => page.getByTestId(which);
  const shown = async () => {
    const figures = SIDES.map(async (which) => [which, await side(which).getByTestId('live').innerText()]);
    return Object.fromEntries(await Promise.all(figures));
  };
  const counted = () => Object.fromEntries(SIDES.map((which) => [which, String(server.figures()?.[which].live)]));

  const showcase: Showcase = {
    page,
    troubles,
    side,
    fault: (name) => page.getByTestId('faults').getByRole('button', { name, exact: true }),
    async shows(expected) {
      const texts = Object.fromEntries(Object.entries(expected).map(([which, live]) => [which, String(live)]));
      await eventually(
        async () => [await shown(), counted()],
        (both) => expect(both).toEqual([texts, texts]),
      );
    },
    async recovers(fault, which = 'ours') {
      const cell = page.locator(`[data-testid=recoveries] [data-fault=${fault}] td`).nth(SIDES.indexOf(which));
      await eventually(
        () => cell.innerText(),
        (text) => expect(text).toMatch(/^\d+\.\d+ s$/),
      );
    },
    async logs(text) {
      await page.getByTestId('timeline').getByRole('cell', { name: text }).first().waitFor(PATIENCE);
    },
    async end() {
      server.end();
      await context.close();
    },
  };
  await showcase.shows({ naive: 1, ours: 1 });
  await page.getByTestId('timeline').locator('summary').click();
  return showcase;
}
