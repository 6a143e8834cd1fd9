/** Between a connection and the effects and scopes around the call that made it, or that uses it. */
import { getCurrentScope, onScopeDispose, watch } from 'vue';
import { warnOnce } from './warn-once.js';

/** Runs `end` when the current scope ends: now, if it has, as that of a component that is gone when its async setup goes on. */
export function onScopeEnd(end: () => void): void {
  const scope = getCurrentScope();
  if (scope?.active) onScopeDispose(end);
  else if (scope) end();
  else if (process.env.NODE_ENV !== 'production') {
    warnOnce(
      'useHeartbeatSocket() was called outside of any effect scope: nothing ends the connection until you close() it, and nothing its callbacks on one that it joined.',
    );
  }
}

/**
 * Runs a command. An effect that gives it must not run again for a url, or for what a callback reads: a watcher takes that upon
 * itself, and ends at once. A sync one runs on a server, too, and Vue 3.5.0 can end one by `stop()` alone.
 */
export const untracked = (command: () => void): void => watch(command, () => {}, { flush: 'sync' }).stop();
