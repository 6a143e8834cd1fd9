import { getCurrentInstance, hasInjectionContext } from 'vue';
import type { Serializer } from '../core/serializer.js';
import { bindHere, warnOfNoWindow } from './bind-here.js';
import { type AnyOptions, flatOptions } from './flat-options.js';
import { appSocketKey, injected, isOnServer, type SocketHandle } from './injection.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';
import { appAround } from './scope.js';
import type { SocketData, UseHeartbeatSocketReturn } from './socket-return.js';
import { warnOnce } from './warn-once.js';

/**
 * A WebSocket connection that proves that it is alive, connects again when it is lost, and ends with the scope that
 * opened it.
 *
 * With a `url` the composable opens a connection of its own. The url may be a value, a ref or a getter. Relative and
 * http(s) urls become ws(s) urls. Undefined, null and '' mean "not now": nothing connects until there is a url.
 *
 * Without a `url` the composable joins the app's connection, which {@link createHeartbeatSocket} has opened. The
 * callbacks in `options` are called until the scope ends. The plugin's options shape the connection; such options have
 * no effect here. Without the plugin the composable warns in development, and nothing connects.
 *
 * In development an option that makes no sense throws a {@link HeartbeatSocketError} with the code `option`, and so does
 * a url that is neither a text nor a URL. In production the default of the option holds, and `error` has the code `option`
 * until a connection is open. A url that no WebSocket takes does not throw: the phase is `failed`, and `error` says why.
 * Nothing connects on a server that renders with Vue. Outside of a page (in a worker, in Node) the option `WebSocket` has
 * to be given.
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
// `ReturnType<typeof useHeartbeatSocket>` uses this last overload. Code written for useWebSocket needs it.
export function useHeartbeatSocket<Read = any>(
  url?: SocketUrl,
  options?: UseHeartbeatSocketOptions<Read, any>,
): UseHeartbeatSocketReturn<Read, any>;
// biome-ignore-end lint/suspicious/noExplicitAny: the rest has no any
export function useHeartbeatSocket(url?: SocketUrl, options: AnyOptions = {}): SocketHandle['socket'] {
  const app = injected(appSocketKey);
  if (url === undefined && app) return app.join(options);
  if (process.env.NODE_ENV !== 'production' && url === undefined) {
    warnOnce(
      'useHeartbeatSocket() without a url joins the connection of createHeartbeatSocket(), which is not installed, or cannot be seen from here: outside of setup(), or behind an await.',
    );
  }
  const own = { ...app?.defaults, ...flatOptions(options, url) };
  const instance = getCurrentInstance();
  if (process.env.NODE_ENV !== 'production' && url !== undefined) {
    // In the context of an app, but in no component, a server may be about to render.
    const isPage = instance ? !isOnServer() : !hasInjectionContext();
    if (isPage) warnOfNoWindow(own);
  }
  return bindHere(url, own, instance, appAround(app, instance)).socket;
}
