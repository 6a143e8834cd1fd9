import { customRef, type ShallowRef, shallowReadonly, shallowRef } from 'vue';
import type { Connection, ConnectionView } from '../core/connection-types.js';
import type { UseHeartbeatSocketReturn } from './socket-return.js';

/** The names of the refs. */
export type Name = Exclude<keyof ConnectionView, 'url' | 'isLeader'> | 'data';

/** The state that `useHeartbeatSocket` returns, without its commands. */
// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export type StateRefs = Pick<UseHeartbeatSocketReturn<any, any>, Name>;

/** `phase` is the last one: whoever watches it synchronously finds the rest up to date. */
const VIEW = ['ws', 'latency', 'error', 'left', 'failures', 'pending', 'retryAt', 'status', 'phase'] as const;

/** Gives the ref of a name. No key of the object, so that it is not seen among the refs. */
const REF_OF = Symbol('refOf');

interface Holder {
  readonly [REF_OF]: (name: Name) => Readonly<ShallowRef>;
}

/** Getters that all connections share: ones of its own would cost each connection a kilobyte. */
const GETTERS = Object.fromEntries(
  (['data', ...VIEW] as const).map((name) => [
    name,
    {
      enumerable: true,
      configurable: true,
      get(this: Holder) {
        return this[REF_OF](name);
      },
      // A test may replace the ref with one of its own, as it may replace any other property.
      set(this: Holder, value: unknown) {
        Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true });
      },
    },
  ]),
);

/** Refs that are made when they are first asked for. */
export const lazyRefs = (refOf: Holder[typeof REF_OF]): StateRefs =>
  Object.defineProperties(Object.defineProperty({}, REF_OF, { value: refOf }), GETTERS) as StateRefs;

export interface SocketState {
  readonly refs: StateRefs;
  /** The view of the connection may have changed. */
  update(): void;
  /** A message came. */
  receive(value: unknown): void;
}

/**
 * A ref that asks anew whenever it is read, and tells its readers of each other value that is set. A time in the future is another one
 * after the user has set the clock of the system, and no event tells of that.
 */
function freshRef<T>(read: () => T): ShallowRef<T> {
  let shown = read();
  return customRef((track, trigger) => ({
    get() {
      track();
      return read();
    },
    set(value) {
      if (value !== shown) trigger();
      shown = value;
    },
  })) as ShallowRef<T>;
}

/**
 * Shows a connection in readonly refs. A ref is made when it is first asked for: most components use two or three of the nine, and
 * each costs some microseconds. `failed` is given what a sync watcher of the user throws.
 */
export function createSocketState({ view }: Pick<Connection, 'view'>, failed: (thrown: unknown) => void): SocketState {
  const made: Partial<Record<Name, ShallowRef>> = {};
  let data: unknown = null;
  let url: string | undefined;

  const refOf = (name: Name): Readonly<ShallowRef> => {
    made[name] ??=
      name === 'retryAt' ? freshRef(() => view().retryAt) : shallowRef(name === 'data' ? data : view()[name]);
    return shallowReadonly(made[name]);
  };
  const set = (name: Name, value: unknown): void => {
    const ref = made[name];
    try {
      if (ref) ref.value = value;
    } catch (thrown) {
      failed(thrown);
    }
  };

  return {
    refs: lazyRefs(refOf),
    update() {
      const now = view();
      // What a server has said is not what the next one says.
      if (now.url !== url) this.receive(null);
      url = now.url;
      for (const name of VIEW) set(name, now[name]);
    },
    receive(value) {
      data = value;
      set('data', value);
    },
  };
}
