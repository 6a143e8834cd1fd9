import { HeartbeatSocketError } from './errors.js';

/** So many commands in a row may each be given by a callback that the command before has led to: else they would never end. */
const DEEPEST = 5;

/** What a queue is given: how to report what a task throws, and how to run tasks. */
export interface TurnQueueOptions {
  /** Called with what a task throws. */
  failed(thrown: unknown): void;
  /** Runs what it is given at once, in the surroundings that the caller's callbacks expect. */
  within<T>(run: () => T): T;
  /** Called before a task that none is running before. */
  first(): void;
}

export interface TurnQueue {
  /** How many commands, each given by a callback that the one before has led to, have led to what runs now. */
  depth: number;
  /** Carries out a command, unless it comes of so many others that callbacks must be calling one another without end. */
  deeper<T>(run: () => T): T | undefined;
  /**
   * Runs a task when those before it are done. Its argument comes beside it, so that a message, which nearly never has to wait, costs
   * no closure.
   */
  enqueue<A>(task: (arg: A) => unknown, arg?: A): void;
  /** Runs a command in the same way. As long as it waits, `isCommanded` says so. */
  command(task: () => unknown): void;
  isCommanded(): boolean;
}

/** Runs one task at a time: what a task raises waits until that task is done. */
export function createTurnQueue({ failed, within, first }: TurnQueueOptions): TurnQueue {
  const waiting: (() => void)[] = [];
  let isBusy = false;
  let commands = 0;
  /** The caller knows of commands that are ignored. */
  let isTold = false;
  // The task that came while none was running. Kept here, so that one function serves all of them.
  let task: (arg: unknown) => unknown;
  let arg: unknown;

  const run = <A>(task: (arg: A) => unknown, arg: A, depth: number): void => {
    queue.depth = depth;
    try {
      task(arg);
    } catch (thrown) {
      failed(thrown);
    }
  };

  const runAll = (): void => {
    first();
    run(task, arg, queue.depth);
    while (waiting.length) waiting.shift()?.();
  };

  const enqueue = <A>(next: (arg: A) => unknown, nextArg?: A): void => {
    const { depth } = queue;
    if (isBusy) {
      waiting.push(() => run(next, nextArg as A, depth));
      return;
    }
    isBusy = true;
    task = next as typeof task;
    arg = nextArg;
    try {
      within(runAll);
    } finally {
      // Even where `failed` threw: otherwise no task would ever run again.
      isBusy = false;
      queue.depth = depth;
    }
  };

  const queue: TurnQueue = {
    depth: 0,
    deeper(run) {
      if (queue.depth > DEEPEST) return undefined;
      queue.depth += 1;
      try {
        if (queue.depth <= DEEPEST) return run();
        if (!isTold) failed(new HeartbeatSocketError('callback', 'callbacks run without end, a command is ignored'));
        isTold = true;
        return undefined;
      } finally {
        queue.depth -= 1;
        isTold &&= queue.depth > 0;
      }
    },
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
  return queue;
}
