/** Where shared connections stand: in a registry for each app, and in one for the page. */
import { type App, effectScope } from 'vue';
import { createSystemClock } from '../browser/system-clock.js';
import { HeartbeatSocketError } from '../core/errors.js';
import { createRegistry, type Registry, type Shared } from '../core/registry.js';
import { bindHere } from './bind-here.js';
import { shareInDevtools } from './devtools/devtools.js';
import type { FlatOptions } from './flat-options.js';
import { isOnServer, type SocketHandle } from './injection.js';

const selfJoined = (): HeartbeatSocketError =>
  new HeartbeatSocketError('option', 'url must not join the connection that it is for');

const create = (): Registry<SocketHandle> => createRegistry(createSystemClock(globalThis.window), selfJoined);

const byApp = new WeakMap<App, Registry<SocketHandle>>();
/** The apps that were unmounted. A store may outlive its app, and must not connect any more. */
const ended = new WeakSet<App>();
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
  app.onUnmount(() => {
    ended.add(app);
    registry.end();
  });
  return registry;
}

/** What a definition says of a connection. */
export interface Described {
  readonly options: FlatOptions;
  readonly linger: number;
}

/**
 * Makes a connection that belongs to no caller's scope. What `describe` sets up, such as a watcher, ends with the connection, and it
 * finds what the app has provided.
 */
export function makeShared(describe: () => Described, app: App | undefined): Shared<SocketHandle> {
  const scope = effectScope(true);
  const make = (): Shared<SocketHandle> => {
    const { options, linger } = describe();
    const { whenDeactivated } = options;
    const url = app && ended.has(app) ? undefined : options.url;
    // `autoClose` and `whenDeactivated` are for components. After the last holder has left, nobody could close a shared connection.
    const own = { ...options };
    if (own.autoClose === false) delete own.autoClose;
    if (whenDeactivated === 'close') delete own.whenDeactivated;
    const handle = bindHere(url, own, null, app);
    if (process.env.NODE_ENV !== 'production') shareInDevtools(handle.connection);
    return {
      value: { ...handle, whenDeactivated },
      // A server must not keep a timer for each page that it renders.
      linger: isOnServer() ? 0 : linger,
      end: () => scope.stop(),
    };
  };
  const run = (): Shared<SocketHandle> => scope.run(make) as Shared<SocketHandle>;
  try {
    return app ? app.runWithContext(run) : run();
  } catch (thrown) {
    scope.stop();
    throw thrown;
  }
}
