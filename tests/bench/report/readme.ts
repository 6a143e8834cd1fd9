/** The parts of the README that the benchmark writes. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Results } from '../results.ts';
import { renderDelivery } from './delivery-table.ts';
import { renderTables } from './tables.ts';
import { renderTabs } from './tabs-table.ts';

const FILE = new URL('../../../README.md', import.meta.url);

interface Part {
  readonly start: string;
  readonly end: string;
  render(results: Results): string;
}

const PARTS: readonly Part[] = [
  {
    start: '<!-- Written by npm run bench, from here … -->',
    end: '<!-- … to here. -->',
    render: renderTables,
  },
  {
    start: '<!-- Written by npm run bench -- --only delivery, from here … -->',
    end: '<!-- … to here: delivery. -->',
    render: renderDelivery,
  },
  {
    start: '<!-- Written by npm run bench -- --only tabs, from here … -->',
    end: '<!-- … to here: tabs. -->',
    render: renderTabs,
  },
];

function split(readme: string, { start, end }: Part): [before: string, between: string, after: string] {
  const from = readme.indexOf(start) + start.length;
  const to = readme.indexOf(end);
  if (from < start.length || to < from) throw new Error(`README.md must have '${start}' and '${end}', in this order`);
  return [readme.slice(0, from), readme.slice(from, to), readme.slice(to)];
}

const textOf = (part: Part, results: Results): string => `\n\n${part.render(results)}\n\n`;

export function isReadmeOf(results: Results): boolean {
  const readme = readFileSync(FILE, 'utf8');
  return PARTS.every((part) => split(readme, part)[1] === textOf(part, results));
}

export function writeReadme(results: Results): void {
  let readme = readFileSync(FILE, 'utf8');
  for (const part of PARTS) {
    const [before, , after] = split(readme, part);
    readme = before + textOf(part, results) + after;
  }
  writeFileSync(FILE, readme);
}
