import type { CommandDepth } from './command-depth.js';

/** What a queue is given: how to report what a task throws, and how to run tasks. */
export interface TurnQueueOptions {
  /** Called with what a task throws. */
  unhandled(thrown: unknown): void;
  /** Runs what it is given at once, in the surroundings that the caller's callbacks expect. */
  within<T>(run: () => T): T;
}

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

/**
 * Runs one task at a time: what a task raises waits until that task is done, and runs as deep as that. `first` is called before a task
 * that none is running before.
 */
export function createTurnQueue(options: TurnQueueOptions, depth: CommandDepth, first: () => void): TurnQueue {
  const waiting: (() => void)[] = [];
  let isBusy = false;
  let commands = 0;
  // The task that came while none was running. Kept here, so that one function serves all of them.
  let task: (arg: unknown) => unknown;
  let arg: unknown;

  const run = <A>(task: (arg: A) => unknown, arg: A): void => {
    try {
      task(arg);
    } catch (thrown) {
      options.unhandled(thrown);
    }
  };

  const runAll = (): void => {
    first();
    run(task, arg);
    while (waiting.length) waiting.shift()?.();
  };

  /** A function of its own: a closure in `enqueue` would cost each message the memory for what it captures. */
  const later = <A>(next: (arg: A) => unknown, nextArg: A, level: number): void => {
    waiting.push(() => {
      depth.enter(level);
      run(next, nextArg);
    });
  };

  const enqueue = <A>(next: (arg: A) => unknown, nextArg?: A): void => {
    const { level } = depth;
    if (isBusy) {
      later(next, nextArg as A, level);
      return;
    }
    isBusy = true;
    task = next as typeof task;
    arg = nextArg;
    try {
      options.within(runAll);
    } finally {
      // Even where `unhandled` threw: otherwise no task would ever run again.
      isBusy = false;
      depth.enter(level);
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
