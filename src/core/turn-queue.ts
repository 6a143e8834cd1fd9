export interface TurnQueue {
  /**
   * Runs a task when those before it are done. Its argument comes beside it, so that a message, which nearly never has to wait, costs
   * no closure.
   */
  enqueue<A>(task: (arg: A) => unknown, arg?: A): void;
  /** Runs a command in the same way. As long as it waits, `isCommanded` says so. */
  command(task: () => unknown): void;
  isCommanded(): boolean;
}

/** Runs one task at a time: what a task raises waits until that task is done. `failed` is given what a task throws. */
export function createTurnQueue(failed: (thrown: unknown) => void): TurnQueue {
  const waiting: (() => void)[] = [];
  let isBusy = false;
  let commands = 0;

  const run = <A>(task: (arg: A) => unknown, arg: A): void => {
    try {
      task(arg);
    } catch (thrown) {
      failed(thrown);
    }
  };

  const enqueue = <A>(task: (arg: A) => unknown, arg?: A): void => {
    if (isBusy) {
      waiting.push(() => run(task, arg as A));
      return;
    }
    isBusy = true;
    try {
      run(task, arg as A);
      while (waiting.length) waiting.shift()?.();
    } finally {
      // Even where `failed` threw: otherwise no task would ever run again.
      isBusy = false;
    }
  };

  return {
    enqueue,
    command(task) {
      commands += 1;
      enqueue(() => {
        commands -= 1;
        task();
      });
    },
    isCommanded: () => commands > 0,
  };
}
