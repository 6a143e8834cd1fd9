import { expect, test } from 'vitest';
import { BUGS } from './bugs/index';
import { seedAll } from './seed-all';

test('each seeded bug has its place in the core', () => {
  const { seeded, lost } = seedAll('src/core', BUGS);
  expect(lost).toEqual([]);
  expect(seeded.length).toBeGreaterThanOrEqual(77);
});
