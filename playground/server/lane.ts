/** One direction of a connection: what is put in comes out in order, late by what `lag` says for each (ms). */
export interface Lane {
  /** `ms`: what this takes on the way, beside the lag, once those before it have arrived. */
  put(deliver: () => void, ms?: number): void;
  /** Everything that is under way arrives now. */
  flush(): void;
}

/** ms that a timer may be late without the lane being slower for it, on a machine that is busy. */
const MAKE_UP = 200;

export function createLane(lag: () => number): Lane {
  const queue: { readonly due: number; readonly deliver: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** When what was put in last has arrived, if it is on time. */
  let free = 0;

  const run = (now: number): void => {
    clearTimeout(timer);
    timer = undefined;
    for (let next = queue[0]; next && next.due <= now; next = queue[0]) {
      queue.shift();
      next.deliver();
    }
    const [first] = queue;
    if (first) timer = setTimeout(() => run(Date.now()), Math.max(0, first.due - Date.now()));
  };

  return {
    put(deliver, ms = 0) {
      const late = lag();
      if (!late && !ms && !queue.length) return deliver();
      // None overtakes the one before it.
      free = Math.max(Date.now() + late - (ms && MAKE_UP), free) + ms;
      queue.push({ due: free, deliver });
      if (!timer) run(Date.now());
    },
    flush() {
      free = 0;
      run(Infinity);
    },
  };
}
