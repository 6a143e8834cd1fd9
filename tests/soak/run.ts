/** node tests/soak/run.ts [--minutes 10] [--seed 42] [--clients 4] */
import { parseArgs } from 'node:util';
import { runSoak } from './soak.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, clients: { type: 'string' } },
});

const read = (name: keyof typeof values, usual: number | undefined, least: number): number | undefined => {
  const given = values[name];
  if (given === undefined) return usual;
  const value = Number(given);
  if (!(value >= least)) throw new Error(`--${name} must be a number, ${least} or more, received '${given}'`);
  return value;
};

const { table, broken } = await runSoak({
  minutes: read('minutes', 10, 0.1) as number,
  clients: read('clients', 4, 1) as number,
  seed: read('seed', undefined, 0),
});
console.info(table);
process.exitCode = broken.length ? 1 : 0;
