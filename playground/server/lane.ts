/** One direction of a connection: what is put in comes out in order, late by what `lag` says for each (ms). */
export interface Lane {
  put(deliver: () => void): void;
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
    put(deliver) {
      const ms = lag();
      if (!ms && !queue.length) return deliver();
      // None overtakes the one before it.
      queue.push({ due: Math.max(Date.now() + ms, queue.at(-1)?.due ?? 0), deliver });
      if (!timer) run(Date.now());
    },
    flush: () => run(Infinity),
  };
}
