/** What tells the connections of one definition apart. */
import { HeartbeatSocketError } from '../core/errors.js';
import { kindOf } from '../core/kind-of.js';

/** Puts the fields of an object in order. What JSON would not show, as the content of a Map, throws. */
function inOrder(_: string, value: unknown): unknown {
  if (Object(value) !== value || Array.isArray(value)) return value;
  if (kindOf(value) !== 'Object') throw value;
  return Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The JSON of the arguments: the same for objects with the same fields, in whatever order. */
export function textOf(args: readonly unknown[]): string {
  try {
    if (args.every((arg) => typeof arg !== 'symbol')) return JSON.stringify(args, inOrder);
  } catch {
    // It has none, as a bigint, a function, a Map or a circle.
  }
  throw new HeartbeatSocketError('option', 'an argument of a shared connection must have JSON');
}
