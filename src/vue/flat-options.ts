import { isRef, unref } from 'vue';
import { checkOptions, checkUrl, type Rule } from '../core/check-options.js';
import { flattenOptions } from '../core/options.js';
import type { HeartbeatOptions } from './option-groups.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export type AnyOptions = UseHeartbeatSocketOptions<any, any>;

/** The options, and those of their groups beside them: no name stands in two groups. */
export type FlatOptions = AnyOptions & Pick<HeartbeatOptions, 'scheduler'>;

const aWindow: Rule = (value) => ['a window', typeof value === 'object' && value !== null && !isRef(value)];

/** Flattens the options. In development it checks them and the url first. */
export function flatOptions(options: AnyOptions, url?: SocketUrl): FlatOptions {
  if (process.env.NODE_ENV !== 'production') {
    checkOptions(options, unref, { window: aWindow });
    checkUrl(url, unref);
  }
  return flattenOptions(options ?? {});
}
