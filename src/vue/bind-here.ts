import { type App, type ComponentInternalInstance, toValue } from 'vue';
import { pageRuntime } from '../browser/page-runtime.js';
import { checkDelivery } from '../core/check-options.js';
import { overFunction } from '../core/heartbeat-options.js';
import { resolveOptions } from '../core/options.js';
import { type BoundSettings, bindConnection } from './bind-connection.js';
import { checkHeartbeat } from './check-in-development.js';
import type { AnyOptions, FlatOptions } from './flat-options.js';
import { isOnServer, type SocketHandle } from './injection.js';
import type { SocketUrl } from './options.js';
import { PAGE_ROWS, pageOf } from './page-of.js';
import { untracked } from './scope.js';
import { warnOnce } from './warn-once.js';

/** Warns where nothing connects since there is neither a window nor a given `WebSocket`. Not to be called on a server. */
export function warnOfNoWindow(options: AnyOptions): void {
  if (pageOf(options) || options.WebSocket) return;
  warnOnce(
    'Nothing connects: there is no window here. Outside of a page, give useHeartbeatSocket() or createHeartbeatSocket() the option WebSocket: the global one of a worker, Node, Deno or Bun, or that of the package ws.',
  );
}

/**
 * Throws where delivery with proof lacks a heartbeat. What the function form of `heartbeat` gives is checked when the library calls it: only
 * then is it known.
 */
function checked(options: FlatOptions): FlatOptions {
  const { heartbeatOf: given } = options;
  checkDelivery(options as object);
  if (!given) return options;
  const give = (): ReturnType<typeof given> => {
    const heartbeat = given();
    checkHeartbeat(heartbeat);
    checkDelivery(overFunction(options as object, heartbeat));
    return heartbeat;
  };
  return { ...options, heartbeatOf: give };
}

/**
 * Opens a connection that ends with the current scope. On a server, and where there is neither a window nor a given `WebSocket`, the
 * connection has no url, so nothing ever connects.
 */
export function bindHere(
  url: SocketUrl,
  options: FlatOptions,
  instance: ComponentInternalInstance | null,
  app: App | undefined,
): SocketHandle {
  const own = process.env.NODE_ENV === 'production' ? options : checked(options);
  // An effect around the call must not run again with what a ref gives later.
  const settings = untracked(() => resolveOptions(own as Record<string, unknown>, toValue, PAGE_ROWS)) as BoundSettings;
  const page = pageOf(settings);
  const { WebSocket } = settings;
  const canConnect = !isOnServer() && (page || WebSocket);
  return bindConnection(canConnect ? url : undefined, settings, pageRuntime(page, WebSocket), instance, app);
}
