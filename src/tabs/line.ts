/** The messages of all tabs that are on their way, in their order. */

/** A message of a tab on its way. */
export interface OnTheWay {
  readonly from: string;
  readonly number: number;
  /** The server has to hear nothing of it, since another tab wants the same topic. */
  readonly isSilent: boolean;
}

export interface Line {
  add(message: OnTheWay): void;
  /** The oldest message has passed. `isRefused`: it has got no further. */
  next(isRefused?: boolean): void;
  clear(): void;
}

/** Messages in their order. Those that are silent pass with the one before them. */
export function createLine(passed: (message: OnTheWay, isRefused?: boolean) => void): Line {
  const line: OnTheWay[] = [];
  const passSilent = (): void => {
    while (line[0]?.isSilent) passed(line.shift() as OnTheWay);
  };
  return {
    add(message) {
      line.push(message);
      passSilent();
    },
    next(isRefused) {
      const message = line.shift();
      if (message) passed(message, isRefused);
      passSilent();
    },
    clear() {
      line.length = 0;
    },
  };
}
