import { isRef, unref } from 'vue';
import { checkUrl } from '../core/check-given.js';
import { checkOptions, type Rule } from '../core/check-options.js';
import { flattenOptions } from '../core/read-options.js';
import type { HeartbeatOptions } from './heartbeat-options.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';
import { untracked } from './scope.js';

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export type AnyOptions = UseHeartbeatSocketOptions<any, any>;

/** The options, and those of their groups beside them: no name stands in two groups. */
export type FlatOptions = AnyOptions & Pick<HeartbeatOptions, 'scheduler'> & { readonly url?: SocketUrl };

/** What a ref gives; undefined where that throws. A value that throws when it is looked at is no ref. */
const read = (value: unknown): unknown => {
  let isGiving = false;
  try {
    isGiving = isRef(value);
    return unref(value);
  } catch {
    return isGiving ? undefined : value;
  }
};

/** Whether a value can be listened to as a window or the global scope of a worker can. */
export const isWindow = (value: unknown): value is Window => {
  try {
    return typeof Object(value).addEventListener === 'function';
  } catch {
    return false;
  }
};

const aWindow: Rule = (value) => ['a window', isWindow(value)];

/** Throws for what the function form of `heartbeat` has given, if that makes no sense. */
export const checkHeartbeat = (heartbeat: unknown): void => checkOptions({ heartbeat }, read);

/** Flattens the options. In development it checks them and the url first. */
export function flatOptions(options: AnyOptions & { url?: SocketUrl }, url?: SocketUrl): FlatOptions {
  if (process.env.NODE_ENV !== 'production') {
    let thrown: unknown;
    // An effect around the call must not run again with each url. Vue keeps what a watcher throws to itself.
    untracked(() => {
      try {
        checkOptions(options, read, { window: aWindow });
        checkUrl(url ?? options.url, read);
      } catch (error) {
        thrown = error;
      }
    });
    if (thrown) throw thrown;
  }
  return flattenOptions(options);
}
