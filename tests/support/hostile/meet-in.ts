/** Lets a client meet the server of each row of a table: in pages of a real Chromium, or in Node. */
import type { UnwatchedChromium } from '../../bench/unwatched-chromium.ts';
import { type Meeting, meet, type Report } from './client.ts';
import { startHostileServer } from './hostile-server.ts';
import type { PageReport } from './page-app.ts';
import { type Foretold, foretell, type Row, type Runner } from './row.ts';

/** Runs a meeting in some runtime. */
export type Met = (meeting: Meeting) => Promise<Report>;

/** Chromium makes a page wait that has failed to connect some fifteen times: so few rows share a page. */
const ROWS_A_PAGE = 5;

const PAGES_AT_ONCE = 3;

/** ms. Generous: a meeting ends with the server being well, mostly after less than a second. */
const LIMIT = 30_000;

/** What came of a table, and what had to, by the name of the row. */
export interface Results {
  readonly came: Record<string, Foretold>;
  readonly foretold: Record<string, Foretold>;
  readonly reports: Record<string, Report>;
  readonly noise: string[];
}

async function runRow({ name, attack, options = {} }: Row, met: Met, into: Results): Promise<void> {
  const server = await startHostileServer(attack);
  try {
    const report = await met({ url: server.url, options: { heartbeat: false, ...options }, limit: LIMIT });
    const { ticks: _, reasons: __, ...told } = report;
    into.came[name] = { ...told, asked: server.asked() };
    into.reports[name] = report;
  } finally {
    server.end();
  }
}

const newResults = (rows: readonly Row[], runner: Runner): Results => ({
  came: {},
  foretold: Object.fromEntries(rows.map((row) => [row.name, foretell(row, runner)])),
  reports: {},
  noise: [],
});

/** `page`: the address of a page that runs `page-app.ts`. */
export async function meetInChromium(
  rows: readonly Row[],
  chromium: UnwatchedChromium,
  page: string,
): Promise<Results> {
  const results = newResults(rows, 'chromium');
  const waiting = [...rows];
  const visit = async (): Promise<void> => {
    for (let some = waiting.splice(0, ROWS_A_PAGE); some.length; some = waiting.splice(0, ROWS_A_PAGE)) {
      const { evaluate, close } = await chromium.open(page);
      const met: Met = async (meeting) => {
        const answer = await evaluate<string>(`meetHostile(${JSON.stringify(meeting)})`);
        const { report, noise }: PageReport = JSON.parse(answer, (_, value) => value ?? undefined);
        results.noise.push(...noise);
        return report;
      };
      await Promise.all(some.map((row) => runRow(row, met, results)));
      await close();
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, visit));
  return results;
}

export async function meetInNode(rows: readonly Row[]): Promise<Results> {
  const mine = rows.filter(({ node }) => node !== 'skip');
  const results = newResults(mine, 'node');
  const hear = ({ message }: Error): void => void results.noise.push(message);
  process.on('warning', hear);
  await Promise.all(mine.map((row) => runRow(row, meet, results)));
  process.off('warning', hear);
  return results;
}
