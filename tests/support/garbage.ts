/** Has the engine collect what nothing holds any more, so that tests see what is kept. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Waits for real, also where timers are fake: weak references hold what they were asked for until the task has ended. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) {
    await setImmediate();
    collect();
  }
  // What is to be told of a collection is told in a task of its own.
  await setImmediate();
}
