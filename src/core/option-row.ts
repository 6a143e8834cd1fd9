/** The table of options: what a row says, and how values are held against it. */
import { kindOf, unusable } from './kind-of.js';
import { peekAt } from './read-options.js';

/** Gives the value behind a ref or getter. */
export type Read = (source: unknown) => unknown;

/** What an option may be: a number (the least one that makes sense), a word, or what a function says. */
export type OptionRule = number | string | ((value: never, read: Read) => boolean);

/** An option: its default, and what else it may be. */
export type OptionRow = readonly [usual: unknown, ...rules: OptionRule[]];

export const isFunction = (value: unknown): boolean => typeof value === 'function';

export const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

/** An object that may hold options: no list, no ref, no Set. */
export const isGroup = (value: unknown, read: Read): boolean => kindOf(value) === 'Object' && !isSource(value, read);

/** An option that is on, unless it is false. */
export const SWITCH: OptionRow = [true, isBoolean];

/** An option that is a function, or is left out. */
export const CALLBACK: OptionRow = [undefined, isFunction];

/** Whether a value is a ref or a getter. What that gives is looked at when it is used. */
export const isSource = (value: unknown, read: Read): boolean => !Object.is(peekAt(value, read), value);

/** Whether a value is the default, or keeps a rule. What `checkOptions` refuses in development must not run wild in production. */
export function isUsable(value: unknown, [usual, ...rules]: OptionRow, read: Read): boolean {
  const keeps = (rule: OptionRule): boolean =>
    typeof rule === 'function'
      ? rule(value as never, read)
      : value === rule || (Number.isFinite(value) && (value as number) >= (rule as number));
  try {
    return value === usual || rules.some(keeps);
  } catch {
    // A proxy or a getter of the caller, or what has no fields.
    return false;
  }
}

/** What `rows` name of flattened options, with defaults for what is left out, and for what makes no sense. `wrong` names that. */
export function fillIn(
  options: Record<string, unknown>,
  rows: Record<string, OptionRow>,
  read: Read,
): Record<string, unknown> {
  // A copy of the rows, of which each is overwritten: an object that grows by a loop becomes a hash table, which is slow to copy.
  const all: Record<string, unknown> = { ...rows, wrong: options.wrong };
  for (const name in rows) {
    const row = rows[name] as OptionRow;
    let value = options[name];
    all[name] = row[0];
    if (value === undefined) continue;
    if (isUsable(value, row, read)) {
      all[name] = value;
      // What a ref gives now may be nonsense all the same.
      value = peekAt(value, read) ?? value;
    }
    if (!isUsable(value, row, read)) all.wrong ??= `${name} ${unusable(value)}`;
  }
  return all;
}
