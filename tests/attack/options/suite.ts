/** Runs every way to make a connection with every wrong value of every option, in processes of their own. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundled, faultsOf, type Mode, PATIENCE } from '../support/processes';
import { ALLOWED } from './allowed';
import { VALUES } from './values';

export const WAYS = ['useHeartbeatSocket', 'createHeartbeatSocket'] as const;
const paths = Object.keys(ALLOWED);
const names = Object.keys(VALUES);

/** Processes for each way: as many as the machine has work for. */
const SHARES = 4;

/** Defines the tests for one build of the library, and some of the ways to make a connection. `outcome` says what holds there. */
export function attackWithOptions(mode: Mode, outcome: string, ways: readonly (typeof WAYS)[number][] = WAYS): void {
  const program = bundled(fileURLToPath(new URL('play.ts', import.meta.url)), mode);

  describe(`in ${mode}`, () => {
    test('there are at least 2,500 combinations for each way', () => {
      expect(paths.length * names.length).toBeGreaterThan(2_500);
    });

    const shares = ways.flatMap((way) => Array.from({ length: SHARES }, (_, share) => ({ way, share })));
    test.concurrent.each(shares)(
      `with any option of $way ${outcome} ($share)`,
      { timeout: PATIENCE },
      async ({ way, share }) => {
        const own = paths.filter((_, i) => i % SHARES === share);
        const combinations = own.flatMap((path) => names.map((name) => [way, path, name]));
        expect(await faultsOf(program, combinations)).toEqual([]);
      },
    );
  });
}
