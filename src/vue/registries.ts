/** Where shared connections stand: in a registry for each app, and in one for the page. */
import { type App, effectScope } from 'vue';
import { createSystemClock } from '../browser/system-clock.js';
import { HeartbeatSocketError } from '../core/errors.js';
import { createRegistry, type Registry, type Shared } from '../core/registry.js';
import { bindHere } from './bind-here.js';
import type { FlatOptions } from './flat-options.js';
import { isOnServer, type SocketHandle } from './injection.js';

const selfJoined = (): HeartbeatSocketError =>
  new HeartbeatSocketError('option', 'url must not join the connection that it is for');

const create = (): Registry<SocketHandle> => createRegistry(createSystemClock(globalThis.window), selfJoined);

const byApp = new WeakMap<App, Registry<SocketHandle>>();
let ofPage: Registry<SocketHandle> | undefined;

/** The registry of an app, which ends with the app. Without an app, that of the page; where there is no page, nothing is shared. */
export function registryOf(app: App | undefined): Registry<SocketHandle> {
  if (!app) {
    ofPage ??= globalThis.window && create();
    return ofPage ?? create();
  }
  const known = byApp.get(app);
  if (known) return known;
  const registry = create();
  byApp.set(app, registry);
  app.onUnmount(() => registry.end());
  return registry;
}

/** Makes a connection that belongs to nobody's scope. */
export function makeShared(options: FlatOptions, linger: number, app: App | undefined): Shared<SocketHandle> {
  const scope = effectScope(true);
  // `autoClose: false` is for components. After the last holder has left, nobody could close a shared connection.
  const { whenDeactivated, ...others } = options;
  const own = { ...others, autoClose: true };
  const make = (): SocketHandle => scope.run(() => bindHere(options.url, own, null, app)) as SocketHandle;
  const run = <T>(what: () => T): T => (app ? app.runWithContext(what) : what());
  return {
    value: { ...run(make), whenDeactivated },
    // A server must not keep a timer for each page that it renders.
    linger: run(isOnServer) ? 0 : linger,
    end: () => scope.stop(),
  };
}
