/** One caller of a shared connection: it has listeners and a leave flag of its own, and moves when its arguments change. */
import { customRef, getCurrentInstance, type ShallowRef, shallowReadonly, shallowRef } from 'vue';
import { joinInDevtools } from './devtools/devtools.js';
import { holderOf } from './devtools/inspector.js';
import { engineOf, engines, type Follow } from './engine-of.js';
import type { SocketHandle } from './injection.js';
import { createOwnListeners } from './own-listeners.js';
import { untracked } from './scope.js';
import type { UseHeartbeatSocketReturn } from './socket-return.js';
import { lazyRefs, type Name } from './socket-state.js';

// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
type AnySocket = UseHeartbeatSocketReturn<any, any>;

/** What the caller sees while it holds no connection. */
const NOTHING: Partial<Record<Name, unknown>> = {
  status: 'CLOSED',
  phase: 'idle',
  data: null,
  failures: 0,
  pending: 0,
};

/** A connection that a caller holds. */
export interface Hold {
  readonly handle: SocketHandle;
  /** Gives it back. `linger`: see `Registry`. */
  release(linger?: number): void;
}

export interface MovingSocket {
  readonly socket: AnySocket;
  /** Takes the connection of now, if the caller holds none. Undefined: the caller has left. */
  take(): SocketHandle | undefined;
  /** Lets the connection go: from now on the caller hears and sees nothing of it. `linger`: see `Registry`. */
  letGo(linger?: number): void;
  /** The caller's scope has ended. */
  leave(): void;
  /** `<KeepAlive>` has put the caller away: it lets go, and takes nothing of itself. */
  deactivate(): void;
  activate(): void;
  /** Takes the connection of now, unless `<KeepAlive>` has put the caller away. */
  moveOn(): void;
}

/** `hold` takes the connection of now. `unhandled` is told what the caller's listeners throw. */
export function createMovingSocket(hold: () => Hold, unhandled: (thrown: unknown) => void): MovingSocket {
  const shown = shallowRef<SocketHandle>();
  const left = shallowRef(false);
  const listeners = createOwnListeners(unhandled);
  const { on } = listeners;
  const follows = new Map<Follow, () => void>();
  const holder = process.env.NODE_ENV !== 'production' ? holderOf(getCurrentInstance()) : undefined;
  /** The same as `shown`, and no effect tracks it. */
  let held: SocketHandle | undefined;
  /** Takes back what `take` has done. */
  let undo: Hold['release'] = () => {};
  /** The same as `left`, and no effect tracks it. */
  let isOver = false;
  let isAway = false;

  /** A function that follows may make the caller move at once. */
  const followOn = (follow: Follow): void => {
    const handle = held;
    if (!handle) return;
    const stop = follow(engineOf(handle.socket));
    if (held === handle) follows.set(follow, stop);
    else stop();
  };

  const takeNow = (): SocketHandle => {
    const { handle, release } = hold();
    held = handle;
    const stopHearing = listeners.hearFrom(handle);
    const leaveDevtools = process.env.NODE_ENV !== 'production' ? joinInDevtools(handle.connection, holder) : undefined;
    undo = (linger) => {
      leaveDevtools?.();
      stopHearing();
      held = undefined;
      // A sync watcher of the user may send, so that the caller takes the next connection before this one is given back.
      shown.value = undefined;
      release(linger);
    };
    shown.value = handle;
    for (const follow of [...follows.keys()]) if (held === handle) followOn(follow);
    return handle;
  };
  /** What is read to make the connection, and to subscribe on it, is not tracked. Vue keeps what a watcher throws to itself. */
  const take = (): SocketHandle | undefined => {
    if (held || isOver) return held;
    let failure: { readonly thrown: unknown } | undefined;
    const handle = untracked(() => {
      try {
        return takeNow();
      } catch (thrown) {
        failure = { thrown };
        return undefined;
      }
    });
    if (failure) throw failure.thrown;
    return handle;
  };
  const letGo = (linger?: number): void => {
    if (!held) return;
    for (const stop of follows.values()) stop();
    undo(linger);
  };

  /** Asks the ref of the connection of now, each time. */
  const made: Partial<Record<Name, ShallowRef>> = { left };
  const refOf = (name: Name): Readonly<ShallowRef> => {
    const get = (): unknown => (shown.value ? shown.value.socket[name].value : NOTHING[name]);
    made[name] ??= customRef(() => ({ get, set() {} })) as ShallowRef;
    return shallowReadonly(made[name]);
  };
  engines.set(on, {
    now() {
      const handle = take();
      return handle && engineOf(handle.socket);
    },
    follow(follow) {
      follows.set(follow, () => {});
      followOn(follow);
    },
  });

  const socket: Omit<AnySocket, Name> = {
    on,
    send: (data, useBuffer) => take()?.socket.send(data, useBuffer) ?? false,
    open: () => take()?.socket.open(),
    close: (code, reason) => take()?.socket.close(code, reason),
  };
  return {
    socket: Object.assign(lazyRefs(refOf), socket) as AnySocket,
    take,
    letGo,
    deactivate() {
      isAway = true;
      letGo();
    },
    activate() {
      isAway = false;
      take();
    },
    moveOn() {
      if (!isAway) take();
    },
    leave() {
      isOver = true;
      letGo();
      left.value = true;
      listeners.clear();
      follows.clear();
    },
  };
}
