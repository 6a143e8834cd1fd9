/** What arrived, from what was logged. */

/** What the page noted, in order. */
export type PageNote =
  /** A number was handed to a socket. */
  | readonly ['handed', number]
  /** The app was told that a number is lost, or may be. */
  | readonly ['reported', number]
  /** A number of the server came. */
  | readonly ['heard', number]
  /** The server answered a heartbeat. */
  | readonly ['answered']
  /** A socket has ended. */
  | readonly ['ended'];

export interface Arrivals {
  readonly lost: number;
  readonly twice: number;
  /** Numbers that came for the first time after a larger one. */
  readonly outOfOrder: number;
}

/** The numbers from 1 to `count` that are not among `there`. */
export function missingIn(there: Iterable<number>, count: number): number[] {
  const known = new Set(there);
  return Array.from({ length: count }, (_, at) => at + 1).filter((n) => !known.has(n));
}

export function countArrivals(arrived: readonly number[], count: number): Arrivals {
  const firsts = [...new Set(arrived)];
  let largest = 0;
  let outOfOrder = 0;
  for (const n of firsts) {
    if (n < largest) outOfOrder += 1;
    else largest = n;
  }
  return { lost: missingIn(arrived, count).length, twice: arrived.length - firsts.length, outOfOrder };
}

export const numbersOf = (notes: readonly PageNote[], wanted: 'handed' | 'reported' | 'heard'): number[] =>
  notes.flatMap(([what, n]) => (what === wanted ? [n as number] : []));

/** Numbers that the library still had, and of which it never told what became of them. */
export const forgottenIn = (notes: readonly PageNote[], count: number): number[] =>
  missingIn([...numbersOf(notes, 'handed'), ...numbersOf(notes, 'reported')], count);

/**
 * Of the lost numbers those that were not reported, although the server gave no sign of life after them on their socket: without proof
 * of delivery that is all that a page can know.
 */
export function unexplained(notes: readonly PageNote[], lost: readonly number[]): number[] {
  const untold = new Set(lost);
  let sinceLife: number[] = [];
  const inDanger = new Set<number>();
  for (const [what, n] of notes) {
    if (what === 'handed') sinceLife.push(n as number);
    else if (what === 'reported') untold.delete(n as number);
    else {
      if (what === 'ended') for (const one of sinceLife) inDanger.add(one);
      sinceLife = [];
    }
  }
  return [...untold].filter((n) => inDanger.has(n));
}
