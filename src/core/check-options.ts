import { HeartbeatSocketError } from './errors.js';
import { type OptionRow, ROWS } from './options.js';

/** Every option that is checked, or that belongs to a group, by its group. */
const GROUPS: Record<string, readonly string[]> = {
  '': ['connectTimeout', 'whenDeactivated', 'whenHidden', 'serializer', 'heartbeat', 'autoReconnect', 'buffer'],
  heartbeat: ['message', 'responseMessage', 'interval', 'pongTimeout', 'probeTimeout', 'liveness', 'scheduler'],
  autoReconnect: ['retries', 'delay', 'onFailed', 'stableAfter', 'finalCodes'],
  buffer: ['limit', 'maxBytes', 'overflow', 'maxAge', 'perSecond', 'highWaterMark', 'onDropped'],
};

/** The options that are checked and have no default. */
const MORE_ROWS: typeof ROWS = {
  whenDeactivated: [undefined, ['stay', 'close']],
  whenHidden: [undefined, 'whenHidden'],
  serializer: [undefined, 'serializer'],
  heartbeat: [undefined, 'group'],
  autoReconnect: [undefined, 'group'],
  buffer: [undefined, 'object'],
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' or ');

/** The sentence that an error shows, and whether the value keeps the rule. */
type Check = readonly [sentence: string, holds: boolean];

/** For each rule that is neither a number nor a list of words. */
const RULES: Record<Extract<OptionRow[1], string>, (value: unknown) => Check> = {
  closeCodes: (value) => ['a list of close codes', Array.isArray(value)],
  group: (value) => ['true, false or an object', typeof value === 'boolean' || isObject(value)],
  object: (value) => ['an object', isObject(value)],
  serializer: (value) => [
    "'raw', 'json' or { read, write }",
    value === 'raw' || value === 'json' || (isObject(value) && 'read' in value && 'write' in value),
  ],
  whenHidden: (value) => [
    "'stay' or { closeAfter: ms }",
    value === 'stay' ||
      (isObject(value) && 'closeAfter' in value && typeof value.closeAfter === 'number' && value.closeAfter >= 0),
  ],
};

/** The units of numbers that are not in ms. */
const UNITS: Record<string, string> = {
  limit: 'messages',
  perSecond: 'messages',
  maxBytes: 'bytes',
  highWaterMark: 'bytes',
};

function check(name: string, [usual, rule, or]: OptionRow, value: unknown): Check {
  if (rule === undefined) return ['', true];
  if (typeof rule === 'string') return RULES[rule](value);
  if (typeof rule === 'object') return [quoted(rule), rule.includes(value as string)];
  const unit = UNITS[name] ?? 'ms';
  const number = or === 'source' && isObject(value) && 'value' in value ? value.value : value;
  const isNumber =
    typeof number === 'number' && number >= rule && (number < Infinity || rule < 0 || usual === Infinity);
  const sentence = rule < 0 ? 'a number (below 0: no limit)' : `a number of ${unit}, ${rule} or more`;
  const isAsked = !!or && typeof value === 'function';
  return [or === 'function' ? `${sentence}, or a function` : sentence, isNumber || isAsked];
}

/**
 * Throws a HeartbeatSocketError for the first option that makes no sense, with its name, the rule and the value received. An option of
 * a group that stands beside its group means nothing to VueUse, but would act here, where the groups are flattened.
 */
export function checkOptions(options: object): void {
  const given = options as Record<string, Record<string, unknown> | undefined>;
  const rows = Object.entries(GROUPS).flatMap(([group, names]) =>
    names.map((name) => ({ group, name, row: ROWS[name] ?? MORE_ROWS[name] ?? [] })),
  );
  for (const { group, name } of rows) {
    if (!group || given[name] === undefined) continue;
    throw new HeartbeatSocketError('option', `${name} must stand in ${group}, received beside it`);
  }
  for (const { group, name, row } of rows) {
    const value: unknown = group ? given[group]?.[name] : given[name];
    if (value === undefined) continue;
    const [sentence, holds] = check(name, row, value);
    if (holds) continue;
    const received = typeof value === 'string' ? `'${value}'` : String(value);
    throw new HeartbeatSocketError(
      'option',
      `${group ? `${group}.` : ''}${name} must be ${sentence}, received ${received}`,
    );
  }
}
