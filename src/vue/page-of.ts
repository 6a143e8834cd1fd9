import { having } from '../core/options.js';
import type { UseHeartbeatSocketOptions } from './options.js';

/** Options that the core does not know: see `ROWS`. A window, or the global scope of a worker, can be listened to. */
export const PAGE_ROWS = { window: [undefined, having('addEventListener')] } as const;

/** The window whose events, `WebSocket` and base url are used; undefined where there is none. */
export const pageOf = ({ window }: Pick<UseHeartbeatSocketOptions, 'window'>): Window | undefined =>
  window ?? globalThis.window;
