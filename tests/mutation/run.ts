/**
 * Seeds each bug into a copy of the core and shows what notices it: a search over all orders of events, the unit tests, or
 * nobody. Ends with 1 if a bug survives both. Run by `npm run test:mutation`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEDED_BUGS } from './seeded-bugs.ts';

const root = process.cwd();
const copy = mkdtempSync(join(tmpdir(), 'seeded-bugs-'));
for (const path of ['src', 'tests', 'package.json', 'tsconfig.json'])
  cpSync(join(root, path), join(copy, path), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** True if these tests fail, or hang. */
const notices = (...args: string[]): boolean =>
  spawnSync(
    join(root, 'node_modules/.bin/vitest'),
    ['run', '--config', 'tests/mutation/vitest.config.ts', '--bail', '1', ...args],
    {
      cwd: copy,
      timeout: 300_000,
      // Enough to show what the search notices: played further, it takes a minute for each bug.
      env: { ...process.env, SEARCH_EVENTS: '45000' },
    },
  ).status !== 0;

const SEARCHES = ['tests/core/exhaustive.test.ts', 'tests/core/engine-search.test.ts'];
const occurrences = ({ file, from }: (typeof SEEDED_BUGS)[number]): number =>
  readFileSync(join(copy, file), 'utf8').split(from).length - 1;
const lost = SEEDED_BUGS.filter((bug) => occurrences(bug) !== 1).map(({ what, file }) => `"${what}" in ${file}`);
if (lost.length) throw new Error(`not one place for ${lost.join(', ')}`);

if (notices()) throw new Error('the tests fail without a seeded bug');

let killed = 0;
let bySearch = 0;
for (const { what, file, from, to } of SEEDED_BUGS) {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  const search = notices(...SEARCHES);
  const units = notices(...SEARCHES.flatMap((path) => ['--exclude', path]));
  writeFileSync(path, source);
  bySearch += Number(search);
  killed += Number(search || units);
  const by = [search && 'search', units && 'unit tests'].filter(Boolean).join(', ') || 'NOBODY';
  console.log(`${by.padEnd(20)} ${what}`);
}
rmSync(copy, { recursive: true });
console.log(`${killed} of ${SEEDED_BUGS.length} seeded bugs killed, ${bySearch} of them by a search`);
process.exitCode = killed < SEEDED_BUGS.length ? 1 : 0;
