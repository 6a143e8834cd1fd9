import { getCurrentInstance, getCurrentScope, isRef, type MaybeRefOrGetter, shallowRef, toValue, watch } from 'vue';
import { HeartbeatSocketError } from '../core/errors.js';
import type { Serializer } from '../core/serializer.js';
import { type FlatOptions, flatOptions } from './flat-options.js';
import { appSocketKey, injected } from './injection.js';
import { createMovingSocket, type MovingSocket } from './moving-socket.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';
import { makeShared, registryOf } from './registries.js';
import { appAround, followKeepAlive, onScopeEnd } from './scope.js';
import type { SocketData, UseHeartbeatSocketReturn } from './socket-return.js';

/** Options of a connection that is shared: see {@link defineHeartbeatSocket}. */
export interface SharedSocketOptions<Read = unknown, Write = SocketData>
  extends UseHeartbeatSocketOptions<Read, Write> {
  /** The url of the connection. Undefined, null and '' mean "not now". A ref or getter is followed. */
  url?: SocketUrl | undefined;
  /**
   * ms that the connection stays after the last caller has left, so that a change of route does not connect anew. 0: it ends at once.
   * Infinity: it stays until the app ends. Default 1_000.
   */
  linger?: number | undefined;
}

/** Options, or a function that makes them of the arguments. */
export type SharedSource<Args extends readonly unknown[], Options> = Options | ((...args: Args) => Options);

/** A composable that shares. Each argument may be a ref or a getter: when it changes, the caller moves to the other connection. */
export type UseSharedSocket<Args extends readonly unknown[], Read, Write> = (
  ...args: { [Index in keyof Args]: MaybeRefOrGetter<Args[Index]> }
) => UseHeartbeatSocketReturn<Read, Write>;

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
type AnyOptions = SharedSocketOptions<any, any>;

/** What one call of `defineHeartbeatSocket` has made. */
interface Definition {
  readonly id: number;
  readonly source: SharedSource<readonly unknown[], AnyOptions>;
  /** The callers of now, in development. */
  readonly callers: Set<MovingSocket>;
  /** Takes its place after a hot reload. */
  next?: Definition;
}

let definitions = 0;

/** By the composable. */
const definitionOf = new WeakMap<object, Definition>();

const newest = (definition: Definition): Definition => (definition.next ? newest(definition.next) : definition);

/** What tells the connections of one definition apart. */
function textOf(args: readonly unknown[]): string {
  try {
    if (args.every((arg) => typeof arg !== 'function' && typeof arg !== 'symbol')) return JSON.stringify(args);
  } catch {
    // It has none, as a bigint or a circle.
  }
  throw new HeartbeatSocketError('option', 'an argument of a shared connection must have JSON');
}

const isDynamic = (arg: unknown): boolean => typeof arg === 'function' || isRef(arg);

function flat({ linger = 1_000, ...others }: AnyOptions): { readonly linger: number; readonly options: FlatOptions } {
  if (process.env.NODE_ENV !== 'production' && !(linger >= 0)) {
    throw new HeartbeatSocketError('option', `linger must be a number of ms, 0 or more, received ${linger}`);
  }
  return { linger, options: flatOptions(others) };
}

