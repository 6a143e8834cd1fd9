/** The part of the README that the benchmark writes. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Results } from '../results.ts';
import { renderTables } from './tables.ts';

const FILE = new URL('../../../README.md', import.meta.url);

const START = '<!-- Written by npm run bench, from here … -->';
const END = '<!-- … to here. -->';

function split(readme: string): [before: string, between: string, after: string] {
  const from = readme.indexOf(START) + START.length;
  const to = readme.indexOf(END);
  if (from < START.length || to < from) throw new Error(`README.md must have '${START}' and '${END}', in this order`);
  return [readme.slice(0, from), readme.slice(from, to), readme.slice(to)];
}

const text = (results: Results): string => `\n\n${renderTables(results)}\n\n`;

export const isReadmeOf = (results: Results): boolean => split(readFileSync(FILE, 'utf8'))[1] === text(results);

export function writeReadme(results: Results): void {
  const [before, , after] = split(readFileSync(FILE, 'utf8'));
  writeFileSync(FILE, before + text(results) + after);
}
