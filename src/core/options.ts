import type { HeartbeatSettings, Liveness } from './heartbeat.js';
import type { BufferSettings } from './outbox.js';
import { peekAt } from './read-options.js';
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
  cursor?: (value: unknown) => unknown;
  delivery?: unknown;
  share?: unknown;
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
  /** What the socket gives for a binary message. Undefined: what the browser gives, or what the heartbeat needs. */
  readonly binaryType?: string | undefined;
  /** What follows messages until they are delivered. Undefined: nothing does. */
  readonly delivery?: unknown;
  /** Makes a connection that others have as well. Undefined: nobody else has it. */
  readonly share?: unknown;
  readonly beforeConnect?: unknown;
  readonly handshake?: unknown;
  /** Gives the place of a message in the stream. Undefined: the place before stays. */
  readonly cursor?: ((value: unknown) => unknown) | undefined;
}

/**
 * An option: its default, and what it has to be: a number (the least one that makes sense), a list (one of these words), or what a
 * function says. `or`: it may be a function as well, or a ref or getter of such a value.
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
  closeAfter: [Infinity, 0],
  binaryType: [undefined, ['blob', 'arraybuffer']],
  serializer: ['raw', isSerializer],
  beforeConnect: [undefined, isFunction],
  handshake: [undefined, isFunction],
  cursor: [undefined, isFunction],
  // See `Delivery` in `engine.ts`, and `share.ts`.
  delivery: [undefined, (value) => isFunction(Object(value).handedOver)],
  share: [undefined, (value) => isFunction(Object(value).connect)],
  scheduler: [undefined, isFunction],
  message: ['HeartBeat', isSendable, 'source'],
  responseMessage: [undefined, isSendable, 'source'],
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

/** The serializers that have a name. */
const SERIALIZERS: Record<string, Serializer> = { raw, json };

/** Fills in the defaults. `options` are flattened; `read` gives the value behind a ref or getter. */
export function resolveOptions(options: Record<string, unknown>, read: (source: unknown) => unknown): Settings {
  const beats = options.heartbeat !== false;
  let wrong = options.wrong as string | undefined;
  const usable = (name: string, value: unknown, row: OptionRow): unknown => {
    if (isUsable(value, row)) return value;
    if (value !== undefined) wrong ??= name;
    return row[0];
  };
  const all: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(ROWS)) {
    const value = options[name];
    // What a ref or getter gives is looked at when it is used.
    const isRef = row[2] === 'source' && !Object.is(peekAt(value, read), value);
    all[name] = isRef ? value : usable(name, value, row);
  }
  const { scheduler, serializer, message, responseMessage, interval, pongTimeout } = all;
  // A getter that gives a function gives no number.
  const source = (name: string, value: unknown) => () => usable(name, read(value), [USUAL_FIGURE, 1]) as number;
  const plain = (value: unknown): unknown => (isFunction(value) ? undefined : peekAt(value, read));
  const plainMessage = plain(message);
  const settings = {
    // A copy, since an object that is filled by a loop becomes a hash table: six times the memory for each connection.
    ...all,
    serializer: SERIALIZERS[serializer as string] ?? (serializer as Serializer),
    beats,
    message: () => read(message),
    plainMessage,
    // A function is asked, and anything else is read, with each message.
    response:
      responseMessage === undefined || isFunction(responseMessage)
        ? (responseMessage as Settings['response'])
        : (): unknown => read(responseMessage),
    binary: isBinary(plain(responseMessage) ?? plainMessage),
    interval: !beats || scheduler ? () => Infinity : source('interval', interval),
    pongTimeout: source('pongTimeout', pongTimeout),
    liveness: beats ? all.liveness : 'traffic',
    retries: options.autoReconnect === false ? 0 : all.retries,
    wrong,
  };
  return settings as unknown as Settings;
}
