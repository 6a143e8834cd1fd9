/**
 * Runs every combination of callback, command and fate, each with a limit of time, and names those that do not end well. What freezes one
 * combination keeps no other from being played.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundled, faultsOf, type Mode, PATIENCE } from '../support/processes';
import { CALLBACKS, COMMANDS, FATES, WATCHERS } from './ways';

const callbacks = [...Object.keys(CALLBACKS), ...Object.keys(WATCHERS)];
const commands = Object.keys(COMMANDS);
const fates = Object.keys(FATES);

/** Defines the tests for one build of the library. */
export function attackWithCallbacks(mode: Mode): void {
  const program = bundled(fileURLToPath(new URL('play.ts', import.meta.url)), mode);

  test('there are at least 2,000 combinations', () => {
    expect(callbacks.length * commands.length * fates.length).toBeGreaterThan(2_000);
  });

  describe(`in ${mode}`, () => {
    test.concurrent.each(callbacks)(
      'nothing that %s does freezes the page',
      { timeout: PATIENCE },
      async (callback) => {
        const combinations = commands.flatMap((command) => fates.map((fate) => [callback, command, fate] as const));
        expect(await faultsOf(program, combinations)).toEqual([]);
      },
    );
  });
}
