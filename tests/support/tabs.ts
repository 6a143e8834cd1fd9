/** Tabs in memory that share a connection, with everything that each of them says written down. */
import { createConnection } from '../../src/core/connection';
import type { Connection, ConnectionOptions, ConnectionView } from '../../src/core/connection-types';
import type { Engine } from '../../src/core/engine';
import type { HeartbeatSocketEvent } from '../../src/core/log-event';
import { type OptionsInput, resolveOptions } from '../../src/core/options';
import { flattenOptions } from '../../src/core/read-options';
import { createSharedConnection } from '../../src/tabs/shared-connection';
import { createManualClock, type ManualClock } from '../../src/testing/manual-clock';
import { createMemoryPorts, type MemoryPorts } from '../../src/testing/memory-ports';
import type { MemorySocket } from '../../src/testing/memory-socket';
import { createMemoryTabs, type MemoryTab, type MemoryTabs } from '../../src/testing/memory-tabs';

export interface SharingTab {
  readonly tab: MemoryTab;
  readonly ports: MemoryPorts;
  readonly connection: Connection;
  readonly engine: Engine;
  readonly view: ConnectionView;
  /** What happened, as `type` or `type:detail`. */
  readonly log: string[];
  readonly received: unknown[];
  readonly dropped: string[];
  readonly delivered: unknown[];
  readonly unhandled: unknown[];
  url: unknown;
  /** The page and all that is in it are gone, and the server is not told. */
  crash(): void;
  /** The user leaves the page for the back-forward cache. */
  hide(): void;
  show(): void;
}

export interface World {
  readonly tabs: MemoryTabs;
  readonly clock: ManualClock;
  /** All sockets of all tabs, in the order in which they were made. */
  readonly sockets: MemorySocket[];
  readonly live: MemorySocket[];
  /** The one live socket. */
  readonly socket: MemorySocket;
  open(options?: TabOptions): SharingTab;
  /** The pages that run do what they are late with. */
  wake(): void;
  /** Lets everything come that is on its way, over microtasks as well. */
  settle(): Promise<void>;
  /** Lets time pass in steps, and everything come after each. */
  pass(ms: number): Promise<void>;
}

export type TabOptions = OptionsInput &
  Partial<Pick<ConnectionOptions, 'beforeConnect' | 'handshake'>> & {
    url?: unknown;
    name?: string;
    immediate?: boolean;
  };

const read = (source: unknown): unknown => (typeof source === 'function' ? source() : source);

/** The type of an event, and what matters of it. */
const text = (event: HeartbeatSocketEvent): string => {
  if (event.type === 'changed') return `${event.from} to ${event.phase}`;
  if (event.type === 'ended') return `ended ${event.code} ${event.reason}`.trim();
  if (event.type === 'lead') return event.isLeader ? 'leads' : 'does not lead';
  return event.type;
};

export function createWorld(): World {
  const tabs = createMemoryTabs();
  const clock = createManualClock();
  const sockets: MemorySocket[] = [];
  let count = 0;
  /** What each tab does late, once its page runs again. */
  const wakeups: (() => void)[] = [];
  const world: World = {
    tabs,
    clock,
    sockets,
    get live() {
      return sockets.filter(({ readyState }) => readyState < 2);
    },
    get socket() {
      const { live } = world;
      if (live.length !== 1) throw new Error(`${live.length} live sockets`);
      return live[0] as MemorySocket;
    },
    open({ url = 'ws://server/', name, immediate = true, beforeConnect, handshake, ...options } = {}) {
      count += 1;
      const tab = tabs.open();
      const memory = createMemoryPorts(clock.now);
      let isFrozen = false;
      let isGone = false;
      const { signal: tell } = tab;
      tab.signal = (signal) => {
        isFrozen = signal === 'freeze';
        tell(signal);
      };
      const late: (() => void)[] = [];
      wakeups.push(() => {
        while (late.length && !isGone && !isFrozen && !tab.isBlocked) late.shift()?.();
      });
      // The timers of a page that is blocked or frozen are late.
      const own: ManualClock = {
        ...clock,
        after(ms, run) {
          let isOff = false;
          const fire = (): void => {
            if (!isOff) run();
          };
          const cancel = clock.after(ms, () => (isGone || isFrozen || tab.isBlocked ? void late.push(fire) : run()));
          return () => {
            isOff = true;
            cancel();
          };
        },
      };
      const ports: MemoryPorts = { ...memory, clock: own };
      const { connect } = memory.transport;
      Object.assign(memory.transport, {
        connect(...about: Parameters<typeof connect>) {
          const socket = connect(...about) as MemorySocket;
          sockets.push(socket);
          return socket;
        },
      });
      Object.defineProperties(ports, {
        isVisible: { get: () => memory.isVisible, set: (value) => Object.assign(memory, { isVisible: value }) },
      });
      memory.random = 0.1 + count / 100;
      const log: string[] = [];
      const received: unknown[] = [];
      const unhandled: unknown[] = [];
      const dropped: string[] = [];
      const delivered: unknown[] = [];
      const given = { url, log, received, unhandled, dropped, delivered };
      const settings = resolveOptions(flattenOptions(options), read);
      const connection = createSharedConnection(
        createConnection,
        ports,
        {
          ...settings,
          url: () => given.url,
          protocols: () => [],
          beforeConnect,
          handshake,
          viewChanged() {},
          received: (value) => received.push(value),
          unhandled: (thrown) => unhandled.push(thrown),
          within: (run) => run(),
        },
        tab,
        (address) => name ?? address,
      );
      connection.listeners.add({
        onEvent: (event) => log.push(text(event)),
        onDropped: (value, reason) => dropped.push(`${value} ${reason}`),
        onDelivered: (value) => delivered.push(value),
      });
      if (immediate) connection.open();
      connection.release();
      Object.defineProperty(given, 'view', { get: () => connection.view() });
      return Object.assign(given, {
        tab,
        ports: memory,
        connection,
        engine: connection.engine,
        crash() {
          tab.kill();
          isGone = true;
          // The browser ends the sockets of a page that is gone, and nobody in the page hears of it.
          for (const socket of memory.sockets) {
            socket.readyState = 3;
            socket.onopen = socket.onclose = socket.onmessage = socket.onerror = null;
          }
        },
        hide: () => memory.signal('pagehide'),
        show: () => memory.signal('pageshow'),
      }) as unknown as SharingTab;
    },
    wake() {
      for (const wake of wakeups) wake();
    },
    async settle() {
      for (let quiet = 0; quiet < 3; quiet += 1) {
        world.wake();
        if (tabs.settle()) quiet = 0;
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      }
    },
    async pass(ms) {
      for (let left = ms; left > 0; left -= 100) {
        clock.advance(Math.min(100, left));
        await world.settle();
      }
    },
  };
  return world;
}

/** Tabs that share an open connection; the first of them leads. */
export async function openTabs(count: number, options: TabOptions = {}): Promise<{ world: World; tabs: SharingTab[] }> {
  const world = createWorld();
  const tabs: SharingTab[] = [];
  for (let at = 0; at < count; at += 1) tabs.push(world.open(options));
  await world.settle();
  world.socket.accept();
  await world.settle();
  return { world, tabs };
}
