/** Chance that can be repeated: the same seed gives the same numbers. */
export interface Chance {
  /** In [0, 1). */
  (): number;
  /** In [from, to). */
  between(from: number, to: number): number;
  /** The items in another order. */
  shuffle<T>(items: readonly T[]): T[];
}

/** mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Object.assign(next, {
    between: (from: number, to: number) => from + next() * (to - from),
    shuffle<T>(items: readonly T[]): T[] {
      const left = [...items];
      return items.map(() => left.splice(Math.floor(next() * left.length), 1)[0] as T);
    },
  });
}
