/** The run says "nothing was lost" by what these count: so they must count it. */
import { expect, test } from 'vitest';
import { countArrivals, forgottenIn, numbersOf, type PageNote, unexplained } from './delivery/count.ts';
import { KINDS, PERIOD, planFaults } from './delivery/plan.ts';

test('what never came is lost, what came again is twice, and what first came after a larger number is out of order', () => {
  expect(countArrivals([1, 2, 3, 4], 4)).toEqual({ lost: 0, twice: 0, outOfOrder: 0 });
  // A message that goes again starts with what came already: that is no other order.
  expect(countArrivals([1, 2, 3, 1, 2, 3, 4], 4)).toEqual({ lost: 0, twice: 3, outOfOrder: 0 });
  expect(countArrivals([1, 4, 2, 4], 5)).toEqual({ lost: 2, twice: 1, outOfOrder: 1 });
});

test('what was neither handed over nor reported was forgotten', () => {
  expect(
    forgottenIn(
      [
        ['handed', 1],
        ['reported', 1],
        ['reported', 3],
      ],
      3,
    ),
  ).toEqual([2]);
});

const notes: PageNote[] = [
  ['handed', 1],
  ['heard', 7],
  ['handed', 2],
  ['answered'],
  ['handed', 3],
  ['handed', 4],
  ['ended'],
  ['reported', 4],
  ['handed', 5],
];

test('a lost message that was not reported is found if no sign of life came after it on its socket', () => {
  expect(unexplained(notes, [1, 2])).toEqual([]);
  expect(unexplained(notes, [3, 4])).toEqual([3]);
  expect(numbersOf(notes, 'heard')).toEqual([7]);
});

test('the same seed gives the same faults, each kind as often as any other, and none before the one before is over', () => {
  const plan = planFaults({ seed: 1, faults: 60 });
  expect(plan).toEqual(planFaults({ seed: 1, faults: 60 }));
  expect(plan).not.toEqual(planFaults({ seed: 2, faults: 60 }));
  for (const kind of KINDS) expect(plan.filter((fault) => fault.kind === kind)).toHaveLength(10);
  for (const [k, { at, ms }] of plan.entries()) expect(at + ms).toBeLessThan((k + 2) * PERIOD);
});
