/** What development throws at once: options that make no sense. */
import { fail, isReadable, named } from './check-given.js';
import type { HeartbeatInput } from './heartbeat-options.js';
import { kindOf } from './kind-of.js';
import { isFunction, isSource, isUsable, type OptionRow, type Read } from './option-row.js';
import { type OptionsInput, ROWS } from './options.js';
import { isSendable } from './wire-data.js';

/** The sentence that an error shows, and whether the value keeps the rule. */
type Check = readonly [sentence: string, holds: boolean];

export type Rule = (value: unknown, read: Read) => Check;

/** An object that may hold options: no list, no ref, no Set. */
const isGroup = (value: unknown, read: Read): boolean =>
  kindOf(value) === 'Object' && read(value) === value && isReadable(value);

/** Whether a value keeps the rules of its row in `ROWS`, a ref by what it gives now. What a function gives is looked at when it is called. */
const holds = (name: string, value: unknown, read: Read): boolean => {
  const [usual, ...rules] = ROWS[name] as OptionRow;
  const isLater = rules.includes(isSource);
  if (isLater && isFunction(value)) return true;
  return isUsable(isLater ? read(value) : value, [usual, ...rules.filter((rule) => rule !== isSource)], read);
};

const isText = (value: unknown): boolean => typeof value === 'string';

const hasCloseAfter = (value: unknown, read: Read): boolean =>
  isReadable(value) && holds('closeAfter', Object(value).closeAfter, read);

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
  delivery: (value, read) => ['what atLeastOnce() gives', holds('delivery', value, read)],
  share: (value, read) => ['what tabs() gives', holds('share', value, read)],
  pongTimeout: (value, read) => ["a number of ms, 1 or more, or 'auto'", holds('pongTimeout', value, read)],
  buffer: (value, read) => ['an object', isGroup(value, read)],
  WebSocket: (value) => ['a class that makes sockets', isFunction(value)],
  protocols: (value, read) => [
    'a text or a list of texts, or a ref or getter of these',
    isFunction(value) || read(value) === undefined || areTexts(read(value)),
  ],
  serializer: (value, read) => ["'raw', 'json' or { read, write }", holds('serializer', value, read)],
  whenDeactivated: (value) => ["'stay' or 'close'", value === 'stay' || value === 'close'],
  whenHidden: (value, read) => ["'stay' or { closeAfter: ms }", value === 'stay' || hasCloseAfter(value, read)],
  finalCodes: (value, read) => ['a list of close codes', holds('finalCodes', value, read)],
};

/** The units of numbers that are not in ms. */
const UNITS: Record<string, string> = {
  limit: 'messages',
  perSecond: 'messages',
  maxBytes: 'bytes',
  highWaterMark: 'bytes',
};

/** What an option has to be whose rules in `ROWS` are words or a number. */
function sentenceOf(name: string, row: OptionRow): string {
  const words = row.filter((rule) => typeof rule === 'string');
  if (words.length) return words.map((word) => `'${word}'`).join(' or ');
  const least = row.slice(1).find((rule) => typeof rule === 'number') as number;
  const sentence = least < 0 ? 'a number (below 0: no limit)' : `a number of ${UNITS[name] ?? 'ms'}, ${least} or more`;
  return row.includes(isFunction) ? `${sentence}, or a function` : sentence;
}

/** What a number or a word of an option has to be. */
function checkRow(name: string, value: unknown, read: Read): Check {
  const row = ROWS[name];
  return row ? [sentenceOf(name, row), holds(name, value, read)] : ['', true];
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
    const [sentence, holds] = rules[name]?.(value, read) ?? checkRow(name, value, read);
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
