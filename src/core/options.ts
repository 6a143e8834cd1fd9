import { type HeartbeatSettings, isBinary, type Liveness } from './heartbeat.js';
import type { BufferSettings, Overflow } from './outbox.js';
import type { CloseInfo } from './ports.js';
import { backoff, type DelayPolicy, type ReconnectSettings } from './reconnect-policy.js';
import { json, raw, type Serializer } from './serializer.js';

export interface OptionsInput {
  connectTimeout?: number;
  heartbeat?:
    | boolean
    | {
        message?: unknown;
        responseMessage?: unknown;
        interval?: number;
        pongTimeout?: number;
        probeTimeout?: number;
        liveness?: Liveness;
        scheduler?: unknown;
      };
  autoReconnect?:
    | boolean
    | {
        retries?: number | ((retried: number, event: CloseInfo) => boolean);
        delay?: number | DelayPolicy;
        stableAfter?: number;
        finalCodes?: readonly number[];
      };
  buffer?: { limit?: number; overflow?: Overflow };
  serializer?: 'raw' | 'json' | Serializer<unknown, never>;
}

/** The options that shape a connection: complete, and without their groups. */
export interface Settings extends HeartbeatSettings, ReconnectSettings, BufferSettings {
  /** ms for `beforeConnect` and the handshake together. */
  readonly connectTimeout: number;
  readonly serializer: Serializer;
}

export const DEFAULTS = {
  connectTimeout: 10_000,
  message: 'HeartBeat' as unknown,
  interval: 10_000,
  pongTimeout: 10_000,
  probeTimeout: 2_000,
  liveness: 'traffic' as Liveness,
  retries: -1 as ReconnectSettings['retries'],
  delay: backoff() as ReconnectSettings['delay'],
  stableAfter: 5_000,
  // After these the same attempt would end the same way: wrong kind of data (1003, 1007), policy (1008), missing
  // extension (1010), unauthorized and forbidden (3000, 3003, and the usual 4401, 4403).
  finalCodes: [1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403] as readonly number[],
  limit: 1_000,
  overflow: 'drop-oldest' as Overflow,
};

/** Of these, 0 makes no sense. */
const TIMES = /Timeout|interval/;

/** Fills in the defaults of options whose groups were taken apart. `read` gives the value behind a ref or getter. */
export function resolveOptions(options: OptionsInput, read: (source: unknown) => unknown): Settings {
  const {
    heartbeat = true,
    autoReconnect,
    serializer,
    responseMessage,
    scheduler,
  } = options as Record<string, unknown>;
  const all: Record<string, unknown> = {};
  for (const key in DEFAULTS) {
    const usual = DEFAULTS[key as keyof typeof DEFAULTS];
    const value: unknown = options[key as keyof OptionsInput];
    // What checkOptions refuses in development must not run wild in production: a number that is none is the default.
    const least = TIMES.test(key) ? 1 : 0;
    const isNumber = Number.isFinite(value) && (value as number) >= least;
    const isBad = typeof usual === 'number' && typeof value !== 'function' && !isNumber;
    all[key] = isBad ? usual : (value ?? usual);
  }
  const { message } = all;
  const plain = typeof message === 'function' ? undefined : read(message);
  return {
    ...(all as typeof DEFAULTS),
    ...(autoReconnect === false && { retries: 0 }),
    ...((!heartbeat || !!scheduler) && { interval: Infinity }),
    beats: !!heartbeat,
    message: () => read(message),
    response(data, sent) {
      if (typeof responseMessage === 'function') return responseMessage(data);
      // A getter is not asked again for what it sends: the answer echoes what was sent.
      return responseMessage === undefined ? (sent ?? plain) : read(responseMessage);
    },
    binary: isBinary(typeof responseMessage === 'function' ? undefined : (read(responseMessage) ?? plain)),
    serializer:
      serializer === 'json' ? json : typeof serializer === 'object' ? (serializer as unknown as Serializer) : raw,
  };
}
