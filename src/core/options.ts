import type { HeartbeatSettings, Liveness } from './heartbeat.js';
import type { BufferSettings } from './outbox.js';
import { backoff, type DelayPolicy, type ReconnectSettings } from './reconnect-policy.js';
import { json, raw, type Serializer } from './serializer.js';
import { isBinary, isSendable } from './wire-data.js';

export interface OptionsInput {
  connectTimeout?: number;
  whenHidden?: 'stay' | { closeAfter: number };
  heartbeat?:
    | boolean
    | {
        message?: unknown;
        responseMessage?: unknown;
        interval?: unknown;
        pongTimeout?: unknown;
        probeTimeout?: number;
        liveness?: Liveness;
        scheduler?: unknown;
      };
  autoReconnect?:
    | boolean
    | {
        retries?: ReconnectSettings['retries'];
        delay?: number | DelayPolicy;
        stableAfter?: number;
        finalCodes?: readonly number[];
      };
  buffer?: Partial<BufferSettings>;
  serializer?: 'raw' | 'json' | Serializer<unknown, never>;
}

/** The options of a connection: complete, and flattened. */
export interface Settings extends HeartbeatSettings, ReconnectSettings, BufferSettings {
  /** An option that makes no sense, so that its default holds. In development such an option throws. */
  readonly wrong: string | undefined;
  /** ms for `beforeConnect`, the WebSocket handshake and the application's handshake together. */
  readonly connectTimeout: number;
  /** ms on a hidden page after which the connection is put away. */
  readonly closeAfter: number;
  readonly serializer: Serializer;
  readonly beforeConnect?: unknown;
  readonly handshake?: unknown;
}

/**
 * An option: its default, and what it has to be: a number (the least one that makes sense), a list (one of these words), or what a
 * function says. `or`: it may be a function as well, or a ref or getter of such a number.
 */
export type OptionRow = readonly [
  usual?: unknown,
  rule?: number | readonly string[] | ((value: unknown) => boolean),
  or?: 'function' | 'source',
];

const isFunction = (value: unknown): boolean => typeof value === 'function';

export const isCloseCodes = (value: unknown): boolean => Array.isArray(value) && value.every(Number.isInteger);

export const isSerializer = (value: unknown): boolean =>
  ['raw', 'json'].includes(value as string) || (isFunction(Object(value).read) && isFunction(Object(value).write));

/** What holds where the caller gives no policy. */
export const USUAL_POLICY: Pick<ReconnectSettings, 'retries' | 'delay'> = { retries: -1, delay: backoff() };

/** The default of `interval` and of `pongTimeout` (ms). */
export const USUAL_FIGURE = 10_000;

/** Every option that has a default, or that production looks at. `check-options.ts` knows the others, and the groups. */
export const ROWS: Record<string, OptionRow> = {
  connectTimeout: [10_000, 1],
  serializer: ['raw', isSerializer],
  beforeConnect: [undefined, isFunction],
  handshake: [undefined, isFunction],
  scheduler: [undefined, isFunction],
  message: ['HeartBeat', isSendable, 'function'],
  interval: [USUAL_FIGURE, 1, 'source'],
  pongTimeout: [USUAL_FIGURE, 1, 'source'],
  probeTimeout: [2_000, 1],
  liveness: ['traffic', ['traffic', 'response']],
  retries: [USUAL_POLICY.retries, -Infinity, 'function'],
  delay: [USUAL_POLICY.delay, 0, 'function'],
  stableAfter: [5_000, 0],
  // After these the same attempt would end the same way: wrong kind of data (1003, 1007), policy (1008), missing extension (1010),
  // unauthorized and forbidden (3000 and 3003 in IANA's registry, 4401 and 4403 by custom).
  finalCodes: [[1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403], isCloseCodes],
  limit: [1_000, 0],
  maxBytes: [Infinity, 0],
  overflow: ['drop-oldest', ['drop-oldest', 'drop-newest']],
  maxAge: [Infinity, 0],
  perSecond: [Infinity, 0.001],
  highWaterMark: [2 ** 20, 0],
};

