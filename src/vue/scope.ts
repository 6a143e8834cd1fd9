/**
 * Ties a connection to Vue: to the scope and the component of the call, and to the app. Keeps its commands out of Vue's
 * effects. In a Vapor component `getCurrentInstance()` gives null, and no public function of Vue gives the app; scopes,
 * hooks, watchers and `inject` work there as everywhere.
 */
import {
  type App,
  type ComponentInternalInstance,
  type ComponentPublicInstance,
  effectScope,
  getCurrentScope,
  hasInjectionContext,
  inject,
  onActivated,
  onDeactivated,
  onScopeDispose,
  shallowRef,
  watch,
} from 'vue';
import type { Connection } from '../core/connection-types.js';
import { warnOnce } from './warn-once.js';

/**
 * Runs `end` when the current scope ends. If the scope has already ended, `end` runs now: a component may be unmounted
 * before its async setup goes on.
 */
export function onScopeEnd(end: () => void): void {
  const scope = getCurrentScope();
  if (scope?.active) onScopeDispose(end);
  else if (scope) end();
  else if (process.env.NODE_ENV !== 'production') {
    warnOnce(
      "useHeartbeatSocket() was called outside of any effect scope. Nothing ends a connection of its own until you close() it, and nothing removes its callbacks from the app's connection.",
    );
  }
}

/** The same where there is a scope. Outside of any, the function that the caller gets is what ends it. */
export function onOwnScopeEnd(end: () => void): void {
  if (getCurrentScope()) onScopeEnd(end);
}

/**
 * Runs a command so that the effect around it does not track what the command reads. The command reads the url, and may
 * run callbacks that read refs; a change of these must not run that effect again. The command runs inside a watcher
 * that tracks the reads in place of the effect, and the watcher is stopped at once. The watcher is sync, since only a
 * sync one runs on a server, too. In Vue 3.5.0 only `stop()` can end it.
 */
export function untracked<T>(command: () => T): T {
  let result: T | undefined;
  watch(
    () => {
      result = command();
    },
    () => {},
    { flush: 'sync' },
  ).stop();
  return result as T;
}

/** The app: the plugin knows it, or else the current component, unless that is a Vapor component. */
export const appAround = (
  plugin: { readonly app: App } | undefined,
  instance: ComponentInternalInstance | null,
): App | undefined => plugin?.app ?? instance?.appContext.app;

/**
 * Whether there is a component. Development looks closer: in `app.runWithContext()` there may be injections and no component, and
 * Vue then calls a default with null in place of the component.
 */
const isInComponent = (): boolean =>
  getCurrentScope() !== undefined &&
  hasInjectionContext() &&
  (process.env.NODE_ENV === 'production' ||
    inject(
      Symbol(),
      function (this: unknown) {
        return this !== null;
      },
      true,
    ));

/**
 * Takes errors to the error handler of the app. Where the app is not known, as in a Vapor component, a watcher throws the
 * error: Vue knows the component of a watcher, and the component's app. The watcher is in a scope of its own, since the
 * component's end may be what calls a callback.
 */
export function errorTeller(app: App | undefined, component: ComponentPublicInstance | null): (error: unknown) => void {
  const throwInWatcher = !app && isInComponent() ? watcherTeller() : undefined;
  return (error) => {
    const handler = app?.config.errorHandler;
    try {
      if (handler) handler(error, component, 'vue-heartbeat-socket');
      else (throwInWatcher ?? console.error)(error);
    } catch (thrown) {
      console.error(thrown);
    }
  };
}

/** Takes errors to a watcher that throws them. */
function watcherTeller(): (error: unknown) => void {
  const thrown = shallowRef<unknown[]>([]);
  const rethrow = ([error]: unknown[]): never => {
    throw error;
  };
  effectScope(true).run(() => watch(thrown, rethrow, { flush: 'sync' }));
  return (error) => {
    thrown.value = [error];
  };
}

/**
 * Puts the connection away while a `<KeepAlive>` has put away the current component, if the current scope is the
 * component's own: of a store the component is only the first user. Vue runs a hook in the component's own scope.
 */
export function followKeepAlive(connection: Pick<Connection, 'deactivate' | 'activate'>): void {
  const scope = getCurrentScope();
  if (!isInComponent()) return;
  onDeactivated(() => scope === getCurrentScope() && connection.deactivate());
  onActivated(() => scope === getCurrentScope() && connection.activate());
}
