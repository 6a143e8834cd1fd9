/** What a search is about: the options that matter, and the names of what foreign code may do. */
import type { ConnectionListener } from '../../../src/core/connection-types';
import { resolveOptions } from '../../../src/core/options';

/** The grid of times (ms). Every option is a multiple of it, so that the distances from now are few. */
export const TICK = 1_000;

export const TIMES = {
  interval: 2 * TICK,
  pongTimeout: 4 * TICK,
  probeTimeout: 2 * TICK,
  connectTimeout: 2 * TICK,
  stableAfter: TICK,
  closeAfter: 2 * TICK,
  ackWithin: TICK,
  drain: 2 * TICK,
  // A number: so it does not matter when the page last woke, and there are fewer worlds.
  delay: TICK,
};

/** ms that a message is kept, where messages expire. */
export const MAX_AGE = 2 * TICK;

export const BEAT = resolveOptions({}, (source) => source).message();

export interface Choice {
  readonly heartbeat: boolean;
  readonly retries: number;
  readonly limit: number;
  /** None; one that takes its time; one that answers at once, and may throw. */
  readonly beforeConnect: 'none' | 'async' | 'throwing';
  /**
   * What can happen besides: the application's own handshake; a page that is prerendered at first, and closes its connection when it
   * is hidden; a socket that has much to send; a server with pings of its own, and a heartbeat made anew for each socket; a server that
   * sends the heartbeats; messages that expire.
   */
  readonly also?: 'handshake' | 'page' | 'link' | 'control' | 'server' | 'age';
  /** Delivery is proven. `close({ drain })` is called. */
  readonly proof?: boolean;
}

/** A server's own ping, and what it wants to hear. */
export const PING = 'ping';
/** With this message the server ends the connection. */
export const BYE = 'bye';
export const PONG = 'pong';

/** What a handshake of the application says first. */
export const LOGIN = 'login';

/** More than this many bytes to send, and messages are kept. */
export const HIGH_WATER_MARK = 100;

/** Where the engine runs what it did not write: the callbacks, and what of the runtime may throw. */
export type Hook = keyof ConnectionListener | 'beforeConnect' | 'new WebSocket' | 'socket.send' | 'socket.close';

/** What such code does the next time it runs. */
export type Deed =
  | 'open'
  | 'close'
  | 'send'
  | 'leave'
  | 'changeUrl'
  | 'drain'
  | 'close and send'
  | 'changeUrl and send'
  | 'throw'
  | 'throw for the url';

const CALLBACK_DEEDS: readonly Deed[] = [
  'open',
  'close',
  'send',
  'leave',
  'changeUrl',
  'close and send',
  'changeUrl and send',
  'throw',
];

export const deedsOf = (hook: Hook, { proof }: Choice): readonly Deed[] => {
  if (hook === 'new WebSocket') return ['throw', 'throw for the url'];
  return hook.startsWith('socket.') ? ['throw'] : proof ? [...CALLBACK_DEEDS, 'drain'] : CALLBACK_DEEDS;
};
