import { checkOptions } from '../core/check-options.js';
import { flattenOptions } from '../core/options.js';
import type { HeartbeatOptions } from './option-groups.js';
import type { UseHeartbeatSocketOptions } from './options.js';

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export type AnyOptions = UseHeartbeatSocketOptions<any, any>;

/** The options, and those of their groups beside them: no name stands in two groups. */
export type FlatOptions = AnyOptions & Pick<HeartbeatOptions, 'scheduler'>;

/** Flattens the options. In development it checks them first. */
export function flatOptions(options: AnyOptions): FlatOptions {
  if (process.env.NODE_ENV !== 'production') checkOptions(options);
  return flattenOptions(options);
}
