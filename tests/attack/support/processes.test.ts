/** What an attack reports of a combination that freezes its process, and of those after it. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundled, faultsOf } from './processes';

const program = bundled(fileURLToPath(new URL('freezing.ts', import.meta.url)), 'production');

/** A combination that is well takes some ms, also on a busy machine. */
const LIMITS = { start: 60_000, combination: 1_000 };

const faults = (...combinations: string[][]): Promise<string[]> => faultsOf(program, combinations, LIMITS);

test('nothing is reported if all is well', async () => {
  expect(await faults(['all is well'], ['all is well'])).toEqual([]);
});

test.concurrent('each combination that freezes, crashes or fails is named, and all others are played', async () => {
  const all = await faults(
    ['all is well'],
    ['runs without end'],
    ['something is wrong'],
    ['runs without end by microtasks'],
    ['never settles'],
    ['all is well'],
    ['ends the process'],
    ['something is wrong', 'at last'],
  );
  expect(all).toEqual([
    '["runs without end"]: it took more than 1000 ms',
    '["something is wrong"]: "something was wrong"',
    '["runs without end by microtasks"]: it took more than 1000 ms',
    '["never settles"]: it took more than 1000 ms',
    '["ends the process"]: the process ended with 7',
    '["something is wrong","at last"]: "something was wrong"',
  ]);
});

test.concurrent('a combination that freezes after others only is reported as such', async () => {
  const all = await faults(['all is well'], ['runs without end', 'not alone'], ['something is wrong']);
  expect(all).toEqual([
    '["runs without end","not alone"]: it took more than 1000 ms (not when it is played alone)',
    '["something is wrong"]: "something was wrong"',
  ]);
});

test.concurrent('a program that does not start is a fault', async () => {
  expect(await faultsOf(`${program}.none`, [['all is well']], LIMITS)).toEqual([
    '["all is well"]: the process ended with 1',
  ]);
});
