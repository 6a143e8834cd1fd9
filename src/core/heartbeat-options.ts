/** The options of the group `heartbeat`. */
import type { HeartbeatSettings, Liveness } from './heartbeat.js';
import { fillIn, isFunction, isUsable, type OptionRow, type Read } from './option-row.js';
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

const isPongTimeout = (value: unknown): boolean => value === 'auto' || isUsable(value, [undefined, 1]);

/** See `ROWS` in `options.ts`. */
export const HEARTBEAT_ROWS: Record<string, OptionRow> = {
  beats: ['client', ['client', 'server', 'both']],
  scheduler: [undefined, isFunction],
  message: ['HeartBeat', isSendable, 'source'],
  responseMessage: [undefined, isSendable, 'source'],
  control: [undefined, isFunction],
  interval: [USUAL_FIGURE, 1, 'source'],
  pongTimeout: [USUAL_FIGURE, isPongTimeout, 'source'],
  probeTimeout: [2_000, 1],
  liveness: ['traffic', ['traffic', 'response']],
};

/** The heartbeat, of flattened options and their defaults. */
export function heartbeatFrom(all: Record<string, unknown>, isOn: boolean, read: Read): HeartbeatSettings {
  const { scheduler, message, responseMessage, interval, pongTimeout } = all;
  const beats = isOn && all.beats;
  // A getter that gives nonsense, a function for example, gives the default.
  const source = (value: unknown, row: OptionRow) => (): unknown => {
    const given = read(value);
    return isUsable(given, row) ? given : USUAL_FIGURE;
  };
  const plain = (value: unknown): unknown => (isFunction(value) ? undefined : peekAt(value, read));
  const plainMessage = plain(message);
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
    binary: isBinary(plain(responseMessage) ?? plainMessage),
    interval: !beats || (scheduler && beats === 'client') ? () => Infinity : source(interval, [undefined, 1]),
    pongTimeout: source(pongTimeout, [undefined, isPongTimeout]),
    liveness: beats ? all.liveness : 'traffic',
  } as unknown as HeartbeatSettings;
}

/** What the function form of `heartbeat` makes: the heartbeat of one socket. `options`: all that was given, flattened. */
export function heartbeatOfSocket(
  options: Record<string, unknown>,
  give: () => unknown,
  read: Read,
): HeartbeatSettings & { readonly wrong: string | undefined } {
  // The scheduler was called when the connection was made, so another one has no effect.
  const own: Record<string, unknown> = {
    ...options,
    ...flattenOptions({ heartbeat: give() }),
    scheduler: options.scheduler,
  };
  const { all, wrong } = fillIn(own, HEARTBEAT_ROWS, read);
  return { ...heartbeatFrom(all, own.heartbeat !== false, read), wrong };
}
