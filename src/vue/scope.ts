/** Ties a connection to Vue's scopes, and keeps its commands out of Vue's effects. */
import { getCurrentScope, onScopeDispose, watch } from 'vue';
import { warnOnce } from './warn-once.js';

/**
 * Runs `end` when the current scope ends. If the scope has already ended, `end` runs now: a component may be unmounted
 * before its async setup goes on.
 */
export function onScopeEnd(end: () => void): void {
  const scope = getCurrentScope();
  if (scope?.active) onScopeDispose(end);
  else if (scope) end();
  else if (process.env.NODE_ENV !== 'production') {
    warnOnce(
      "useHeartbeatSocket() was called outside of any effect scope. Nothing ends a connection of its own until you close() it, and nothing removes its callbacks from the app's connection.",
    );
  }
}

/**
 * Runs a command so that the effect around it does not track what the command reads. The command reads the url, and may
 * run callbacks that read refs; a change of these must not run that effect again. The command runs inside a watcher
 * that tracks the reads in place of the effect, and the watcher is stopped at once. The watcher is sync, since only a
 * sync one runs on a server, too. In Vue 3.5.0 only `stop()` can end it.
 */
export const untracked = (command: () => void): void => watch(command, () => {}, { flush: 'sync' }).stop();
