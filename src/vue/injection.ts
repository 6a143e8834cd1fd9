import type { App, InjectionKey } from 'vue';
import type { Connection } from '../core/connection-types.js';
import type { FlatOptions } from './flat-options.js';
import type { UseHeartbeatSocketReturn } from './socket-return.js';

/** A connection, and what `useHeartbeatSocket` returns for it. */
export interface SocketHandle {
  readonly connection: Connection;
  // biome-ignore lint/suspicious/noExplicitAny: one handle serves every type of message
  readonly socket: UseHeartbeatSocketReturn<any, any>;
}

/** What the plugin gives to the composables of its app. */
export interface AppSocket {
  readonly app: App;
  /** Options for every `useHeartbeatSocket` of the app. */
  readonly defaults: FlatOptions;
  /** The app's own connection. */
  readonly handle: SocketHandle;
}

export const appSocketKey: InjectionKey<AppSocket> = Symbol('vue-heartbeat-socket');
