import { type Plugin, reactive, type UnwrapNestedRefs } from 'vue';
import { warnOfNoWindow } from './bind-here.js';
import { joinInDevtools } from './devtools/devtools.js';
import { holderOf } from './devtools/inspector.js';
import { flatOptions } from './flat-options.js';
import { appSocketKey, type SocketHandle } from './injection.js';
import { join } from './join.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';
import { makeShared, registryOf } from './registries.js';
import type { UseHeartbeatSocketReturn } from './socket-return.js';

/** The app's own connection as templates see it: the refs are unwrapped. */
// biome-ignore lint/suspicious/noExplicitAny: as useWebSocket types a message by default
export type HeartbeatSocketHandle = UnwrapNestedRefs<UseHeartbeatSocketReturn<any, any>>;

/**
 * Options of {@link createHeartbeatSocket}: the url of the app's own connection, and the default options of every
 * `useHeartbeatSocket` in the app.
 */
// biome-ignore lint/suspicious/noExplicitAny: as useWebSocket types a message by default
export interface CreateHeartbeatSocketOptions extends UseHeartbeatSocketOptions<any, any> {
  /**
   * The url of the app's own connection. Undefined, null or '': the connection stays in the phase idle until there is a
   * url.
   */
  url?: SocketUrl | undefined;
}

/** The key of the app's own connection. Those of definitions begin with a number. */
const OWN = 'app';

declare module 'vue' {
  interface ComponentCustomProperties {
    /** The app's own connection: the one that `createHeartbeatSocket({ url })` opened. */
    $heartbeatSocket: HeartbeatSocketHandle;
  }
}

/**
 * Makes a Vue plugin. The plugin gives the app a connection of its own: `useHeartbeatSocket()` without a url joins it, and
 * templates see it as `$heartbeatSocket`. The plugin's other options are the defaults of every `useHeartbeatSocket` in
 * the app. The app's own connection starts when the app is mounted, or before that when it is first asked for, and ends
 * when the app unmounts. On a server it never starts. If the plugin is installed in two apps, each app gets a connection
 * of its own.
 *
 * In development, installing the plugin throws for an option or a url that makes no sense, as `useHeartbeatSocket` does.
 *
 * @example
 * createApp(App).use(createHeartbeatSocket({ url: '/live', heartbeat: { interval: 25_000 } })).mount('#app')
 */
export function createHeartbeatSocket(options: CreateHeartbeatSocketOptions = {}): Plugin {
  return {
    install(app) {
      const registry = registryOf(app);
      const defaults = flatOptions(options);
      const { url } = defaults;
      const { mount } = app;
      let handle: SocketHandle | undefined;
      let shown: HeartbeatSocketHandle | undefined;

      // Not made here, since nobody can know yet whether Vue renders this app on a server.
      const askForHandle = (): SocketHandle => {
        if (handle) return handle;
        handle = registry.hold(OWN, registry, () => makeShared(() => ({ options: defaults, linger: Infinity }), app));
        if (process.env.NODE_ENV !== 'production') joinInDevtools(handle.connection, holderOf(null, 'app'));
        return handle;
      };

      app.provide(appSocketKey, {
        app,
        defaults,
        get handle() {
          return askForHandle();
        },
        join: (options) => join(askForHandle(), defaults, options),
      });
      Object.defineProperty(app.config.globalProperties, '$heartbeatSocket', {
        enumerable: true,
        configurable: true,
        get() {
          shown ??= reactive({ ...askForHandle().socket });
          return shown;
        },
        // A test may put a mock in its place.
        set(mock: HeartbeatSocketHandle) {
          shown = mock;
        },
      });
      // A server never mounts an app.
      app.mount = (...root) => {
        if (process.env.NODE_ENV !== 'production' && url !== undefined) warnOfNoWindow(defaults);
        askForHandle();
        return mount(...root);
      };
    },
  };
}
