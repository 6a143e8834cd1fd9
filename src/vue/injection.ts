import { type App, hasInjectionContext, type InjectionKey, inject, ssrContextKey } from 'vue';
import type { Connection } from '../core/connection-types.js';
import type { AnyOptions, FlatOptions } from './flat-options.js';
import type { UseHeartbeatSocketReturn } from './socket-return.js';

/** A connection, and what `useHeartbeatSocket` returns for it. */
export interface SocketHandle {
  readonly connection: Connection;
  // biome-ignore lint/suspicious/noExplicitAny: one handle serves every type of message
  readonly socket: UseHeartbeatSocketReturn<any, any>;
  /** What the holders of a shared connection do while `<KeepAlive>` has put them away. */
  readonly whenDeactivated?: 'stay' | 'close' | undefined;
}

/** What the plugin gives to the composables of its app. */
export interface AppSocket {
  readonly app: App;
  /** Options for every `useHeartbeatSocket` of the app. */
  readonly defaults: FlatOptions;
  /** The app's own connection. It is made when it is first read. */
  readonly handle: SocketHandle;
  /** Joins the app's own connection. */
  join(options: AnyOptions): SocketHandle['socket'];
}

export const appSocketKey: InjectionKey<AppSocket> = Symbol('vue-heartbeat-socket');

/** What the app has provided under `key`; undefined where no app can be seen. */
export const injected = <T>(key: InjectionKey<T>): T | undefined =>
  hasInjectionContext() ? inject(key, undefined) : undefined;

/**
 * Whether Vue renders on a server. A window proves nothing: a server may have one as a mock for another library. Vue provides its
 * server context to an app when rendering begins, so nobody can know before that.
 */
export const isOnServer = (): boolean => !!injected(ssrContextKey);
