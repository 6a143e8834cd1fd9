import { flattenOptions } from '../core/read-options.js';
import { checkAll } from './check-in-development.js';
import type { HeartbeatOptions } from './heartbeat-options.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export type AnyOptions = UseHeartbeatSocketOptions<any, any>;

/** The options, and those of their groups beside them: no name stands in two groups. */
export type FlatOptions = AnyOptions &
  Pick<HeartbeatOptions, 'scheduler'> & {
    readonly url?: SocketUrl;
    /** The function form of `heartbeat`: the component's, or else the plugin's. */
    readonly heartbeatOf?: (() => boolean | HeartbeatOptions) | undefined;
  };

/** Flattens the options. In development it checks them and the url first. */
export function flatOptions(options: AnyOptions & { url?: SocketUrl }, url?: SocketUrl): FlatOptions {
  if (process.env.NODE_ENV !== 'production') checkAll(options, url);
  return flattenOptions(options);
}
