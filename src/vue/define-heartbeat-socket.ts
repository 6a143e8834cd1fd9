import { getCurrentInstance, getCurrentScope, isRef, type MaybeRefOrGetter, shallowRef, toValue, watch } from 'vue';
import { HeartbeatSocketError } from '../core/errors.js';
import { kindOf } from '../core/kind-of.js';
import type { Serializer } from '../core/serializer.js';
import { flatOptions } from './flat-options.js';
import { appSocketKey, injected, isOnServer } from './injection.js';
import { createMovingSocket } from './moving-socket.js';
import { type Described, makeShared, registryOf } from './registries.js';
import { appAround, errorTeller, followKeepAlive, onOwnScopeEnd } from './scope.js';
import {
  type AnySharedOptions,
  createDefinition,
  type Definition,
  definitionOf,
  newest,
  type SharedSocketOptions,
  type SharedSource,
} from './shared-definition.js';
import { textOf } from './shared-key.js';
import type { SocketData, UseHeartbeatSocketReturn } from './socket-return.js';
import { warnOnce } from './warn-once.js';

/** A composable that shares. Each argument may be a ref or a getter: when it changes, the caller moves to the other connection. */
export type UseSharedSocket<Args extends readonly unknown[], Read, Write> = (
  ...args: { [Index in keyof Args]: MaybeRefOrGetter<Args[Index]> }
) => UseHeartbeatSocketReturn<Read, Write>;

const LINGER = 1_000;

const isDynamic = (arg: unknown): boolean => typeof arg === 'function' || isRef(arg);

function flat(given: AnySharedOptions): Described {
  const { linger = LINGER, ...others }: AnySharedOptions = Object(given);
  const isUsable = linger >= 0;
  if (process.env.NODE_ENV !== 'production') {
    // What an async function gives would be taken for options without a url.
    if (Object(given) !== given || typeof Object(given).then === 'function') {
      throw new HeartbeatSocketError('option', `a definition must give its options, received ${kindOf(given)}`);
    }
    if (!isUsable) {
      throw new HeartbeatSocketError('option', `linger must be a number of ms, 0 or more, received ${linger}`);
    }
  }
  return { linger: isUsable ? linger : LINGER, options: flatOptions(others) };
}

/**
 * Defines a connection that is shared: each component that calls the composable holds the same one, with listeners (`on`) and a leave
 * flag (`left`) of its own. The connection is made with the first caller, and ends `linger` ms after the last one has left. `open()` and
 * `close()` are for everyone.
 *
 * The definition is the key: so nobody can ask for the same connection with other options. With arguments the key is the definition and
 * its arguments as JSON, in which the order of fields does not matter. Arguments may be refs or getters. When they change, the caller
 * moves at once: it hears and sees nothing of the old connection any more, and takes the other one before the next render, or when it
 * first sends. Its listeners, `useSubscriptions` and `useRequests` move along; requests that were under way reject with the code `left`.
 *
 * `on('opened')` also hears of a connection that is open already, in the next microtask, with `isFirst` true: so subscribing works the
 * same early and late. Callbacks among the options belong to the connection, not to a caller.
 *
 * Each app has connections of its own, and the options of its plugin are the defaults. Calls outside of any app share one set for the
 * page. On a server that renders with Vue nothing is shared among requests, and nothing connects. With `whenDeactivated: 'close'` a
 * caller in a deactivated component of `<KeepAlive>` holds no connection.
 *
 * @param source The options, or a function that makes them of the arguments. It is called when the connection is made, in the context of
 * the app: `inject` gives what the app provides, and what it watches ends with the connection.
 *
 * @example
 * export const usePrices = defineHeartbeatSocket<Price>({ url: '/prices', serializer: 'json' })
 *
 * @example
 * export const useRoom = defineHeartbeatSocket((room: string) => ({ url: `/rooms/${room}`, linger: 5_000 }))
 * const { data, send } = useRoom(() => props.room)
 *
 * @example
 * // Types that cannot be inferred, with arguments
 * defineHeartbeatSocket<Price, [market: string]>((market) => ({ url: `/prices/${market}`, serializer: 'json' }))
 */
// biome-ignore-start lint/suspicious/noExplicitAny: useWebSocket's own default for what a server sends
export function defineHeartbeatSocket<Read = any, Args extends readonly unknown[] = []>(
  source: SharedSource<Args, SharedSocketOptions<Read, unknown> & { serializer: 'json' }>,
): UseSharedSocket<Args, Read, unknown>;
export function defineHeartbeatSocket<Read, Write = any, Args extends readonly unknown[] = []>(
  source: SharedSource<Args, SharedSocketOptions<Read, Write> & { serializer: Serializer<Read, Write> }>,
): UseSharedSocket<Args, Read, Write>;
export function defineHeartbeatSocket<Read = any, Write = SocketData, Args extends readonly unknown[] = []>(
  source: SharedSource<Args, SharedSocketOptions<Read, Write>>,
): UseSharedSocket<Args, Read, Write>;
// biome-ignore-end lint/suspicious/noExplicitAny: the rest has no any
export function defineHeartbeatSocket(
  source: SharedSource<readonly unknown[], AnySharedOptions>,
): UseSharedSocket<readonly unknown[], unknown, unknown> {
  const definition = createDefinition(source);
  const use = (...args: readonly unknown[]) => useShared(definition, args);
  definitionOf.set(use, definition);
  return use;
}

/** Makes a caller of a definition. */
function useShared(definition: Definition, args: readonly unknown[]): UseHeartbeatSocketReturn<unknown, unknown> {
  if (process.env.NODE_ENV !== 'production' && !getCurrentScope()) {
    warnOnce(
      'The composable of defineHeartbeatSocket() was called outside of any effect scope. Nothing lets its connection go.',
    );
  }
  const own = injected(appSocketKey);
  const app = appAround(own, getCurrentInstance());
  const registry = registryOf(app);
  const holder = {};
  const keyNow = (): string => `${newest(definition).id} ${textOf(args.map(toValue))}`;
  const describe = (): Described => {
    const { source } = newest(definition);
    const given = typeof source === 'function' ? source(...args.map(toValue)) : source;
    const { linger, options } = flat(given);
    // The url of the plugin is that of the app's own connection.
    return { linger, options: { ...own?.defaults, url: undefined, ...options } };
  };
  const caller = createMovingSocket(
    () => {
      const key = keyNow();
      const handle = registry.hold(key, holder, () => makeShared(describe, app));
      return { handle, release: (linger) => registry.release(key, holder, linger) };
    },
    errorTeller(app, null),
  );
  const { take, letGo, leave, moveOn, socket } = caller;
  // First, since a component may be gone before its async setup goes on. It takes nothing then.
  onOwnScopeEnd(() => {
    leave();
    newest(definition).callers.delete(caller);
  });
  const handle = take();
  // A scope on a server may never end.
  if (process.env.NODE_ENV !== 'production' && handle && !isOnServer()) newest(definition).callers.add(caller);
  if (handle?.whenDeactivated === 'close') followKeepAlive(caller);
  if (args.some(isDynamic) && getCurrentScope()?.active !== false) {
    const moves = shallowRef({});
    // At once the caller hears no more of the old connection. It takes the new one when all arguments have their values.
    const letGoNow = (): void => {
      letGo();
      // Vue 3.6 tracks what is read here in the effect that changes an argument, so this is no counter.
      moves.value = {};
    };
    watch(keyNow, letGoNow, { flush: 'sync' });
    watch(moves, moveOn);
  }
  return socket;
}
