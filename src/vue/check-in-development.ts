/** What development throws at once. A production build leaves this file out. */
import { isRef, unref } from 'vue';
import { checkUrl } from '../core/check-given.js';
import { checkOptions } from '../core/check-options.js';
import { PAGE_ROWS } from './page-of.js';
import { untracked } from './scope.js';

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

/** Throws for what the function form of `heartbeat` has given, if that makes no sense. */
export const checkHeartbeat = (heartbeat: unknown): void => checkOptions({ heartbeat }, read);

/** Throws for options that make no sense, or a url. Without one the url is among the options. */
export function checkAll(options: { readonly url?: unknown }, url: unknown): void {
  let thrown: unknown;
  // An effect around the call must not run again with each url. Vue keeps what a watcher throws to itself.
  untracked(() => {
    try {
      checkOptions(options, read, { window: ['a window', PAGE_ROWS.window] });
      checkUrl(url ?? options.url, read);
    } catch (error) {
      thrown = error;
    }
  });
  if (thrown) throw thrown;
}
