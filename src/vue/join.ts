/** What `useHeartbeatSocket()` without a url does in an app that has the plugin. */
import { getCurrentInstance, shallowReadonly, shallowRef, unref } from 'vue';
import { joinInDevtools } from './devtools/devtools.js';
import { holderOf } from './devtools/inspector.js';
import { type AnyOptions, type FlatOptions, flatOptions } from './flat-options.js';
import type { SocketHandle } from './injection.js';
import { onOwnScopeEnd, onScopeEnd } from './scope.js';
import { warnOnce } from './warn-once.js';

/**
 * Warns of options that have no effect on a joined connection: only the plugin decides what goes over the wire. An
 * option that equals the plugin's own is no mistake.
 */
function warnOfNoEffect(options: Record<string, unknown>, defaults: Record<string, unknown>): void {
  for (const name of ['serializer', 'beforeConnect', 'protocols']) {
    const value = unref(options[name]);
    const isSaid = typeof value === 'object' && JSON.stringify(value) === JSON.stringify(unref(defaults[name]));
    if (value === undefined || value === unref(defaults[name]) || isSaid) continue;
    warnOnce(`useHeartbeatSocket() has joined the app's connection: ${name} must be given to createHeartbeatSocket().`);
  }
}

/** Joins the app's connection: the callbacks in `options` are called until the current scope ends. */
export function join(
  { connection, socket }: SocketHandle,
  defaults: FlatOptions,
  options: AnyOptions,
): SocketHandle['socket'] {
  const listener = flatOptions(options) as never;
  const left = shallowRef(false);
  if (process.env.NODE_ENV !== 'production') {
    onOwnScopeEnd(joinInDevtools(connection, holderOf(getCurrentInstance())));
    warnOfNoEffect(listener, defaults as never);
  }
  connection.listeners.add(listener);
  onScopeEnd(() => {
    connection.listeners.delete(listener);
    left.value = true;
  });
  return { ...socket, left: shallowReadonly(left) };
}
