/** Counts how commands lead to one another: a callback that gives the command that has led to it would run without end. */
import { HeartbeatSocketError } from './errors.js';

/** So many commands in a row may each be given by a callback that the command before has led to. */
const DEEPEST = 5;

export interface CommandDepth {
  /** How many commands, each given by a callback that the one before has led to, have led to what runs now. */
  level: number;
  /** Carries out a command. Undefined: it comes of too many others, so it is ignored, and the app is told once. */
  deeper<T>(run: () => T): T | undefined;
}

/** `failed` is called with the error for a command that is ignored. */
export function createCommandDepth(failed: (error: unknown) => void): CommandDepth {
  let isTold = false;
  const depth: CommandDepth = {
    level: 0,
    deeper(run) {
      if (depth.level > DEEPEST) return undefined;
      depth.level += 1;
      try {
        if (depth.level <= DEEPEST) return run();
        if (!isTold) failed(new HeartbeatSocketError('callback', 'callbacks run without end, a command is ignored'));
        isTold = true;
        return undefined;
      } finally {
        depth.level -= 1;
        isTold &&= depth.level > 0;
      }
    },
  };
  return depth;
}
