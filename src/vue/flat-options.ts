import { checkOptions } from '../core/check-options.js';
import type { HeartbeatOptions, UseHeartbeatSocketOptions } from './options.js';

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export type AnyOptions = UseHeartbeatSocketOptions<any, any>;

/** The options, and those of their groups beside them: no name stands in two groups. */
export type FlatOptions = AnyOptions & Pick<HeartbeatOptions, 'scheduler'>;

/** Takes the groups apart, so that defaults and options can be laid one over the other. Checks them in development. */
export function flatOptions(options: AnyOptions): FlatOptions {
  if (process.env.NODE_ENV !== 'production') checkOptions(options);
  const { heartbeat, autoReconnect, buffer } = options;
  const all: Record<string, unknown> = {
    ...options,
    ...(heartbeat as object),
    ...(autoReconnect as object),
    ...buffer,
  };
  // Undefined says nothing, and must not hide a default.
  for (const key in all) if (all[key] === undefined) delete all[key];
  return all;
}