/**
 * Defines a connection that is shared: each component that calls the composable holds the same one, with listeners (`on`) and a leave
 * flag (`left`) of its own. The connection is made with the first caller, and ends `linger` ms after the last one has left. `open()` and
 * `close()` are for everyone.
 *
 * The definition is the key: so nobody can ask for the same connection with other options. With arguments the key is the definition and
 * its arguments as JSON. Arguments may be refs or getters. When they change, the caller moves at once: it hears and sees nothing of the
 * old connection any more, and takes the other one before the next render, or when it first sends. Its listeners, `useSubscriptions` and
 * `useRequests` move along; requests that were under way reject with the code `left`.
 *
 * `on('opened')` also hears of a connection that is open already, in the next microtask, with `isFirst` true: so subscribing works the
 * same early and late. Callbacks among the options belong to the connection, not to a caller.
 *
 * Each app has connections of its own, and the options of its plugin are the defaults. Calls outside of any app share one set for the
 * page. On a server that renders with Vue nothing is shared among requests, and nothing connects. With `whenDeactivated: 'close'` a
 * caller in a deactivated component of `<KeepAlive>` holds no connection.
 *
 * @param source The options, or a function that makes them of the arguments. It is called when the connection is made.
 *
 * @example
 * export const usePrices = defineHeartbeatSocket<Price>({ url: '/prices', serializer: 'json' })
 *
 * @example
 * export const useRoom = defineHeartbeatSocket((room: string) => ({ url: `/rooms/${room}`, linger: 5_000 }))
 * const { data, send } = useRoom(() => props.room)
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
  source: SharedSource<readonly unknown[], AnyOptions>,
): UseSharedSocket<readonly unknown[], unknown, unknown> {
  definitions += 1;
  const definition: Definition = { id: definitions, source, callers: new Set() };
  const use = (...args: readonly unknown[]) => useShared(definition, args);
  definitionOf.set(use, definition);
  return use;
}

/** Makes a caller of a definition. */
function useShared(definition: Definition, args: readonly unknown[]): UseHeartbeatSocketReturn<unknown, unknown> {
  const own = injected(appSocketKey);
  const app = appAround(own, getCurrentInstance());
  const registry = registryOf(app);
  const holder = {};
  let key = '';
  const keyNow = (): string => `${newest(definition).id} ${textOf(args.map(toValue))}`;
  const make = () => {
    const { source } = newest(definition);
    const given = typeof source === 'function' ? source(...args.map(toValue)) : source;
    const { linger, options } = flat(given);
    return makeShared({ ...own?.defaults, ...options }, linger, app);
  };
  const caller = createMovingSocket(
    () => {
      key = keyNow();
      return registry.hold(key, holder, make);
    },
    (linger) => registry.release(key, holder, linger),
  );
  const { take, letGo, leave, socket } = caller;
  // First, since a component may be gone before its async setup goes on. It takes nothing then.
  onScopeEnd(() => {
    leave();
    newest(definition).callers.delete(caller);
  });
  const handle = take();
  if (process.env.NODE_ENV !== 'production' && handle) newest(definition).callers.add(caller);
  if (handle?.whenDeactivated === 'close') followKeepAlive({ deactivate: () => letGo(), activate: take });
  if (args.some(isDynamic) && getCurrentScope()?.active !== false) {
    const moves = shallowRef(0);
    // At once the caller hears no more of the old connection. It takes the new one when all arguments have their values.
    const letGoNow = (): void => {
      letGo();
      moves.value += 1;
    };
    watch(keyNow, letGoNow, { flush: 'sync' });
    watch(moves, take);
  }
  return socket;
}

/**
 * Makes the function for `import.meta.hot.accept`, in a module that defines shared connections. After a hot reload of the module all
 * callers move to the new definitions, and the old connections end at once. In production there is no hot reload, and bundlers leave
 * this out.
 *
 * @param composables The composables of the module, by the names under which it exports them.
 *
 * @example
 * export const usePrices = defineHeartbeatSocket({ url: '/prices' })
 * if (import.meta.hot) import.meta.hot.accept(acceptSharedSocketUpdate({ usePrices }))
 */
export function acceptSharedSocketUpdate(
  composables: Readonly<Record<string, object>>,
): (next: Readonly<Record<string, unknown>> | undefined) => void {
  return (next) => {
    for (const [name, composable] of Object.entries(composables)) {
      const known = definitionOf.get(composable);
      const before = known && newest(known);
      const after = definitionOf.get(Object(next?.[name]));
      if (!before || !after || before === after) continue;
      before.next = after;
      for (const caller of before.callers) caller.letGo(0);
      for (const caller of before.callers) {
        after.callers.add(caller);
        caller.take();
      }
      before.callers.clear();
    }
  };
}
