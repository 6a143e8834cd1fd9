/** Counts how commands lead to one another: a callback that gives the command that has led to it would run without end. */
import { HeartbeatSocketError } from './errors.js';

/** So many commands in a row may each be given by a callback that the command before has led to. */
const DEEPEST = 5;

/** So many commands may come of one event or of one command: else several callbacks at each step would make millions. */
const MOST = 1_000;

export interface CommandDepth {
  /** How many commands, each given by a callback that the one before has led to, have led to what runs now. */
  readonly level: number;
  /** Sets the level of what runs next. Level 0 begins the counts anew. */
  enter(level: number): void;
  /**
   * Carries out a command. If it comes of too many others, it is ignored: `refused` runs instead, in which every command is ignored, and
   * the app is told once.
   */
  deeper<T>(run: () => T, refused?: () => void): T | undefined;
}

/** `failed` is called with the error for commands that are ignored. */
export function createCommandDepth(failed: (error: unknown) => void): CommandDepth {
  let level = 0;
  let count = 0;
  let isTold = false;
  const enter = (next: number): void => {
    level = next;
    if (level) return;
    count = 0;
    isTold = false;
  };
  return {
    get level() {
      return level;
    },
    enter,
    deeper(run, refused) {
      if (level > DEEPEST) return undefined;
      const before = level;
      level += 1;
      count += 1;
      try {
        if (level <= DEEPEST && count <= MOST) return run();
        level = DEEPEST + 1;
        if (!isTold) failed(new HeartbeatSocketError('callback', 'callbacks run without end'));
        isTold = true;
        refused?.();
        return undefined;
      } finally {
        enter(before);
      }
    },
  };
}
