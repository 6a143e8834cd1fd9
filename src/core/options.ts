import type { HeartbeatSettings } from './heartbeat.js';
import { HEARTBEAT_ROWS, type HeartbeatInput, heartbeatFrom, heartbeatOfSocket } from './heartbeat-options.js';
import { CALLBACK, isBoolean, isFunction, isGroup, isSource, type OptionRow, type Read, SWITCH } from './option-row.js';
import type { BufferSettings } from './outbox.js';
import { backoff, type DelayPolicy, type ReconnectSettings } from './reconnect-policy.js';
import { json, raw, type Serializer } from './serializer.js';

export interface OptionsInput {
  connectTimeout?: number;
  whenHidden?: 'stay' | { closeAfter: number };
  heartbeat?: boolean | HeartbeatInput | (() => boolean | HeartbeatInput);
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
  /** The function form of `heartbeat`: gives the heartbeat of the next socket. */
  readonly heartbeatOfSocket?: (() => ReturnType<typeof heartbeatOfSocket>) | undefined;
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

const isCloseCodes = (value: unknown): boolean => Array.isArray(value) && value.every(Number.isInteger);

const areTexts = (value: unknown): boolean => [value].flat().every((one) => typeof one === 'string');

const isSerializer = ({ read, write }: Serializer): boolean => isFunction(read) && isFunction(write);

/** What holds where the caller gives no policy. */
export const USUAL_POLICY: Pick<ReconnectSettings, 'retries' | 'delay'> = { retries: -1, delay: backoff() };

/** Whether a value is an object with a function of this name. */
export const having =
  (name: string) =>
  (value: Record<string, unknown>): boolean =>
    isFunction(value[name]);

/** Every option. `check-options.ts` knows in which group each stands, and what an error of development says of it. */
export const ROWS: Record<string, OptionRow> = {
  immediate: SWITCH,
  autoConnect: SWITCH,
  autoClose: SWITCH,
  onConnected: CALLBACK,
  onDisconnected: CALLBACK,
  onError: CALLBACK,
  onMessage: CALLBACK,
  onSend: CALLBACK,
  onEvent: CALLBACK,
  onDelivered: CALLBACK,
  onDropped: CALLBACK,
  onFailed: CALLBACK,
  beforeConnect: CALLBACK,
  handshake: CALLBACK,
  cursor: CALLBACK,
  WebSocket: CALLBACK,
  ...HEARTBEAT_ROWS,
  // The options as a whole, as the app gave them.
  options: [undefined, isGroup],
  buffer: [undefined, isGroup],
  autoReconnect: [true, isBoolean, isGroup],
  // See `Delivery` in `engine.ts`, and `share.ts`.
  delivery: [undefined, having('handedOver')],
  share: [undefined, having('connect')],
  protocols: [undefined, areTexts, isSource],
  binaryType: [undefined, 'blob', 'arraybuffer'],
  serializer: ['raw', 'json', isSerializer],
  whenDeactivated: ['stay', 'close'],
  overflow: ['drop-oldest', 'drop-newest'],
  // ms, once it is flattened. `'stay'` is Infinity.
  whenHidden: [Infinity, 0],
  connectTimeout: [10_000, 1],
  stableAfter: [5_000, 0],
  limit: [1_000, 0],
  highWaterMark: [2 ** 20, 0],
  maxBytes: [Infinity, 0],
  maxAge: [Infinity, 0],
  perSecond: [Infinity, 0.001],
  retries: [USUAL_POLICY.retries, isFunction, -Infinity, Infinity],
  delay: [USUAL_POLICY.delay, isFunction, 0],
  // After these the same attempt would end the same way: wrong kind of data (1003, 1007), policy (1008), missing extension (1010),
  // unauthorized and forbidden (3000 and 3003 in IANA's registry, 4401 and 4403 by custom).
  finalCodes: [[1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403], isCloseCodes],
};

/** The serializers that have a name. */
const SERIALIZERS: Record<string, Serializer> = { raw, json };

/** Fills in the defaults. `options` are flattened. `more`: options that the core does not know. */
export function resolveOptions(
  options: Record<string, unknown>,
  read: Read,
  more?: Record<string, OptionRow>,
): Settings {
  const all = heartbeatFrom(options, { ...ROWS, ...more }, read) as Settings &
    Record<'autoReconnect' | 'whenHidden', unknown>;
  const { heartbeat, heartbeatOf } = options;
  return {
    // A copy, since an object that is filled by a loop becomes a hash table: six times the memory for each connection.
    ...all,
    heartbeatOfSocket:
      heartbeat !== false && isFunction(heartbeatOf)
        ? () => heartbeatOfSocket(options, heartbeatOf as () => unknown, read)
        : undefined,
    serializer: SERIALIZERS[all.serializer as never] ?? all.serializer,
    closeAfter: all.whenHidden as number,
    retries: all.autoReconnect === false ? 0 : all.retries,
  };
}
