import { type App, type ComponentInternalInstance, getCurrentScope, isRef, toValue, watch } from 'vue';
import { checkMessage } from '../core/check-given.js';
import { createConnection } from '../core/connection.js';
import type { Connection, ConnectionOptions } from '../core/connection-types.js';
import { HeartbeatSocketError } from '../core/errors.js';
import { kindOf } from '../core/kind-of.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import { maskUrl } from '../core/mask-url.js';
import type { Settings } from '../core/options.js';
import type { Ports } from '../core/ports.js';
import { isTime } from '../core/reconnect-policy.js';
import { raw } from '../core/serializer.js';
import type { Share } from '../core/share.js';
import { showInDevtools } from './devtools/devtools.js';
import { engines } from './engine-of.js';
import type { FlatOptions } from './flat-options.js';
import type { Pausable } from './heartbeat-options.js';
import type { SocketHandle } from './injection.js';
import type { SocketUrl } from './options.js';
import { errorTeller, followKeepAlive, onOwnScopeEnd, onScopeEnd, untracked } from './scope.js';
import { createSocketState, type SocketState } from './socket-state.js';
import { warnOnce } from './warn-once.js';

/** The options of a connection, complete and flattened. */
export type BoundSettings = Settings & Omit<FlatOptions, keyof Settings>;

/** Runs what may throw. */
function guard<T>(run: () => T, failed: (thrown: unknown) => void): T | undefined {
  try {
    return run();
  } catch (thrown) {
    failed(thrown);
    return undefined;
  }
}

/** The commands that `useHeartbeatSocket` returns. `isRaw`: messages go over the wire as the caller gives them. */
const commandsOf = (
  connection: Connection,
  isRaw: boolean,
): Pick<SocketHandle['socket'], 'open' | 'send' | 'close' | 'on'> => ({
  open() {
    if (process.env.NODE_ENV !== 'production' && connection.view().left) {
      warnOnce(
        'open() does nothing any more: the scope that owns the connection has ended. Call useHeartbeatSocket() in a detached effectScope() if the connection has to outlive its component.',
      );
    }
    untracked(() => connection.open());
  },
  on(type, listener) {
    const own = {
      heard(event: HeartbeatSocketEvent, value: unknown) {
        if (event.type === type) listener((value === undefined ? event : { ...event, value }) as never);
      },
    };
    connection.listeners.add(own);
    const stop = (): void => void connection.listeners.delete(own);
    onOwnScopeEnd(stop);
    return stop;
  },
  send(data, useBuffer) {
    if (process.env.NODE_ENV !== 'production' && isRaw) checkMessage(data);
    return connection.send(data, useBuffer);
  },
  close(given, reason) {
    const drain = (given as { readonly drain?: number } | undefined)?.drain;
    if (drain !== undefined) {
      const isUsable = isTime(drain);
      if (process.env.NODE_ENV !== 'production' && !isUsable) {
        throw new HeartbeatSocketError('close', `drain must be a number of ms, 0 or more, received ${kindOf(drain)}`);
      }
      untracked(() => connection.drain(isUsable ? drain : 0));
      return;
    }
    const code = typeof given === 'number' ? given : 1000;
    if (process.env.NODE_ENV !== 'production' && code !== 1000 && !(code >= 3000 && code < 5000)) {
      throw new HeartbeatSocketError('close', `code must be 1000 or 3000 to 4999, received ${code}`);
    }
    untracked(() => connection.close(code, typeof given === 'object' ? '' : reason));
  },
});

/** Opens a connection that ends with the current scope, and shows it in refs. */
export function bindConnection(
  url: SocketUrl,
  settings: BoundSettings,
  runtime: Ports,
  instance: ComponentInternalInstance | null,
  app: App | undefined,
): SocketHandle {
  // In the scope of a store the current component is only the first user.
  const owner = instance && getCurrentScope() === (instance as { scope?: unknown }).scope ? instance : null;
  let scheduler: Pausable | false | undefined;
  let isScheduling = false;
  // A wrong option is told of before there is a state.
  let state: SocketState | undefined;

  const unhandled = errorTeller(app, owner?.proxy ?? null);
  // A getter that throws has no url to give, so nothing connects until it gives one.
  const currentUrl = (): string | URL | null | undefined => guard(() => toValue(url), unhandled);

  /** The user's scheduler times the heartbeats while the connection is open. */
  const schedule = ({ resume, pause }: Pausable, isOpen: boolean): void => {
    if (isOpen !== isScheduling) guard(isOpen ? resume : pause, unhandled);
    isScheduling = isOpen;
  };

  const { protocols } = settings;
  const isDynamic = typeof url === 'function' || guard(() => isRef(url), unhandled);
  const own: Omit<ConnectionOptions, keyof Settings> = {
    // An effect that sends must not run again with each new url.
    url: isDynamic ? () => untracked(currentUrl) : currentUrl,
    protocols: () => toValue(protocols) ?? [],
    viewChanged() {
      state?.update();
      if (scheduler) schedule(scheduler, connection.view().status === 'OPEN');
    },
    received: (value) => state?.receive(value),
    unhandled,
    // Each attempt, and each callback, finds what the app has provided.
    within: (run) => (app ? app.runWithContext(run) : run()),
    isHeld: true,
  };
  const full = Object.assign(settings, own) as ConnectionOptions;
  const shared = (settings.share as Share | undefined)?.connect(createConnection, runtime, full);
  if (process.env.NODE_ENV !== 'production' && settings.share && !shared && url !== undefined) {
    warnOnce(
      'tabs() shares nothing here: it needs Web Locks and BroadcastChannel, which browsers have on https and localhost.',
    );
  }
  const connection = shared ?? createConnection(runtime, full);
  state = createSocketState(connection, unhandled);

  scheduler = guard(() => {
    const given = settings.heartbeat !== false && settings.scheduler?.(() => connection.beat());
    if (given) given.pause();
    return given;
  }, unhandled);
  connection.listeners.add(settings as never);
  if (settings.autoClose) onScopeEnd(() => connection.leave());
  // Up to Vue 3.5.44 a watcher that is made in a scope that has ended never ends.
  if (settings.autoConnect && isDynamic && getCurrentScope()?.active !== false) {
    // A new list each time: the url may have gone there and back with an `open()` in between.
    watch(
      () => [currentUrl()],
      () => connection.changeUrl(),
    );
  }
  if (settings.whenDeactivated === 'close') followKeepAlive(connection);
  if (process.env.NODE_ENV !== 'production' && app && url !== undefined && !connection.view().left) {
    showInDevtools(app, connection, () => maskUrl(currentUrl() ?? ''), instance);
  }
  if (settings.immediate) untracked(() => connection.open());
  connection.release();
  const commands = commandsOf(connection, settings.serializer === raw);
  engines.set(commands.on, { now: () => connection.engine });
  return { connection, socket: Object.assign(state.refs, commands) as SocketHandle['socket'] };
}
