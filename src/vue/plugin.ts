import { effectScope, type Plugin, reactive, type UnwrapNestedRefs } from 'vue';
import { pageRuntime } from '../browser/page-runtime.js';
import { bindConnection } from './bind-connection.js';
import { flatOptions } from './flat-options.js';
import { appSocketKey, type SocketHandle } from './injection.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';
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
  url?: SocketUrl;
}

declare module 'vue' {
  interface ComponentCustomProperties {
    /** The app's own connection: the one that `createHeartbeatSocket({ url })` opened. */
    $heartbeatSocket: HeartbeatSocketHandle;
  }
}

/**
 * Makes a Vue plugin. The plugin opens the app's own connection: `useHeartbeatSocket()` without a url joins it, and
 * templates see it as `$heartbeatSocket`. The plugin's other options are the defaults of every `useHeartbeatSocket` in
 * the app. The app's own connection ends when the app unmounts. If the plugin is installed in two apps, each app gets a
 * connection of its own.
 *
 * In development, installing the plugin throws for an invalid option, as `useHeartbeatSocket` does.
 *
 * @example
 * createApp(App).use(createHeartbeatSocket({ url: '/live', heartbeat: { interval: 25_000 } })).mount('#app')
 */
export function createHeartbeatSocket({ url, ...options }: CreateHeartbeatSocketOptions = {}): Plugin {
  return {
    install(app) {
      const scope = effectScope(true);
      const defaults = flatOptions(options);
      const page = defaults.window ?? globalThis.window;
      // `autoClose: false` is for components. After the app has ended, nobody could close the app's own connection.
      const own = { ...defaults, autoClose: true };
      const handle = scope.run(() => bindConnection(page && url, own, pageRuntime(page, own.WebSocket), null, app));
      app.provide(appSocketKey, { app, defaults, handle: handle as SocketHandle });
      app.config.globalProperties.$heartbeatSocket = reactive({ ...(handle as SocketHandle).socket });
      app.onUnmount(() => scope.stop());
    },
  };
}
