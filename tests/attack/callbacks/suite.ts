/** Runs every combination of callback, command and fate in processes of their own, and names those that do not end well. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLBACKS, COMMANDS, FATES, WATCHERS } from './ways';

type Combination = readonly [callback: string, command: string, fate: string];

/** ms for one process with all of its combinations. */
const LIMIT = 45_000;

/** Plays combinations in a process of their own, and answers with those that did not end well. */
const faultsOf = (program: string, combinations: readonly Combination[]): Promise<string[]> =>
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

const callbacks = [...Object.keys(CALLBACKS), ...Object.keys(WATCHERS)];
const commands = Object.keys(COMMANDS);
const fates = Object.keys(FATES);

/** Defines the tests for one build of the library. */
export function attackWithCallbacks(mode: 'development' | 'production'): void {
  const program = join(tmpdir(), `heartbeat-attack-${process.pid}-${mode}.mjs`);

  beforeAll(async () => {
    await build({
      entryPoints: [fileURLToPath(new URL('play.ts', import.meta.url))],
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

  test('there are at least 2,000 combinations', () => {
    expect(callbacks.length * commands.length * fates.length).toBeGreaterThan(2_000);
  });

  describe(`in ${mode}`, () => {
    test.concurrent.each(callbacks)('nothing that %s does freezes the page', async (callback) => {
      const combinations = commands.flatMap((command) => fates.map((fate) => [callback, command, fate] as const));
      expect(await faultsOf(program, combinations)).toEqual([]);
    });
  });
}
