import { getCurrentInstance, hasInjectionContext, inject, shallowReadonly, shallowRef } from 'vue';
import type { Serializer } from '../core/serializer.js';
import { joinInDevtools } from './devtools.js';
import { type AnyOptions, flatOptions } from './flat-options.js';
import { type AppSocket, appSocketKey } from './injection.js';
import type { SocketData, SocketUrl, UseHeartbeatSocketOptions, UseHeartbeatSocketReturn } from './options.js';
import { ownSocket, type SocketHandle } from './own-socket.js';
import { onScopeEnd } from './scope.js';
import { warnOnce } from './warn-once.js';

/** Names what is given for nothing: what goes over the wire is the plugin's to say. */
function warnOfVain(options: Record<string, unknown>, defaults: Record<string, unknown>): void {
  for (const name of ['serializer', 'beforeConnect', 'protocols']) {
    const value = options[name];
    const isSaid = typeof value === 'object' && JSON.stringify(value) === JSON.stringify(defaults[name]);
    if (value === undefined || value === defaults[name] || isSaid) continue;
    warnOnce(`useHeartbeatSocket() has joined the app's connection: ${name} must be given to createHeartbeatSocket().`);
  }
}

/** Listens to a connection that somebody else owns, until the scope ends. */
function join({ handle: { connection, face }, defaults }: AppSocket, options: AnyOptions): SocketHandle['face'] {
  const listener = flatOptions(options) as never;
  const left = shallowRef(false);
  if (process.env.NODE_ENV !== 'production') {
    joinInDevtools(connection);
    warnOfVain(listener, defaults as never);
  }
  connection.listeners.add(listener);
  onScopeEnd(() => {
    connection.listeners.delete(listener);
    left.value = true;
  });
  return { ...face, left: shallowReadonly(left) };
}

/**
 * A WebSocket that proves it is alive, comes back when it is not, and ends with the scope that opened it.
 *
 * With a `url` (a value, ref or getter; relative and http(s) urls become ws(s); undefined and '' mean "not now") it opens
 * a connection of its own. Without one it joins the app's connection, the one given to {@link createHeartbeatSocket}: its
 * callbacks hear that connection until the scope ends, and options that shape the connection are the plugin's.
 *
 * In development it throws a {@link HeartbeatSocketError} with the code `option` for an option that makes no sense; a
 * production build leaves that check out, and takes the default for a number that is none. A url that makes no sense does
 * not throw: the phase is `failed`, and `error` says why. On a server nothing connects.
 *
 * @example
 * const { status, data, send } = useHeartbeatSocket<Price>('/prices', { serializer: 'json' })
 */
// biome-ignore-start lint/suspicious/noExplicitAny: useWebSocket's own default for what a server sends
export function useHeartbeatSocket<Read = any>(
  url: SocketUrl,
  options: UseHeartbeatSocketOptions<Read, unknown> & { serializer: 'json' },
): UseHeartbeatSocketReturn<Read, unknown>;
export function useHeartbeatSocket<Read, Write = any>(
  url: SocketUrl,
  options: UseHeartbeatSocketOptions<Read, Write> & { serializer: Serializer<Read, Write> },
): UseHeartbeatSocketReturn<Read, Write>;
export function useHeartbeatSocket<Read = any, Write = SocketData>(
  url?: SocketUrl,
  options?: UseHeartbeatSocketOptions<Read, Write>,
): UseHeartbeatSocketReturn<Read, Write>;
// The one that `ReturnType<typeof useHeartbeatSocket>` sees, as in code written for useWebSocket.
export function useHeartbeatSocket<Read = any>(
  url?: SocketUrl,
  options?: UseHeartbeatSocketOptions<Read, any>,
): UseHeartbeatSocketReturn<Read, any>;
// biome-ignore-end lint/suspicious/noExplicitAny: the rest has no any
export function useHeartbeatSocket(url?: SocketUrl, options: AnyOptions = {}): SocketHandle['face'] {
  const app = hasInjectionContext() ? inject(appSocketKey, undefined) : undefined;
  if (url === undefined && app) return join(app, options);
  if (process.env.NODE_ENV !== 'production' && url === undefined) {
    warnOnce(
      'useHeartbeatSocket() without a url joins the connection of createHeartbeatSocket(), which is not installed, or cannot be seen from here: outside of setup(), or behind an await.',
    );
  }
  return ownSocket(url, { ...app?.defaults, ...flatOptions(options) }, getCurrentInstance(), app?.app).face;
}
