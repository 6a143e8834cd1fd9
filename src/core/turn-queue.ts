export interface TurnQueue {
  /**
   * Runs a task when those before it are done. Its argument comes beside it, so that a message in its turn, as nearly each one
   * is, costs no closure.
   */
  enqueue<A>(task: (arg: A) => unknown, arg?: A): void;
  /** The same for a command: as long as it waits, `isCommanded` says so. */
  command(task: () => unknown): undefined;
  isCommanded(): boolean;
}

/** Runs one task at a time: what a task raises waits until it is done. What a task throws goes to `failed`. */
export function createTurnQueue(failed: (thrown: unknown) => void): TurnQueue {
  const waiting: (() => void)[] = [];
  let busy = false;
  let commands = 0;

  const run = <A>(task: (arg: A) => unknown, arg: A): void => {
    try {
      task(arg);
    } catch (thrown) {
      failed(thrown);
    }
  };

  const enqueue = <A>(task: (arg: A) => unknown, arg?: A): void => {
    if (busy) {
      waiting.push(() => run(task, arg as A));
      return;
    }
    busy = true;
    try {
      run(task, arg as A);
      while (waiting.length) waiting.shift()?.();
    } finally {
      // Whatever `failed` threw: else nothing would ever run again.
      busy = false;
    }
  };

  return {
    enqueue,
    command(task) {
      commands += 1;
      return void enqueue(() => {
        commands -= 1;
        task();
      });
    },
    isCommanded: () => commands > 0,
  };
}
