/** What came of a soak: the table, and the requirements that were broken. */
import type { Traffic } from './compare.ts';
import { KINDS } from './faults.ts';
import type { RigReport } from './rig.ts';
import { LIMITS } from './settings.ts';

export interface Report {
  readonly table: string;
  /** Requirements that were broken: none, if all is well. */
  readonly broken: readonly string[];
  readonly faults: number;
}

interface Run {
  readonly seed: number;
  readonly minutes: number;
  readonly rigs: readonly RigReport[];
  /** By how much the driver's event loop was late at most (ms). */
  readonly driverStall: number;
}

const ms = (value: number | undefined): string => (value === undefined ? '-' : `${Math.round(value)} ms`);

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Columns as wide as their widest cell; the first to the left, the others to the right. */
function align(rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: string[]): string =>
    row.map((cell, k) => (k ? cell.padStart(widths[k] ?? 0) : cell.padEnd(widths[k] ?? 0))).join('  ');
  return cells.map(line).join('\n');
}

const sum = (parts: readonly Traffic[], key: keyof Traffic): number => parts.reduce((all, part) => all + part[key], 0);

function trafficRow(name: string, parts: readonly Traffic[]): unknown[] {
  return [name, ...(['sent', 'received', 'lost', 'reportedLost', 'twice'] as const).map((key) => sum(parts, key))];
}

function faultRows(rigs: readonly RigReport[]): unknown[][] {
  const outcomes = rigs.flatMap((rig) => rig.outcomes);
  const row = (name: string, cause: string, some: typeof outcomes): unknown[] => {
    const recoveries = some.map(({ recovery }) => recovery).filter((recovery) => recovery !== undefined);
    const longest = recoveries.length ? Math.max(...recoveries) : undefined;
    return [name, cause, some.length, recoveries.length, ms(longest), ms(median(recoveries))];
  };
  return [
    ['fault', 'cause', 'count', 'survived', 'longest recovery', 'median'],
    ...KINDS.map(({ kind, cause }) =>
      row(
        kind,
        cause,
        outcomes.filter((one) => one.kind === kind),
      ),
    ),
    row(
      'all',
      'local',
      outcomes.filter(({ cause }) => cause === 'local'),
    ),
    row(
      'all',
      'server',
      outcomes.filter(({ cause }) => cause === 'server'),
    ),
  ];
}

/** `busy`: by how much timers were late in this run (ms), on the page and in the driver, where the server is. */
function checkRig(rig: RigReport, name: string, busy: number): string[] {
  const { outcomes, silences, comparison, mostLive, mostSockets, mostTimers, middle, end } = rig;
  const broken = [...rig.broken, ...comparison.broken];
  const atMost = (value: number, limit: number, what: string): void => {
    if (value > limit) broken.push(`${what}: ${Math.round(value)}, more than ${Math.round(limit)}`);
  };
  for (const { story, cause, recovery } of outcomes) {
    if (recovery === undefined) broken.push(`${story}: no recovery within ${LIMITS.survive} ms`);
    else atMost(recovery, LIMITS[cause] + busy, `ms to recover from ${story}`);
  }
  atMost(Math.max(0, ...silences), LIMITS.silence + busy, 'ms until silence was found');
  atMost(mostLive, 1, 'live connections at once, by the server');
  atMost(mostSockets, 1, 'sockets at once, by the page');
  atMost(mostTimers, 1, 'timers at once');
  atMost(comparison.toServer.twice + comparison.toPage.twice, 0, 'messages that came twice');
  atMost(end.heap - middle.heap, LIMITS.heapBytes, 'bytes of heap gained');
  atMost(end.listeners - middle.listeners, LIMITS.listeners, 'listeners gained');
  atMost(Math.max(middle.remembered, end.remembered), LIMITS.remembered, 'connections kept in memory');
  return broken.map((text) => `${name}: ${text}`);
}

export function createReport({ seed, minutes, rigs, driverStall }: Run): Report {
  const broken = rigs.flatMap((rig, k) => checkRig(rig, `client ${k + 1}`, rig.stall + driverStall));
  const most = (pick: (rig: RigReport) => number): number => Math.max(...rigs.map(pick));
  const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} kB`;
  const table = [
    `soak of ${minutes} min with ${rigs.length} clients, seed ${seed}`,
    '',
    align(faultRows(rigs)),
    '',
    align([
      ['messages', 'sent', 'received', 'lost on the way', 'reported lost', 'twice'],
      trafficRow(
        'page to server',
        rigs.map(({ comparison }) => comparison.toServer),
      ),
      trafficRow(
        'server to page',
        rigs.map(({ comparison }) => comparison.toPage),
      ),
    ]),
    '',
    align([
      ['after garbage collection', ...rigs.map((_, k) => `client ${k + 1}`)],
      ['heap in the middle', ...rigs.map(({ middle }) => kilobytes(middle.heap))],
      ['heap at the end', ...rigs.map(({ end }) => kilobytes(end.heap))],
      ['listeners in the middle', ...rigs.map(({ middle }) => middle.listeners)],
      ['listeners at the end', ...rigs.map(({ end }) => end.listeners)],
      ['connections remembered, middle', ...rigs.map(({ middle }) => middle.remembered)],
      ['connections remembered, end', ...rigs.map(({ end }) => end.remembered)],
    ]),
    '',
    `most at once: ${most((rig) => rig.mostLive)} live connections of a client (by the server), ` +
      `${most((rig) => rig.mostSockets)} sockets and ${most((rig) => rig.mostTimers)} timers in a page`,
    `silence found after ${ms(most((rig) => Math.max(0, ...rig.silences)))} at most`,
    `longest stall: driver ${ms(driverStall)}, pages ${ms(most((rig) => rig.stall))}`,
    ...(broken.length
      ? ['', 'BROKEN', ...broken, `repeat: node tests/soak/run.ts --minutes ${minutes} --seed ${seed}`]
      : []),
  ].join('\n');
  return { table, broken, faults: rigs.reduce((count, { outcomes }) => count + outcomes.length, 0) };
}
