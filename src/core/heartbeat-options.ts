/** The options of the group `heartbeat`. */
import type { HeartbeatSettings, Liveness } from './heartbeat.js';
import { CALLBACK, fillIn, isBoolean, isFunction, isGroup, isSource, type OptionRow, type Read } from './option-row.js';
import { flattenOptions, peekAt } from './read-options.js';
import { isBinary, isSendable } from './wire-data.js';

export interface HeartbeatInput {
  beats?: 'client' | 'server' | 'both';
  message?: unknown;
  responseMessage?: unknown;
  control?: (data: never) => unknown;
  interval?: unknown;
  pongTimeout?: unknown;
  probeTimeout?: number;
  liveness?: Liveness;
  scheduler?: unknown;
}

/** The default of `interval` and of `pongTimeout` (ms). */
export const USUAL_FIGURE = 10_000;

/** See `ROWS` in `options.ts`. */
export const HEARTBEAT_ROWS: Record<string, OptionRow> = {
  scheduler: CALLBACK,
  control: CALLBACK,
  heartbeat: [true, isBoolean, isGroup, isFunction],
  message: ['HeartBeat', isSendable, isSource],
  responseMessage: [undefined, isSendable, isSource],
  interval: [USUAL_FIGURE, isSource, 1],
  pongTimeout: [USUAL_FIGURE, isSource, 1, 'auto'],
  probeTimeout: [2_000, 1],
  beats: ['client', 'server', 'both'],
  liveness: ['traffic', 'response'],
};

/**
 * The options that `rows` name, complete, with the heartbeat that comes of them. `options` are flattened. `wrong`: see `Settings` in
 * `options.ts`.
 */
export function heartbeatFrom(
  options: Record<string, unknown>,
  rows: Record<string, OptionRow>,
  read: Read,
): HeartbeatSettings & { readonly wrong: string | undefined } {
  const all = fillIn(options, rows, read);
  const { scheduler, message, responseMessage, interval, pongTimeout } = all;
  const beats = all.heartbeat !== false && all.beats;
  const plainMessage = peekAt(message, read);
  return {
    ...all,
    beats,
    message: () => read(message),
    plainMessage,
    // A function is asked, and anything else is read, with each message.
    response:
      responseMessage === undefined || isFunction(responseMessage)
        ? responseMessage
        : (): unknown => read(responseMessage),
    binary: isBinary(peekAt(responseMessage, read) ?? plainMessage),
    interval: !beats || (scheduler && beats === 'client') ? undefined : () => read(interval),
    pongTimeout: () => read(pongTimeout),
    liveness: beats ? all.liveness : 'traffic',
  } as unknown as ReturnType<typeof heartbeatFrom>;
}

/**
 * Flattened options, with what the function form of `heartbeat` has given. What a component gives stands over what the function of the
 * plugin gives.
 */
export function overFunction(options: { readonly heartbeat?: unknown }, heartbeat: unknown): Record<string, unknown> {
  const given = flattenOptions({ heartbeat });
  return isFunction(options.heartbeat) ? { ...options, ...given } : { ...given, ...options };
}

/** What the function form of `heartbeat` makes: the heartbeat of one socket. `options`: all that was given, flattened. */
export function heartbeatOfSocket(
  options: Record<string, unknown>,
  give: () => unknown,
  read: Read,
): ReturnType<typeof heartbeatFrom> {
  // The scheduler was called when the connection was made, so another one has no effect.
  const own = { ...overFunction(options, give()), scheduler: options.scheduler };
  return heartbeatFrom(own, HEARTBEAT_ROWS, read);
}
