/**
 * Plays combinations in processes of their own. Each combination has a limit of time: one that freezes is named, its process is ended, and
 * the others go on in a fresh one.
 */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

export type Mode = 'development' | 'production';

/** What is played: a name for each of its sides. */
export type Combination = readonly string[];

/** ms after which a process is ended. */
export interface Limits {
  /** For its start, until it plays the first combination. */
  readonly start: number;
  /** For each combination. */
  readonly combination: number;
}

/** A combination takes some ms. The rest is for a machine that is busy. */
const LIMITS: Limits = { start: 60_000, combination: 5_000 };

/** After so many combinations that took too long the next ones have a tenth of the time, and are not played again. */
const MANY = 5;

/** ms for a test that plays hundreds of combinations: enough to wait for all that freezes, so that each is named. */
export const PATIENCE = 600_000;

/** Bundles a program, with the library for `mode` in it, before the tests. Gives the path. */
export function bundled(entry: string, mode: Mode): string {
  const name = entry.replace(/\W+/g, '-').slice(-40);
  const program = join(tmpdir(), `heartbeat-attack-${process.pid}-${name}-${mode}.mjs`);
  beforeAll(async () => {
    await build({
      entryPoints: [entry],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
      conditions: ['module'],
      logLevel: 'error',
    });
  });
  afterAll(() => rm(program, { force: true }));
  return program;
}

/**
 * Plays combinations one after another in a process of their own, until one of them takes too long or ends the process. Answers with the
 * outcomes so far. `isCut`: the last one is of that kind.
 */
const playSome = (
  program: string,
  combinations: readonly Combination[],
  limits: Limits,
): Promise<{ outcomes: string[]; isCut: boolean }> =>
  new Promise((resolve) => {
    const args = ['--max-old-space-size=300', program, JSON.stringify(combinations)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let printed = '';
    let timer: ReturnType<typeof setTimeout>;
    let cut: string | undefined;
    const within = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        cut = `it took more than ${ms} ms`;
        child.kill('SIGKILL');
      }, ms);
    };
    within(limits.start);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      within(limits.combination);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const lines = printed.split('\n').slice(0, -1);
      const outcomes = lines.filter((_, i) => i % 2);
      const isCut = 2 * outcomes.length < lines.length || !outcomes.length;
      if (isCut) outcomes.push(cut ?? `the process ended with ${signal ?? code}`);
      resolve({ outcomes, isCut });
    });
  });

/**
 * Plays combinations, and answers with those that did not end well. After one that took too long, or that ended its process, the next ones
 * are played in a fresh process.
 */
export async function faultsOf(
  program: string,
  combinations: readonly Combination[],
  limits = LIMITS,
): Promise<string[]> {
  const faults: string[] = [];
  let cuts = 0;
  for (let done = 0; done < combinations.length; ) {
    const rest = combinations.slice(done);
    const isUsual = cuts < MANY;
    const within = isUsual ? limits : { ...limits, combination: limits.combination / 10 };
    const { outcomes, isCut } = await playSome(program, rest, within);
    const last = rest[outcomes.length - 1] as Combination;
    // What was played before it may be the cause.
    const isAlone = outcomes.length === 1 || !isCut || !isUsual || (await playSome(program, [last], limits)).isCut;
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome !== '"fine"') faults.push(`${JSON.stringify(rest[i])}: ${outcome}`);
    }
    if (!isAlone) faults.push(`${faults.pop()} (not when it is played alone)`);
    done += outcomes.length;
    cuts += Number(isCut);
  }
  return faults;
}
