// @vitest-environment node
import { expect, test } from 'vitest';
import { linesOfCode } from './support/lines-of-code';

test.each(['graphql-news', 'order-book', 'reverb-orders'])('%s: the file of the user becomes shorter', (user) => {
  const lines = (version: string): number => linesOfCode(`${import.meta.dirname}/${user}/${version}.vue`);
  expect(lines('after')).toBeLessThan(lines('before'));
});
