/** The pictures of the README, in `.github/`: recovery and herd, for light and dark pages. */
import { writeFileSync } from 'node:fs';
import { CONTESTANTS, FLOOR, OURS } from '../contestants.ts';
import type { HerdFigures } from '../herd/real-herd.ts';
import type { Results } from '../results.ts';
import { type Column, drawPlot, type Plot, type Theme } from './dot-plot.ts';

const FOLDER = new URL('../../../.github/', import.meta.url);

function recoveryPlot({ recovery: { figures, limit } }: Results): Plot {
  const rows = CONTESTANTS.map(({ name }) => name).filter((name) => name !== FLOOR);
  return {
    title: 'Recovery in Chromium',
    description: `Seconds from the end of a fault until a message is answered again, for ${rows.join(', ')}.`,
    legend: 'The further to the left, the better. One scale, and logarithmic.',
    accented: OURS,
    bands: [
      {
        title: 'Working again after',
        rows,
        columns: Object.entries(figures).map(([title, byName]) => ({
          title: title[0]?.toUpperCase() + title.slice(1),
          unit: ' s',
          never: `not within ${limit} s`,
          scale: [0.01, limit],
          values: rows.map((name) => byName[name]?.seconds ?? null),
        })),
      },
    ],
  };
}

function herdPlot({ herd: { herds } }: Results): Plot {
  return {
    title: 'A herd that lost its server for 20 s',
    description: 'Peak of attempts per 100 ms, attempts per client, and time until 99 % of the clients are back.',
    legend: 'The further to the left, the better. Logarithmic scales.',
    accented: OURS,
    bands: herds.map(({ outage, ideal, figures }) => {
      const rows = Object.keys(figures);
      const column = (
        title: string,
        pick: (figures: HerdFigures) => number | undefined,
        more: Partial<Column> = {},
      ) => {
        const values = rows.map((name) => pick(figures[name] as HerdFigures) ?? null);
        const known = values.filter((value) => value !== null);
        const all = more.ideal === undefined ? known : [...known, more.ideal];
        return { title, unit: '', values, scale: [Math.min(...all), Math.max(...all)] as const, ...more };
      };
      return {
        title: `${outage.clients.toLocaleString('en')} clients`,
        rows,
        columns: [
          column('Peak attempts per 100 ms', ({ peak }) => peak),
          column('Attempts per client', ({ attemptsPerClient }) => attemptsPerClient),
          column('99 % back after', ({ most }) => most, { unit: ' s', ideal: ideal * 0.99 }),
        ],
      };
    }),
  };
}

/** Each chart's file, and what belongs in it. */
export function drawCharts(results: Results): Map<string, string> {
  const plots = { recovery: recoveryPlot(results), herd: herdPlot(results) };
  const files = new Map<string, string>();
  for (const [name, plot] of Object.entries(plots)) {
    for (const theme of ['light', 'dark'] satisfies Theme[])
      files.set(`bench-${name}-${theme}.svg`, drawPlot(plot, theme));
  }
  return files;
}

export function writeCharts(results: Results): void {
  for (const [name, svg] of drawCharts(results)) writeFileSync(new URL(name, FOLDER), svg);
}
