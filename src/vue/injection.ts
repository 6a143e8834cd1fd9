import type { App, InjectionKey } from 'vue';
import type { FlatOptions } from './flat-options.js';
import type { SocketHandle } from './own-socket.js';

/** What the plugin gives to the composables of its app. */
export interface AppSocket {
  readonly app: App;
  /** Options for every `useHeartbeatSocket` of the app. */
  readonly defaults: FlatOptions;
  /** The app's own connection. */
  readonly handle: SocketHandle;
}

export const appSocketKey: InjectionKey<AppSocket> = Symbol('vue-heartbeat-socket');
