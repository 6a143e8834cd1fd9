/**
 * Runs one task at a time: what a task raises waits until it is done. What a task throws goes to `failed`. The task's argument
 * comes beside it, so that a message in its turn, as nearly each one is, costs no closure.
 */
export function createTurnQueue(failed: (thrown: unknown) => void): <A>(task: (arg: A) => unknown, arg?: A) => void {
  const waiting: (() => void)[] = [];
  let busy = false;

  const run = <A>(task: (arg: A) => unknown, arg: A): void => {
    try {
      task(arg);
    } catch (thrown) {
      failed(thrown);
    }
  };

  return (task, arg) => {
    if (busy) {
      waiting.push(() => run(task, arg as never));
      return;
    }
    busy = true;
    run(task, arg as never);
    while (waiting.length) waiting.shift()?.();
    busy = false;
  };
}
