/** What development throws at once: options, urls and messages that make no sense. */
import { HeartbeatSocketError } from './errors.js';
import { kindOf } from './kind-of.js';
import { isUsable, OPTIONS, type OptionRow } from './options.js';
import { isSendable } from './wire-data.js';

/** Reads a ref, and gives any other value as it is. */
type Read = (value: unknown) => unknown;

/** The sentence that an error shows, and whether the value keeps the rule. */
type Check = readonly [sentence: string, holds: boolean];

type Rule = (value: unknown, read: Read) => Check;

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** An object that may hold options: no list, no ref, no Set. */
const isGroup = (value: unknown, read: Read): boolean => kindOf(value) === 'Object' && read(value) === value;

const isText = (value: unknown): boolean => typeof value === 'string';

const aFunction: Rule = (value) => ['a function', isFunction(value)];
const aBoolean: Rule = (value) => ['true or false', typeof value === 'boolean'];

/** The rule of each option that is neither a number nor a list of words. */
const RULES: Record<string, Record<string, Rule>> = {
  '': {
    ...Object.fromEntries(['immediate', 'autoConnect', 'autoClose'].map((name) => [name, aBoolean])),
    ...Object.fromEntries(
      ['onConnected', 'onDisconnected', 'onError', 'onMessage', 'onSend', 'onEvent', 'beforeConnect', 'handshake'].map(
        (name) => [name, aFunction],
      ),
    ),
    WebSocket: (value) => ['a class that makes sockets', isFunction(value)],
    window: (value, read) => ['a window', typeof value === 'object' && value !== null && read(value) === value],
    binaryType: (value) => ["'blob' or 'arraybuffer'", value === 'blob' || value === 'arraybuffer'],
    protocols: (value, read) => [
      'a text or a list of texts, or a ref or getter of these',
      isFunction(value) || read(value) === undefined || [read(value)].flat().every(isText),
    ],
    heartbeat: (value, read) => ['true, false or an object', typeof value === 'boolean' || isGroup(value, read)],
    autoReconnect: (value, read) => ['true, false or an object', typeof value === 'boolean' || isGroup(value, read)],
    buffer: (value, read) => ['an object', isGroup(value, read)],
    serializer: (value) => ["'raw', 'json' or { read, write }", isUsable(value, [undefined, 'serializer'])],
    whenHidden: (value) => [
      "'stay' or { closeAfter: ms }",
      value === 'stay' || (kindOf(value) === 'Object' && isUsable(Object(value).closeAfter, [undefined, 0])),
    ],
  },
  heartbeat: {
    message: (value, read) => [
      'a text or binary data, or a ref or getter of these',
      isFunction(value) || isSendable(read(value)),
    ],
    responseMessage: (value, read) => [
      'a text or binary data, a ref of these, or a function',
      isFunction(value) || isSendable(read(value)),
    ],
    scheduler: aFunction,
  },
  autoReconnect: {
    onFailed: aFunction,
    finalCodes: (value) => ['a list of close codes', isUsable(value, [undefined, 'closeCodes'])],
  },
  buffer: { onDropped: aFunction },
};

/** The units of numbers that are not in ms. */
const UNITS: Record<string, string> = {
  limit: 'messages',
  perSecond: 'messages',
  maxBytes: 'bytes',
  highWaterMark: 'bytes',
};

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' or ');

/** What a number or a word of an option has to be. */
function checkRow(name: string, row: OptionRow, value: unknown, read: Read): Check {
  const [, rule, or] = row;
  if (Array.isArray(rule)) return [quoted(rule), isUsable(value, row)];
  if (typeof rule !== 'number') return ['', true];
  const sentence = rule < 0 ? 'a number (below 0: no limit)' : `a number of ${UNITS[name] ?? 'ms'}, ${rule} or more`;
  const holds = isUsable(or === 'source' ? read(value) : value, row);
  return [or === 'function' ? `${sentence}, or a function` : sentence, holds];
}

/** A value as an error names it. An object may hold secrets, so only its kind is told. */
const named = (value: unknown, read: Read): string => {
  if (typeof value === 'string') return `'${value}'`;
  if (Object(value) !== value) return String(value);
  const kind = read(value) === value ? kindOf(value) : 'ref';
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
};

const fail = (sentence: string): never => {
  throw new HeartbeatSocketError('option', sentence);
};

/**
 * Throws a HeartbeatSocketError for the first option that makes no sense, with its name, the rule and the value received. An option of
 * a group that stands beside its group means nothing to VueUse, but would act here, where the groups are flattened.
 */
export function checkOptions(options: object, read: Read = (value) => value): void {
  if (!isGroup(options, read)) fail(`options must be an object, received ${named(options, read)}`);
  const given = options as Record<string, Record<string, unknown> | undefined>;
  const rows = Object.keys(RULES).flatMap((group) =>
    [...new Set([...Object.keys(OPTIONS[group] ?? {}), ...Object.keys(RULES[group] ?? {})])].map((name) => ({
      group,
      name,
    })),
  );
  for (const { group, name } of rows) {
    if (group && given[name] !== undefined) fail(`${name} must stand in ${group}, received beside it`);
  }
  for (const { group, name } of rows) {
    const value: unknown = group ? given[group]?.[name] : given[name];
    if (value === undefined) continue;
    const rule = RULES[group]?.[name];
    const [sentence, holds] = rule ? rule(value, read) : checkRow(name, OPTIONS[group]?.[name] ?? [], value, read);
    if (!holds) fail(`${group ? `${group}.` : ''}${name} must be ${sentence}, received ${named(value, read)}`);
  }
}

/** Whether a value can be a url, or says that there is none. */
export const isUrl = (url: unknown): boolean =>
  url === undefined || url === null || typeof url === 'string' || typeof Object(url).href === 'string';

/** Throws for a url that makes no sense. What a getter gives is looked at when the connection reads it. */
export function checkUrl(url: unknown, read: Read): void {
  if (isFunction(url) || isUrl(read(url))) return;
  fail(`url must be a text or a URL, or a ref or getter of these, received ${named(read(url), read)}`);
}
