/** A program whose combinations end in every way there is. */
import { playAll } from './play-all';

const ENDS: Record<string, () => unknown> = {
  'all is well': () => undefined,
  'something is wrong': () => 'something was wrong',
  throws() {
    throw new Error('thrown');
  },
  'runs without end'() {
    for (;;);
  },
  async 'runs without end by microtasks'() {
    for (;;) await null;
  },
  'never settles': () => new Promise(() => setInterval(() => {}, 1_000)),
  'ends the process': () => process.exit(7),
};

let played = 0;

await playAll(async (end, only) => {
  played += 1;
  // Frozen by what was played before it.
  if (only === 'not alone' && played === 1) return undefined;
  return (await ENDS[end as string]?.()) as string | undefined;
});
