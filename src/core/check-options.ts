/** What development throws at once: options that make no sense. */
import { fail, isReadable, named } from './check-given.js';
import type { HeartbeatInput } from './heartbeat-options.js';
import { isFunction, isGroup, isSource, isUsable, type OptionRow, type Read } from './option-row.js';
import { type OptionsInput, ROWS } from './options.js';

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

/** What an option has to be, where its row in `ROWS` does not say it in words. */
const SENTENCES: Record<string, string> = {
  heartbeat: 'true, false, an object or a function',
  autoReconnect: 'true, false or an object',
  buffer: 'an object',
  message: 'a text or binary data, or a ref or getter of these',
  responseMessage: 'a text or binary data, or a ref or getter of these',
  delivery: 'what atLeastOnce() gives',
  share: 'what tabs() gives',
  pongTimeout: "a number of ms, 1 or more, or 'auto'",
  WebSocket: 'a class that makes sockets',
  protocols: 'a text or a list of texts, or a ref or getter of these',
  serializer: "'raw', 'json' or { read, write }",
  whenHidden: "'stay' or { closeAfter: ms }",
  finalCodes: 'a list of close codes',
  ...{ immediate: 'true or false', autoConnect: 'true or false', autoClose: 'true or false' },
};

/** The units of numbers that are not in ms. */
const UNITS: Record<string, string> = {
  limit: 'messages',
  perSecond: 'messages',
  maxBytes: 'bytes',
  highWaterMark: 'bytes',
};

/** What an option has to be. */
function sentenceOf(name: string): string {
  if (SENTENCES[name]) return SENTENCES[name];
  const row = ROWS[name] as OptionRow;
  const words = row.filter((rule) => typeof rule === 'string');
  if (words.length) return words.map((word) => `'${word}'`).join(' or ');
  const least = row.slice(1).find((rule) => typeof rule === 'number');
  if (least === undefined) return 'a function';
  const sentence = least < 0 ? 'a number (below 0: no limit)' : `a number of ${UNITS[name] ?? 'ms'}, ${least} or more`;
  return row.includes(isFunction) ? `${sentence}, or a function` : sentence;
}

/** Whether an option makes sense: a ref by what it gives now. What a function gives is looked at when it is called. */
function makesSense(name: string, [usual, ...rules]: OptionRow, value: unknown, read: Read): boolean {
  if (name === 'whenHidden') {
    return value === 'stay' || (isReadable(value) && isUsable(Object(value).closeAfter, [usual, ...rules], read));
  }
  // A group that throws when it is read could not be flattened.
  if (name in GROUPS && !isFunction(value) && !isReadable(value)) return false;
  if (!rules.includes(isSource)) return isUsable(value, [usual, ...rules], read);
  return isFunction(value) || isUsable(read(value), [usual, ...rules.filter((rule) => rule !== isSource)], read);
}

/**
 * Throws a HeartbeatSocketError for the first option that makes no sense, with its name, the rule and the value received. An
 * option of a group that stands beside its group means nothing to VueUse, but would act here, where the groups are flattened.
 * `more`: options that the core does not know.
 */
export function checkOptions(
  options: object,
  read: Read = (value) => value,
  more: Record<string, readonly [sentence: string, row: OptionRow]> = {},
): void {
  if (!isGroup(options, read) || !isReadable(options)) {
    fail(`options must be an object, received ${named(options, read)}`);
  }
  const given = options as Record<string, Record<string, unknown> | undefined>;
  const groups = Object.entries({ ...GROUPS, '': [...(GROUPS[''] ?? []), ...Object.keys(more)] });
  const rows = groups.flatMap(([group, names]) => names.map((name) => ({ group, name })));
  for (const { group, name } of rows) {
    if (group && given[name] !== undefined) fail(`${name} must stand in ${group}, received beside it`);
  }
  for (const { group, name } of rows) {
    const from = group ? given[group] : given;
    // What a function gives is looked at when it is called.
    const value: unknown = isFunction(from) ? undefined : from?.[name];
    const [sentence, row] = more[name] ?? [sentenceOf(name), ROWS[name] as OptionRow];
    if (value === undefined || makesSense(name, row, value, read)) continue;
    fail(`${group ? `${group}.` : ''}${name} must be ${sentence}, received ${named(value, read)}`);
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
