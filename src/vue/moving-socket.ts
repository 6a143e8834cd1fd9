/** One caller of a shared connection: it has listeners and a leave flag of its own, and moves when its arguments change. */
import { customRef, type ShallowRef, shallowReadonly, shallowRef } from 'vue';
import { isAlive } from '../core/connection-state.js';
import type { ConnectionListener } from '../core/connection-types.js';
import type { Engine } from '../core/engine.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import { joinInDevtools } from './devtools/devtools.js';
import { engineOf, engines, type Follow } from './engine-of.js';
import type { SocketHandle } from './injection.js';
import { onOwnScopeEnd, untracked } from './scope.js';
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

interface Listener {
  readonly type: HeartbeatSocketEvent['type'];
  readonly hear: (event: never) => void;
}

export interface MovingSocket {
  readonly socket: AnySocket;
  /** Takes the connection of now, if the caller holds none. Undefined: the caller has left. */
  take(): SocketHandle | undefined;
  /** Lets the connection go: from now on the caller hears and sees nothing of it. `linger`: see `Registry`. */
  letGo(linger?: number): void;
  /** The caller's scope has ended. */
  leave(): void;
}

/** The news of a connection that was open before somebody listened. */
const openedNews = ({ state, clock }: Engine): HeartbeatSocketEvent => ({
  type: 'opened',
  at: clock.toEpoch(clock.now()),
  socket: state.id,
  phase: state.phase,
  cause: 'open',
  isFirst: true,
  lostAt: undefined,
  cursor: undefined,
});

/** `hold` takes the connection of now, `release` gives it back. */
export function createMovingSocket(hold: () => SocketHandle, release: (linger?: number) => void): MovingSocket {
  const shown = shallowRef<SocketHandle>();
  const left = shallowRef(false);
  const listeners = new Set<Listener>();
  const follows = new Map<Follow, () => void>();
  /** The same as `shown`, and no effect tracks it. */
  let held: SocketHandle | undefined;

  const unhandled = (thrown: unknown): void => held && engineOf(held.socket).options.unhandled(thrown);
  const tell = ({ type, hear }: Listener, event: HeartbeatSocketEvent, value: unknown): void => {
    try {
      if (type === event.type) hear((value === undefined ? event : { ...event, value }) as never);
    } catch (thrown) {
      unhandled(thrown);
    }
  };
  const relay: ConnectionListener = {
    heard(event, value) {
      for (const listener of [...listeners]) if (listeners.has(listener)) tell(listener, event, value);
    },
  };
  /** Whoever listens late hears that the connection is open, so that subscribing works the same early and late. */
  const tellOpened = (to: Iterable<Listener>): void => {
    const handle = held;
    const engine = handle && engineOf(handle.socket);
    if (!engine || !isAlive(engine.state)) return;
    const { id } = engine.state;
    Promise.resolve().then(() => {
      if (handle !== held || engine.state.id !== id) return;
      for (const listener of to) if (listeners.has(listener)) tell(listener, openedNews(engine), undefined);
    });
  };

  /** What is read to make the connection is not tracked. Vue keeps what a watcher throws to itself. */
  const holdUntracked = (): SocketHandle => {
    let failure: { readonly thrown: unknown } | undefined;
    const handle = untracked(() => {
      try {
        return hold();
      } catch (thrown) {
        failure = { thrown };
        return undefined;
      }
    });
    if (failure) throw failure.thrown;
    return handle as SocketHandle;
  };
  const take = (): SocketHandle | undefined => {
    if (held || left.value) return held;
    const handle = holdUntracked();
    held = handle;
    handle.connection.listeners.add(relay);
    if (process.env.NODE_ENV !== 'production') joinInDevtools(handle.connection);
    shown.value = handle;
    for (const follow of [...follows.keys()]) follows.set(follow, follow(engineOf(handle.socket)));
    tellOpened([...listeners]);
    return handle;
  };
  const letGo = (linger?: number): void => {
    if (!held) return;
    for (const stop of follows.values()) stop();
    held.connection.listeners.delete(relay);
    held = undefined;
    shown.value = undefined;
    release(linger);
  };

  /** Asks the ref of the connection of now, each time. */
  const refOf = (name: Name): Readonly<ShallowRef> => {
    if (name === 'left') return shallowReadonly(left);
    const get = (): unknown => (shown.value ? shown.value.socket[name].value : NOTHING[name]);
    return shallowReadonly(customRef(() => ({ get, set() {} })) as ShallowRef);
  };
  const on: AnySocket['on'] = (type, hear) => {
    const listener = { type, hear } as Listener;
    listeners.add(listener);
    const stop = (): void => void listeners.delete(listener);
    onOwnScopeEnd(stop);
    if (type === 'opened') tellOpened([listener]);
    return stop;
  };
  engines.set(on, {
    now: () => engineOf((take() as SocketHandle).socket),
    follow(follow) {
      follows.set(follow, () => {});
      if (held) follows.set(follow, follow(engineOf(held.socket)));
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
    leave() {
      letGo();
      left.value = true;
      listeners.clear();
      follows.clear();
    },
  };
}
