/**
 * Seeds each bug into a copy of the core and shows what notices it: the unit tests, a search over all orders of events, or nobody. Ends
 * with 1 if a bug survives both. Run by `npm run test:mutation`.
 *
 * `--only TEXT`: the bugs whose sentence contains TEXT. `--all`: asks the search as well where the unit tests have noticed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BUGS, TAB_BUGS } from './bugs/index.ts';
import type { Bug } from './seed.ts';
import { seedAll } from './seed-all.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    all: { type: 'boolean', default: false },
  },
});
const root = process.cwd();
const copy = mkdtempSync(join(tmpdir(), 'seeded-bugs-'));
process.on('exit', () => rmSync(copy, { recursive: true }));
for (const path of ['src', 'tests', 'package.json', 'tsconfig.json'])
  cpSync(join(root, path), join(copy, path), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

const SEARCHES = [
  'tests/core/exhaustive.test.ts',
  'tests/core/engine-search.test.ts',
  'tests/core/tabs/election-search.test.ts',
  'tests/core/tabs/relay-search.test.ts',
];
const UNITS = SEARCHES.flatMap((path) => ['--exclude', path]);

/** Answers which of these tests fails first, or that one hangs. Undefined: they all pass. */
function noticedBy(tests: readonly string[], timeout: number): string | undefined {
  // In threads of one process, so that what hangs ends with that process.
  const how = ['--config', 'tests/mutation/vitest.config.ts', '--pool', 'threads', '--bail', '1', '--silent=true'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...how, ...tests],
    {
      cwd: copy,
      encoding: 'utf8',
      maxBuffer: Infinity,
      timeout,
      killSignal: 'SIGKILL',
      // With fewer the search reaches too few worlds, and says so.
      env: { ...process.env, NO_COLOR: '1', SEARCH_EVENTS: '60000', SEARCH_ELECTIONS: '3000', WALKS: '400' },
    },
  );
  if (status === 0) return undefined;
  if (status === null) return 'a test that hangs';
  // A file that cannot even be loaded is no test that fails.
  const [, test] = /FAIL +(.+ > .+)/.exec(stderr) ?? [];
  if (!test) throw new Error(`vitest did not run: ${stdout}${stderr}`);
  return test;
}
const unitTests = (): string | undefined => noticedBy(UNITS, 90_000);
const search = (): string | undefined => noticedBy(SEARCHES, 300_000);

const seedIn = (folder: string, bugs: readonly Bug[]) =>
  seedAll(
    join(copy, folder),
    bugs.filter(([what]) => what.includes(values.only)),
  );
const all = [seedIn('src/core', BUGS), seedIn('src/tabs', TAB_BUGS)];
const seeded = all.flatMap((one) => one.seeded);
const lost = all.flatMap((one) => one.lost);
if (lost.length) throw new Error(`bugs that have no place any more:\n${lost.join('\n')}`);

const alarm = unitTests() ?? search();
if (alarm) throw new Error(`the tests fail without a seeded bug: ${alarm}`);

let killed = 0;
let bySearch = 0;
for (const { what, fileName, text } of seeded) {
  const source = readFileSync(fileName, 'utf8');
  writeFileSync(fileName, text);
  const unit = unitTests();
  const found = values.all || !unit ? search() : undefined;
  writeFileSync(fileName, source);
  killed += Number(!!(unit ?? found));
  bySearch += Number(!!found);
  const by = [unit && 'unit tests', found && 'search'].filter(Boolean).join(', ') || 'NOBODY';
  console.log(`${by.padEnd(20)} ${what}${(unit ?? found) ? `   (${unit ?? found})` : ''}`);
}
console.log(`${killed} of ${seeded.length} seeded bugs killed, ${bySearch} of them by a search`);
process.exitCode = killed < seeded.length ? 1 : 0;
