/** Plays combinations in processes of their own, which are ended when they take too long, so that a frozen one is found and named. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

export type Mode = 'development' | 'production';

/** What is played: a name for each of its sides. */
export type Combination = readonly string[];

/** ms for one process with all of its combinations. */
const LIMIT = 45_000;

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

/** Plays combinations in a process of their own, and answers with those that did not end well. */
export const faultsOf = (program: string, combinations: readonly Combination[]): Promise<string[]> =>
  new Promise((resolve) => {
    const args = ['--max-old-space-size=300', program, JSON.stringify(combinations)];
    const limits = { timeout: LIMIT, killSignal: 'SIGKILL' as const, maxBuffer: 2 ** 26 };
    execFile(process.execPath, args, limits, (error, stdout) => {
      const lines = stdout.trim().split('\n');
      const faults: string[] = [];
      for (let i = 0; i < lines.length; i += 2) {
        const outcome = lines[i + 1] ?? `the process was ended: ${error?.signal ?? error?.code}`;
        if (outcome !== '"fine"') faults.push(`${lines[i]}: ${outcome}`);
      }
      // A process that ends without a word is a fault, too.
      if (!faults.length && lines.length !== 2 * combinations.length) faults.push(`${lines.length} lines`);
      resolve(faults);
    });
  });
