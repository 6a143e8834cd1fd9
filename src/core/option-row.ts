/** The table of options: what a row says, and how values are held against it. */
import { peekAt } from './read-options.js';

/**
 * An option: its default, and what it has to be: a number (the least one that makes sense), a list (one of these words), or what a
 * function says. `or`: it may be a function as well, or a ref or getter of such a value.
 */
export type OptionRow = readonly [
  usual?: unknown,
  rule?: number | readonly string[] | ((value: unknown) => boolean),
  or?: 'function' | 'source',
];

export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** Whether an option can be used. What `checkOptions` refuses in development must not run wild in production. */
export function isUsable(value: unknown, [usual, rule = 0, or]: OptionRow): boolean {
  if (or && isFunction(value)) return true;
  try {
    if (typeof rule === 'function') return rule(value);
    if (typeof rule === 'object') return rule.includes(value as string);
  } catch {
    // A proxy or a getter of the caller.
    return false;
  }
  return typeof value === 'number' && value >= rule && (value < Infinity || rule < 0 || usual === value);
}

/** Gives the value behind a ref or getter. */
export type Read = (source: unknown) => unknown;

/** What `rows` name of flattened options, with defaults for what is left out, and for what is `wrong`. */
export function fillIn(options: Record<string, unknown>, rows: Record<string, OptionRow>, read: Read) {
  let wrong = options.wrong as string | undefined;
  const usable = (name: string, value: unknown, row: OptionRow): unknown => {
    if (isUsable(value, row)) return value;
    if (value !== undefined) wrong ??= name;
    return row[0];
  };
  const all: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(rows)) {
    const value = options[name];
    // What a ref or getter gives is looked at when it is used.
    const isRef = row[2] === 'source' && !Object.is(peekAt(value, read), value);
    all[name] = isRef ? value : usable(name, value, row);
  }
  return { all, wrong };
}
