/** What a definition of a shared connection is, and what takes its place after a hot reload. */
import type { MovingSocket } from './moving-socket.js';
import type { SocketUrl, UseHeartbeatSocketOptions } from './options.js';
import type { SocketData } from './socket-return.js';

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

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export type AnySharedOptions = SharedSocketOptions<any, any>;

/** What one call of `defineHeartbeatSocket` has made. */
export interface Definition {
  readonly id: number;
  readonly source: SharedSource<readonly unknown[], AnySharedOptions>;
  /** The callers of now, in development. */
  readonly callers: Set<MovingSocket>;
  /** Takes its place after a hot reload. */
  next?: Definition;
}

let definitions = 0;

export function createDefinition(source: Definition['source']): Definition {
  definitions += 1;
  return { id: definitions, source, callers: new Set() };
}

/** By the composable. */
export const definitionOf = new WeakMap<object, Definition>();

export const newest = (definition: Definition): Definition => (definition.next ? newest(definition.next) : definition);

/**
 * Makes the function for `import.meta.hot.accept`, in a module that defines shared connections. After a hot reload of the module all
 * callers move to the new definitions, and the connections that they held end at once; one that nobody held lingers. In production
 * there is no hot reload, and bundlers leave this out.
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
      // A module may go back to an earlier definition.
      delete after.next;
      const moving = [...before.callers];
      before.callers.clear();
      for (const caller of moving) {
        after.callers.add(caller);
        caller.letGo(0);
      }
      for (const caller of moving) {
        try {
          caller.moveOn();
        } catch (thrown) {
          // The new source has a mistake. The others move all the same, and the next edit finds them all.
          console.error(thrown);
        }
      }
    }
  };
}
