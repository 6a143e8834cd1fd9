import {
  type App,
  type ComponentInternalInstance,
  getCurrentScope,
  onActivated,
  onDeactivated,
  type ShallowRef,
  shallowReadonly,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import { createPageSignals } from '../browser/page-signals.js';
import { createSystemClock } from '../browser/system-clock.js';
import { createWebSocketTransport } from '../browser/web-socket-transport.js';
import { createConnection } from '../core/connection.js';
import type { Connection, ConnectionOptions } from '../core/connection-types.js';
import { HeartbeatSocketError } from '../core/errors.js';
import { maskUrl } from '../core/mask-url.js';
import { resolveOptions } from '../core/options.js';
import { bufferFor, showInDevtools } from './devtools.js';
import type { FlatOptions } from './flat-options.js';
import type { Pausable, SocketUrl, UseHeartbeatSocketReturn } from './options.js';
import { onScopeEnd, untracked } from './scope.js';
import { warnOnce } from './warn-once.js';

/** A connection and its reactive face. */
export interface SocketHandle {
  readonly connection: Connection;
  // biome-ignore lint/suspicious/noExplicitAny: one handle serves every type of message
  readonly face: UseHeartbeatSocketReturn<any, any>;
}

/** Opens a connection of the current scope's own: the scope's end is its end. */
export function ownSocket(
  url: SocketUrl,
  options: FlatOptions,
  instance: ComponentInternalInstance | null,
  app: App | undefined = instance?.appContext.app,
): SocketHandle {
  // A store is nobody's own, and not to be put away with the component that happened to use it first. Vue's types leave out `scope`.
  const owner = instance && getCurrentScope() === (instance as { scope?: unknown }).scope ? instance : null;
  const { immediate = true, autoConnect = true, autoClose = true, whenDeactivated, protocols } = options;
  // On a server there is no page: no url is ever due, so nothing connects.
  const page = options.window ?? globalThis.window;
  const refs: Record<string, ShallowRef> = {};
  const face: Record<string, unknown> = {};
  let beats: Pausable | false | undefined;
  let wasOpen = false;

  const unhandled = (error: unknown): void => {
    const handler = app?.config.errorHandler;
    guard(() => (handler ? handler(error, owner?.proxy ?? null, 'vue-heartbeat-socket') : console.error(error)));
  };
  // A sync watcher or a scheduler may throw.
  const guard = <T>(run: () => T, failed = console.error): T | undefined => {
    try {
      return run();
    } catch (thrown) {
      failed(thrown);
      return undefined;
    }
  };
  // A getter that throws has no url to give, and that is not now.
  const currentUrl = (): string | URL | undefined => guard(() => page && toValue(url), unhandled);
  const set = (name: string, value: unknown): void => {
    try {
      const ref = refs[name];
      if (ref) ref.value = value;
      else {
        refs[name] = shallowRef(value);
        face[name] = shallowReadonly(refs[name]);
      }
    } catch (thrown) {
      unhandled(thrown);
    }
  };

  const connection = createConnection(
    {
      clock: createSystemClock(page),
      chance: Math.random,
      transport: createWebSocketTransport(page, options.WebSocket),
      signals: createPageSignals(page),
    },
    {
      ...resolveOptions(options, toValue),
      ...(process.env.NODE_ENV !== 'production' && { kept: bufferFor(refs) }),
      url: currentUrl,
      protocols: () => toValue(protocols) ?? [],
      beforeConnect: options.beforeConnect as ConnectionOptions['beforeConnect'],
      publish(view) {
        for (const name in view) set(name, view[name as keyof typeof view]);
        const isOpen = view.status === 'OPEN';
        if (beats && isOpen !== wasOpen) guard(beats[isOpen ? 'resume' : 'pause'], unhandled);
        wasOpen = isOpen;
      },
      received: (value) => set('data', value),
      unhandled,
    },
  );
  set('data', null);
  beats = options.heartbeat && options.scheduler?.(connection.beat);
  if (beats) beats.pause();
  connection.listeners.add(options as never);
  if (autoClose) onScopeEnd(connection.leave);
  // Up to Vue 3.5.44 a watcher of a scope that has ended would never end.
  if (autoConnect && typeof url !== 'string' && getCurrentScope()?.active !== false) {
    // A list, which is never the same: it may have gone there and back with an open() in between.
    watch(() => [currentUrl()], connection.changeUrl);
  }
  if (whenDeactivated === 'close' && owner) {
    onDeactivated(connection.deactivate);
    onActivated(connection.activate);
  }
  if (process.env.NODE_ENV !== 'production' && page && app && !refs['left']?.value) {
    showInDevtools(app, connection, refs, () => maskUrl(currentUrl() ?? ''), instance);
  }
  if (immediate) connection.open();
  return {
    connection,
    face: {
      ...face,
      open: () =>
        untracked(() => {
          if (process.env.NODE_ENV !== 'production' && refs['left']?.value) {
            warnOnce(
              'open() does nothing any more: the scope of the connection has ended. A detached effectScope() outlives components.',
            );
          }
          connection.open();
        }),
      send: connection.send,
      close(given, reason) {
        const code = typeof given === 'number' ? given : 1000;
        if (process.env.NODE_ENV !== 'production' && code !== 1000 && !(code >= 3000 && code < 5000)) {
          throw new HeartbeatSocketError('close', `code must be 1000 or 3000 to 4999, received ${code}`);
        }
        untracked(() => connection.close(code, typeof given === 'object' ? '' : reason));
      },
    } as SocketHandle['face'],
  };
}
