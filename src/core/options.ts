import type { HeartbeatSettings } from './heartbeat.js';
import { HEARTBEAT_ROWS, type HeartbeatInput, heartbeatFrom, heartbeatOfSocket } from './heartbeat-options.js';
import { isFunction, type OptionRow, type Read } from './option-row.js';
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

const isSerializer = ({ read, write }: Serializer): boolean => isFunction(read) && isFunction(write);

/** What holds where the caller gives no policy. */
export const USUAL_POLICY: Pick<ReconnectSettings, 'retries' | 'delay'> = { retries: -1, delay: backoff() };

/** Every option that has a default, or that production looks at. `check-options.ts` knows the others, and the groups. */
export const ROWS: Record<string, OptionRow> = {
  connectTimeout: [10_000, 1],
  closeAfter: [Infinity, 0],
  binaryType: [undefined, 'blob', 'arraybuffer'],
  serializer: ['raw', 'json', isSerializer],
  beforeConnect: [undefined, isFunction],
  handshake: [undefined, isFunction],
  cursor: [undefined, isFunction],
  // See `Delivery` in `engine.ts`, and `share.ts`.
  delivery: [undefined, (value: { handedOver?: unknown }) => isFunction(value.handedOver)],
  share: [undefined, (value: { connect?: unknown }) => isFunction(value.connect)],
  ...HEARTBEAT_ROWS,
  retries: [USUAL_POLICY.retries, isFunction, -Infinity, Infinity],
  delay: [USUAL_POLICY.delay, isFunction, 0],
  stableAfter: [5_000, 0],
  // After these the same attempt would end the same way: wrong kind of data (1003, 1007), policy (1008), missing extension (1010),
  // unauthorized and forbidden (3000 and 3003 in IANA's registry, 4401 and 4403 by custom).
  finalCodes: [[1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403], isCloseCodes],
  limit: [1_000, 0],
  maxBytes: [Infinity, 0],
  overflow: ['drop-oldest', 'drop-newest'],
  maxAge: [Infinity, 0],
  perSecond: [Infinity, 0.001],
  highWaterMark: [2 ** 20, 0],
};

/** The serializers that have a name. */
const SERIALIZERS: Record<string, Serializer> = { raw, json };

/** Fills in the defaults. `options` are flattened. */
export function resolveOptions(options: Record<string, unknown>, read: Read): Settings {
  const { heartbeat, autoReconnect } = options;
  const all = heartbeatFrom(options, ROWS, read) as Settings;
  return {
    // A copy, since an object that is filled by a loop becomes a hash table: six times the memory for each connection.
    ...all,
    heartbeatOfSocket: isFunction(heartbeat)
      ? () => heartbeatOfSocket(options, heartbeat as () => unknown, read)
      : undefined,
    serializer: SERIALIZERS[all.serializer as never] ?? all.serializer,
    retries: autoReconnect === false ? 0 : all.retries,
  };
}