/** Lays the options of the groups beside the others, so that defaults and options can be laid one over the other. */
export function flattenOptions<Options extends { heartbeat?: unknown; autoReconnect?: unknown; buffer?: unknown }>(
  options: Options,
): Record<string, unknown> {
  const { heartbeat, autoReconnect, buffer } = options;
  const all: Record<string, unknown> = {
    ...options,
    ...(heartbeat as object),
    ...(autoReconnect as object),
    ...(buffer as object),
  };
  // An option given as undefined must not hide a default.
  for (const key in all) if (all[key] === undefined) delete all[key];
  return all;
}

/** Whether an option can be used. What `checkOptions` refuses in development must not run wild in production. */
export function isUsable(value: unknown, [usual, rule = 0, or]: OptionRow): boolean {
  if (or && isFunction(value)) return true;
  if (typeof rule === 'function') return rule(value);
  if (typeof rule === 'object') return rule.includes(value as string);
  return typeof value === 'number' && value >= rule && (value < Infinity || rule < 0 || usual === value);
}

/** The serializer that is meant. What the app changes in its own object later has no effect. */
const serializerOf = (given: unknown): Serializer => {
  const { read, write } = given as Serializer;
  if (given === 'json') return json;
  return given === 'raw' ? raw : { read: read.bind(given), write: write.bind(given) };
};

/**
 * Fills in the defaults. `options` are flattened; `read` gives the value behind a ref or getter. Each name stands here, since an object
 * that is filled by a loop becomes a hash table: six times the memory for each connection.
 */
export function resolveOptions(options: Record<string, unknown>, read: (source: unknown) => unknown): Settings {
  const { heartbeat = true, autoReconnect, responseMessage, whenHidden } = options;
  let wrong: string | undefined;
  const of = <T>(name: string): T => {
    const row = ROWS[name] as OptionRow;
    const value = options[name];
    if (isUsable(value, row)) return value as T;
    if (value !== undefined) wrong ??= name;
    return row[0] as T;
  };
  const source = (name: string) => (): number => {
    const [usual, least = 0] = ROWS[name] as OptionRow;
    const value = read(options[name]);
    return (isUsable(value, [usual, least]) ? value : usual) as number;
  };
  const scheduler = of('scheduler');
  // What a ref gives is looked at when it is sent.
  const isRef = typeof options.message === 'object' && read(options.message) !== options.message;
  const message = isRef ? options.message : of('message');
  const { closeAfter } = Object(whenHidden);
  const plainMessage = typeof message === 'function' ? undefined : read(message);
  const answer = typeof responseMessage === 'function' ? undefined : read(responseMessage);
  const settings: Omit<Settings, 'wrong'> = {
    connectTimeout: of('connectTimeout'),
    closeAfter: isUsable(closeAfter, [undefined, 0]) ? closeAfter : Infinity,
    serializer: serializerOf(of('serializer')),
    beforeConnect: of('beforeConnect'),
    handshake: of('handshake'),
    beats: !!heartbeat,
    message: () => read(message),
    plainMessage,
    // A function is asked, and anything else is read, with each message.
    response:
      responseMessage === undefined || typeof responseMessage === 'function'
        ? (responseMessage as Settings['response'])
        : (): unknown => read(responseMessage),
    binary: isBinary(answer ?? plainMessage),
    interval: heartbeat && !scheduler ? source('interval') : () => Infinity,
    pongTimeout: source('pongTimeout'),
    probeTimeout: of('probeTimeout'),
    liveness: of('liveness'),
    retries: autoReconnect === false ? 0 : of('retries'),
    delay: of('delay'),
    stableAfter: of('stableAfter'),
    finalCodes: [...of<number[]>('finalCodes')],
    limit: of('limit'),
    maxBytes: of('maxBytes'),
    overflow: of('overflow'),
    maxAge: of('maxAge'),
    perSecond: of('perSecond'),
    highWaterMark: of('highWaterMark'),
  };
  return { ...settings, wrong };
}
