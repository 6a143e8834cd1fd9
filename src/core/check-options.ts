/** What development throws at once: options that make no sense. */
import { fail, isReadable, named } from './check-given.js';
import type { HeartbeatInput } from './heartbeat-options.js';
import { kindOf } from './kind-of.js';
import { isFunction, isUsable, type OptionRow, type Read } from './option-row.js';
import { isCloseCodes, isSerializer, type OptionsInput, ROWS } from './options.js';
import { isSendable } from './wire-data.js';

/** The sentence that an error shows, and whether the value keeps the rule. */
type Check = readonly [sentence: string, holds: boolean];

export type Rule = (value: unknown, read: Read) => Check;

/** An object that may hold options: no list, no ref, no Set. */
const isGroup = (value: unknown, read: Read): boolean =>
  kindOf(value) === 'Object' && read(value) === value && isReadable(value);

const isText = (value: unknown): boolean => typeof value === 'string';

const hasCloseAfter = (value: unknown): boolean =>
  isReadable(value) && isUsable(Object(value).closeAfter, ROWS.closeAfter as OptionRow);

const areTexts = (value: unknown): boolean => isText(value) || (isReadable(value) && [value].flat().every(isText));

/** Every option, by its group. */
const GROUPS: Record<string, readonly string[]> = {
  '': [
    ...[
      'onConnected',
      'onDisconnected',
      'onError',
      'onMessage',
      'onSend',
      'onEvent',
      'beforeConnect',
      'handshake',
      'cursor',
      'onDelivered',
      'delivery',
      'share',
    ],
    ...['immediate', 'autoConnect', 'autoClose', 'protocols', 'binaryType', 'connectTimeout', 'serializer'],
    ...['whenDeactivated', 'whenHidden', 'WebSocket', 'heartbeat', 'autoReconnect', 'buffer'],
  ],
  heartbeat: [
    ...['beats', 'message', 'responseMessage', 'control', 'interval', 'pongTimeout', 'probeTimeout'],
    ...['liveness', 'scheduler'],
  ],
  autoReconnect: ['retries', 'delay', 'onFailed', 'stableAfter', 'finalCodes'],
  buffer: ['limit', 'maxBytes', 'overflow', 'maxAge', 'perSecond', 'highWaterMark', 'onDropped'],
};

const aFunction: Rule = (value) => ['a function', isFunction(value)];
const aBoolean: Rule = (value) => ['true or false', typeof value === 'boolean'];
const aGroup: Rule = (value, read) => ['true, false or an object', typeof value === 'boolean' || isGroup(value, read)];
const aHeartbeat: Rule = (value, read) => [
  'true, false, an object or a function',
  isFunction(value) || aGroup(value, read)[1],
];
const data: Rule = (value, read) => [
  'a text or binary data, or a ref or getter of these',
  isFunction(value) || isSendable(read(value)),
];
/** A ref may have no answer yet. */
const answer: Rule = (value, read) =>
  read(value) === undefined ? ['a text or binary data', read(value) !== value] : data(value, read);

/** The rule of each option that is neither a number nor a word of a list in `ROWS`. */
const RULES: Record<string, Rule> = {
  ...{ immediate: aBoolean, autoConnect: aBoolean, autoClose: aBoolean },
  ...{ onConnected: aFunction, onDisconnected: aFunction, onError: aFunction, onMessage: aFunction, onSend: aFunction },
  ...{ onEvent: aFunction, onFailed: aFunction, onDropped: aFunction, beforeConnect: aFunction, handshake: aFunction },
  ...{
    scheduler: aFunction,
    control: aFunction,
    heartbeat: aHeartbeat,
    autoReconnect: aGroup,
    message: data,
    responseMessage: answer,
  },
  ...{ cursor: aFunction, onDelivered: aFunction },
  delivery: (value) => ['what atLeastOnce() gives', isUsable(value, ROWS.delivery as OptionRow)],
  share: (value) => ['what tabs() gives', isUsable(value, ROWS.share as OptionRow)],
  pongTimeout: (value, read) => [
    "a number of ms, 1 or more, or 'auto'",
    isFunction(value) || isUsable(read(value), ROWS.pongTimeout as OptionRow),
  ],
  buffer: (value, read) => ['an object', isGroup(value, read)],
  WebSocket: (value) => ['a class that makes sockets', isFunction(value)],
  protocols: (value, read) => [
    'a text or a list of texts, or a ref or getter of these',
    isFunction(value) || read(value) === undefined || areTexts(read(value)),
  ],
  serializer: (value) => ["'raw', 'json' or { read, write }", isUsable(value, [undefined, isSerializer])],
  whenDeactivated: (value) => ["'stay' or 'close'", value === 'stay' || value === 'close'],
  whenHidden: (value) => ["'stay' or { closeAfter: ms }", value === 'stay' || hasCloseAfter(value)],
  finalCodes: (value) => ['a list of close codes', isUsable(value, [undefined, isCloseCodes])],
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

/**
 * Throws a HeartbeatSocketError for the first option that makes no sense, with its name, the rule and the value received. An
 * option of a group that stands beside its group means nothing to VueUse, but would act here, where the groups are flattened.
 * `more`: the rules of options that the core does not know.
 */
export function checkOptions(options: object, read: Read = (value) => value, more: Record<string, Rule> = {}): void {
  if (!isGroup(options, read)) fail(`options must be an object, received ${named(options, read)}`);
  const given = options as Record<string, Record<string, unknown> | undefined>;
  const rows = Object.entries({ ...GROUPS, '': [...(GROUPS[''] ?? []), ...Object.keys(more)] }).flatMap(
    ([group, names]) => names.map((name) => ({ group, name })),
  );
  const rules = { ...RULES, ...more };
  for (const { group, name } of rows) {
    if (group && given[name] !== undefined) fail(`${name} must stand in ${group}, received beside it`);
  }
  for (const { group, name } of rows) {
    const from = group ? given[group] : given;
    // What a function gives is looked at when it is called.
    const value: unknown = isFunction(from) ? undefined : from?.[name];
    if (value === undefined) continue;
    const [sentence, holds] = rules[name]?.(value, read) ?? checkRow(name, ROWS[name] ?? [], value, read);
    if (!holds) fail(`${group ? `${group}.` : ''}${name} must be ${sentence}, received ${named(value, read)}`);
  }
}

type FlatInput = OptionsInput & HeartbeatInput & { limit?: number };

/**
 * Throws where delivery with proof lacks what it needs of other options. These are flattened, and those of the plugin are among
 * them.
 */
export function checkDelivery({ delivery, heartbeat, beats, limit }: FlatInput): void {
  if (!delivery) return;
  if (['server', 'both'].includes(beats as string) && (delivery as { needsBeats: boolean }).needsBeats) {
    fail(`delivery must have heartbeat.beats: 'client', or atLeastOnce({ ack }), received '${beats}'`);
  }
  if (heartbeat === false && (delivery as { needsBeats: boolean }).needsBeats) {
    fail('delivery must have a heartbeat, or atLeastOnce({ ack }), received heartbeat: false');
  }
  if (limit === 0) fail('buffer.limit must be a number of messages, 1 or more, beside delivery, received 0');
}
