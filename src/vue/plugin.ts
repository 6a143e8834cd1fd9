import { effectScope, type Plugin, reactive, type UnwrapNestedRefs } from 'vue';
import { flatOptions } from './flat-options.js';
import { appSocketKey } from './injection.js';
import type { SocketUrl, UseHeartbeatSocketOptions, UseHeartbeatSocketReturn } from './options.js';
import { ownSocket, type SocketHandle } from './own-socket.js';

/** The app's own connection as templates see it: refs unwrapped. */
// biome-ignore lint/suspicious/noExplicitAny: as useWebSocket types a message by default
export type HeartbeatSocketHandle = UnwrapNestedRefs<UseHeartbeatSocketReturn<any, any>>;

/** Options of {@link createHeartbeatSocket}: those of every `useHeartbeatSocket`, and the url of the app's own connection. */
// biome-ignore lint/suspicious/noExplicitAny: as useWebSocket types a message by default
export interface CreateHeartbeatSocketOptions extends UseHeartbeatSocketOptions<any, any> {
  /** Where the app's own connection goes. Undefined: the app has none until there is a url. */
  url?: SocketUrl;
}

declare module 'vue' {
  interface ComponentCustomProperties {
    /** The app's own connection, given to `createHeartbeatSocket({ url })`. */
    $heartbeatSocket: HeartbeatSocketHandle;
  }
}

/**
 * A Vue plugin. It opens the app's own connection, which `useHeartbeatSocket()` without a url joins and templates see as
 * `$heartbeatSocket`; its other options are the defaults of every `useHeartbeatSocket` of the app. When the app unmounts,
 * its connection ends. Installed in two apps, it gives each its own.
 *
 * Throws on installing, in development, for an option that makes no sense, as `useHeartbeatSocket` does.
 *
 * @example
 * createApp(App).use(createHeartbeatSocket({ url: '/live', heartbeat: { interval: 25_000 } })).mount('#app')
 */
export function createHeartbeatSocket({ url, ...options }: CreateHeartbeatSocketOptions = {}): Plugin {
  return {
    install(app) {
      const scope = effectScope(true);
      const defaults = flatOptions(options);
      // Whatever holds for those of the components: nobody is left who could close it.
      const handle = scope.run(() => ownSocket(url, { ...defaults, autoClose: true }, null, app)) as SocketHandle;
      app.provide(appSocketKey, { app, defaults, handle });
      app.config.globalProperties.$heartbeatSocket = reactive({ ...handle.face });
      app.onUnmount(() => scope.stop());
    },
  };
}
