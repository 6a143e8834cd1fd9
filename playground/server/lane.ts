/** One direction of a connection: what is put in comes out in order, late by what `lag` says for each (ms). */
export interface Lane {
  /** `ms`: what this takes on the way, beside the lag, once those before it have arrived. */
  put(deliver: () => void, ms?: number): void;
  /** Everything that is under way arrives now. */
  flush(): void;
}

export function createLane(lag: () => number): Lane {
  const queue: { readonly due: number; readonly deliver: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

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
      queue.push({ due: Math.max(Date.now() + late, queue.at(-1)?.due ?? 0) + ms, deliver });
      if (!timer) run(Date.now());
    },
    flush: () => run(Infinity),
  };
}
