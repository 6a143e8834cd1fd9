/** The messages of all tabs that are on their way, in their order. */

/** A message of a tab on its way. */
export interface OnTheWay {
  readonly from: string;
  readonly number: number;
  /** The server has to hear nothing of it, since another tab wants the same topic. */
  readonly isSilent: boolean;
}

/** Why a message gets no further: the socket has refused it, or it has waited for too long. */
export type Refusal = 'refused' | 'expired';

export interface Line {
  add(message: OnTheWay): void;
  /** The oldest message has passed. `refusal`: it has got no further. */
  next(refusal?: Refusal): void;
  /** The newest message that the server has to hear. */
  last(): OnTheWay | undefined;
  clear(): void;
}

/** Messages in their order. Those that are silent pass with the one before them. */
export function createLine(passed: (message: OnTheWay, refusal?: Refusal) => void): Line {
  const line: OnTheWay[] = [];
  const passSilent = (): void => {
    while (line[0]?.isSilent) passed(line.shift() as OnTheWay);
  };
  return {
    add(message) {
      line.push(message);
      passSilent();
    },
    next(refusal) {
      const message = line.shift();
      if (message) passed(message, refusal);
      passSilent();
    },
    last: () => line.findLast(({ isSilent }) => !isSilent),
    clear() {
      line.length = 0;
    },
  };
}
