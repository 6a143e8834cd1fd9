import { expect, test } from 'vitest';
import { BUGS, TAB_BUGS } from './bugs/index';
import { seedAll } from './seed-all';

test('each seeded bug has its place in the core', () => {
  const { seeded, lost } = seedAll('src/core', BUGS);
  expect(lost).toEqual([]);
  expect(seeded.length).toBeGreaterThanOrEqual(77);
});

test('each seeded bug has its place in what tabs share', () => {
  const { seeded, lost } = seedAll('src/tabs', TAB_BUGS);
  expect(lost).toEqual([]);
  expect(seeded.length).toBeGreaterThanOrEqual(75);
});
