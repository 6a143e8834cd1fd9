/** An engine on memory ports, with everything it says written down. */
import { afterEach } from 'vitest';
import { createConnection } from '../../src/core/connection';
import type {
  Connection,
  ConnectionListener,
  ConnectionOptions,
  ConnectionView,
} from '../../src/core/connection-types';
import { type OptionsInput, resolveOptions } from '../../src/core/options';
import { flattenOptions } from '../../src/core/read-options';
import { createMemoryPorts, type MemoryPorts } from '../../src/testing/memory-ports';
import type { MemorySocket } from '../../src/testing/memory-socket';

export interface Engine {
  readonly ports: MemoryPorts;
  readonly connection: Connection;
  readonly view: ConnectionView;
  /** Callbacks in order, as `name` or `name:detail`. */
  readonly log: string[];
  readonly received: unknown[];
  /** What nobody listened for. A test that does not look at it must not cause any. */
  readonly unhandled: unknown[];
  /** The newest socket. */
  readonly socket: MemorySocket;
  /** How often the view was said to have changed. */
  viewChanges: number;
  url: unknown;
}

/** The options of a connection, with a url that the test may change and a listener of its own. `received` and `unhandled` replace the engine's lists. */
export type EngineOptions = OptionsInput &
  Partial<
    Pick<
      ConnectionOptions,
      'beforeConnect' | 'handshake' | 'binaryType' | 'received' | 'unhandled' | 'isHeld' | 'within'
    >
  > & {
    url?: unknown;
    listener?: ConnectionListener;
    /** The page of the connection. Default: one of its own. */
    ports?: MemoryPorts;
  };

/** What no test has looked at yet. */
const overlooked = new Set<unknown[]>();

afterEach(() => {
  const errors = [...overlooked].flat();
  overlooked.clear();
  if (errors.length) throw errors[0];
});

const read = (source: unknown): unknown => (typeof source === 'function' ? source() : source);

/** An engine that has been asked to open: its first socket connects. */
export function startEngine(options: EngineOptions = {}): Engine {
  const engine = createEngine(options);
  engine.connection.open();
  return engine;
}

/** An engine whose first socket the server has accepted: the connection is open. */
export function openEngine(options: EngineOptions = {}): Engine {
  const engine = startEngine(options);
  engine.socket.accept();
  return engine;
}

/** An engine that nobody has opened. */
export function createEngine({
  url = 'ws://server/',
  beforeConnect,
  handshake,
  binaryType,
  listener,
  received: receive,
  unhandled: handle,
  isHeld = false,
  within = (run) => run(),
  ports = createMemoryPorts(),
  ...options
}: EngineOptions = {}): Engine {
  const log: string[] = [];
  const received: unknown[] = [];
  const unhandled: unknown[] = [];
  overlooked.add(unhandled);
  let isMade = false;
  const connection = createConnection(ports, {
    ...resolveOptions(flattenOptions(options), read),
    url: () => (isMade ? engine.url : url),
    protocols: () => [],
    beforeConnect,
    handshake,
    binaryType,
    viewChanged: () => {
      if (isMade) engine.viewChanges += 1;
    },
    received: receive ?? ((value) => received.push(value)),
    unhandled: handle ?? ((error) => unhandled.push(error)),
    within,
    isHeld,
  });
  const engine = {
    ports,
    connection,
    log,
    received,
    get unhandled() {
      overlooked.delete(unhandled);
      return unhandled;
    },
    url,
    viewChanges: 0,
    get view() {
      return connection.view();
    },
    get socket() {
      const newest = ports.sockets.at(-1);
      if (!newest) throw new Error('no socket was made');
      return newest;
    },
  };
  isMade = true;
  connection.listeners.add({
    onConnected: () => log.push('connected'),
    onDisconnected: (_, { code, reason, wasClean }) => log.push(`disconnected:${code}:${reason}:${wasClean}`),
    onError: () => log.push('error'),
    onFailed: () => log.push('failed'),
    onDropped: (data, reason) => log.push(`dropped:${data}:${reason}`),
    onDelivered: (data) => log.push(`delivered:${data}`),
    ...listener,
  });
  return engine;
}

/** Beats and other data that this socket was given. */
export const beats = (socket: MemorySocket): number => socket.sent.filter((data) => data === 'HeartBeat').length;

/** How long (ms) the engine still waits before the next retry. NaN if it does not wait. */
export const delayNow = (engine: Engine): number => (engine.view.retryAt ?? Number.NaN) - engine.ports.clock.now();

/** The server sends its heartbeat for so many seconds, a little sooner than each 3 s. */
export function serverBeats(engine: Engine, message: string, seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 3) {
    engine.ports.clock.advance(2_900);
    engine.socket.say(message);
  }
}

/** Lets time pass until something holds, for a minute at most. */
export function pass(engine: Engine, holds: () => boolean, eachTime: () => void = () => {}): void {
  for (let passed = 0; !holds(); passed += 10) {
    if (passed > 60_000) throw new Error('a minute has passed in vain');
    engine.ports.clock.advance(10);
    eachTime();
  }
}
