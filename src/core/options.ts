import { type HeartbeatSettings, isBinary, type Liveness } from './heartbeat.js';
import type { BufferSettings } from './outbox.js';
import { backoff, type DelayPolicy, type ReconnectSettings } from './reconnect-policy.js';
import { json, raw, type Serializer } from './serializer.js';

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
  /** ms for `beforeConnect`, the WebSocket handshake and the application's handshake together. */
  readonly connectTimeout: number;
  /** ms on a hidden page after which the connection is put away. */
  readonly closeAfter: number;
  readonly serializer: Serializer;
}

/**
 * An option: its default, and what it has to be: a number (the least one that makes sense), a list (one of these words), or a word for
 * which `check-options.ts` has the rule. `or`: it may be a function as well, or a ref or getter of such a number.
 */
export type OptionRow = readonly [
  usual?: unknown,
  rule?: number | readonly string[] | 'closeCodes' | 'group' | 'object' | 'serializer' | 'whenHidden',
  or?: 'function' | 'source',
];

/** What holds where the caller gives no policy. */
export const USUAL_POLICY: Pick<ReconnectSettings, 'retries' | 'delay'> = { retries: -1, delay: backoff() };

/** The default of `interval` and of `pongTimeout` (ms). */
export const USUAL_FIGURE = 10_000;

/** Every option that has a default. `check-options.ts` knows the others, and the groups. */
export const ROWS: Record<string, OptionRow> = {
  connectTimeout: [10_000, 1],
  message: ['HeartBeat'],
  interval: [USUAL_FIGURE, 1, 'source'],
  pongTimeout: [USUAL_FIGURE, 1, 'source'],
  probeTimeout: [2_000, 1],
  liveness: ['traffic', ['traffic', 'response']],
  retries: [USUAL_POLICY.retries, -Infinity, 'function'],
  delay: [USUAL_POLICY.delay, 0, 'function'],
  stableAfter: [5_000, 0],
  // After these the same attempt would end the same way: wrong kind of data (1003, 1007), policy (1008), missing extension (1010),
  // unauthorized and forbidden (3000 and 3003 in IANA's registry, 4401 and 4403 by custom).
  finalCodes: [[1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403], 'closeCodes'],
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

/** Whether production may use a value. What `checkOptions` refuses in development must not run wild there. */
const isUsable = (value: unknown, rule: OptionRow[1], or?: OptionRow[2]): boolean =>
  typeof rule === 'number'
    ? (or && typeof value === 'function') || (Number.isFinite(value) && (value as number) >= rule)
    : rule === 'closeCodes'
      ? Array.isArray(value)
      : !Array.isArray(rule) || rule.includes(value);

/**
 * Fills in the defaults. `options` are flattened; `read` gives the value behind a ref or getter. Each name stands here, since an object
 * that is filled by a loop becomes a hash table: six times the memory for each connection.
 */
export function resolveOptions(options: Record<string, unknown>, read: (source: unknown) => unknown): Settings {
  const { heartbeat = true, autoReconnect, serializer, responseMessage, scheduler, whenHidden } = options;
  const usable = (name: string, value: unknown): unknown => {
    const [usual, rule, or] = ROWS[name] as OptionRow;
    return isUsable(value, rule, or) ? (value ?? usual) : usual;
  };
  const of = <T>(name: string): T => usable(name, options[name]) as T;
  const source = (name: string) => (): number => usable(name, read(options[name])) as number;
  const message = of('message');
  const { closeAfter } = Object(whenHidden);
  const plainMessage = typeof message === 'function' ? undefined : read(message);
  const answer = typeof responseMessage === 'function' ? undefined : read(responseMessage);
  return {
    connectTimeout: of('connectTimeout'),
    closeAfter: isUsable(closeAfter, 0) ? closeAfter : Infinity,
    serializer: serializer === 'json' ? json : typeof serializer === 'object' ? (serializer as Serializer) : raw,
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
    finalCodes: of('finalCodes'),
    limit: of('limit'),
    maxBytes: of('maxBytes'),
    overflow: of('overflow'),
    maxAge: of('maxAge'),
    perSecond: of('perSecond'),
    highWaterMark: of('highWaterMark'),
  };
}
