/** Half a minute of the soak. `npm run soak` runs it for longer. */
import { expect, test } from 'vitest';
import { runSoak } from './soak.ts';

test('half a minute of faults: never two connections, nothing twice, and always back in time', async () => {
  const { table, broken, faults } = await runSoak({ minutes: 0.5 });
  console.info(table);
  expect(broken, [...broken, table].join('\n')).toEqual([]);
  expect(faults).toBeGreaterThan(5);
}, 240_000);
