/** The listeners of one caller of a shared connection. They hear one connection after another. */
import { isAlive } from '../core/connection-state.js';
import type { ConnectionListener } from '../core/connection-types.js';
import type { Engine } from '../core/engine.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import { engineOf } from './engine-of.js';
import type { SocketHandle } from './injection.js';
import { onOwnScopeEnd } from './scope.js';

interface Listener {
  readonly type: HeartbeatSocketEvent['type'];
  readonly hear: (event: never) => void;
  /** The number of the socket that it knows to be open. */
  openSocket?: number | undefined;
}

export interface OwnListeners {
  readonly on: SocketHandle['socket']['on'];
  /** The listeners hear of this connection, until the function that is returned is called. */
  hearFrom(handle: SocketHandle): () => void;
  clear(): void;
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

/** `unhandled` is told what a listener throws. */
export function createOwnListeners(unhandled: (thrown: unknown) => void): OwnListeners {
  const listeners = new Set<Listener>();
  let current: Engine | undefined;

  const tell = (listener: Listener, event: HeartbeatSocketEvent, value?: unknown): void => {
    const { type, hear } = listener;
    if (type !== event.type) return;
    // A listener that is added while the connection opens hears of that now, and would hear of it late as well.
    if (type === 'opened') listener.openSocket = event.socket;
    try {
      hear((value === undefined ? event : { ...event, value }) as never);
    } catch (thrown) {
      unhandled(thrown);
    }
  };
  /** Whoever listens late hears that the connection is open, so that subscribing works the same early and late. */
  const tellOpened = (to: Iterable<Listener>): void => {
    const engine = current;
    if (!engine || !isAlive(engine.state)) return;
    const { id } = engine.state;
    Promise.resolve().then(() => {
      for (const listener of to) {
        // A listener may close the connection, or make the caller move.
        if (engine !== current || engine.state.id !== id) return;
        if (listeners.has(listener) && listener.openSocket !== id) tell(listener, openedNews(engine));
      }
    });
  };

  return {
    on(type, hear) {
      const listener = { type, hear } as Listener;
      listeners.add(listener);
      const stop = (): void => void listeners.delete(listener);
      onOwnScopeEnd(stop);
      if (type === 'opened') tellOpened([listener]);
      return stop;
    },
    hearFrom({ connection, socket }) {
      const engine = engineOf(socket);
      const relay: ConnectionListener = {
        heard(event, value) {
          for (const listener of [...listeners]) if (listeners.has(listener)) tell(listener, event, value);
        },
      };
      current = engine;
      connection.listeners.add(relay);
      tellOpened([...listeners]);
      return () => {
        current = undefined;
        connection.listeners.delete(relay);
        // If the caller comes back, it may have missed messages.
        for (const listener of listeners) listener.openSocket = undefined;
      };
    },
    clear: () => listeners.clear(),
  };
}
