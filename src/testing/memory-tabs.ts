/** Tabs of one browser in memory, for tests: locks and channels whose news come when the test lets them come. */
import type { FoundLock, TabLock, TabPorts, TabSignal } from '../core/tab-ports.js';

/** News that are on their way to a tab. */
export interface TabNews {
  /** The number of the tab that they come to. */
  readonly tab: number;
  /** News of one kind come in their order. A frozen tab hears its channels alone. */
  readonly kind: 'channel' | 'lock';
  run(): void;
}

export interface MemoryTab extends TabPorts {
  readonly number: number;
  /** The browser freezes the page, or lets it run again. */
  signal(signal: TabSignal): void;
  /** The page is busy: no news come to it, until it is no more. */
  isBlocked: boolean;
  /** The page is gone: its locks are free, and it hears nothing more. */
  kill(): void;
  /** How many locks it has or waits for, channels it has joined, and listeners it has. */
  count(): number;
}

export interface MemoryTabs {
  /** Opens another tab. */
  open(): MemoryTab;
  /** What is on its way, oldest first. */
  readonly news: TabNews[];
  /** Lets one of them come. */
  come(news: TabNews): void;
  /** Lets everything come that can, and says how much that was. */
  settle(): number;
  /** Everything that was ever said on a channel. */
  readonly said: object[];
  /** Who has a lock of this name. */
  holders(name: string): number;
}

interface Asked {
  readonly tab: number;
  readonly name: string;
  readonly granted: () => void;
  readonly lost: () => void;
  readonly isShared: boolean;
  isHeld: boolean;
  isReleased: boolean;
}

interface Member {
  readonly tab: number;
  readonly name: string;
  readonly hear: (message: unknown) => void;
}

/** Beyond so much news something goes round in a circle, and the test fails instead of hanging. */
const MOST_NEWS = 100_000;

export function createMemoryTabs(): MemoryTabs {
  const news: TabNews[] = [];
  const said: object[] = [];
  let asked: Asked[] = [];
  const members = new Set<Member>();
  const listeners = new Map<number, Set<(signal: TabSignal) => void>>();
  const gone = new Set<number>();
  const all: MemoryTab[] = [];

  const tell = (tab: number, kind: TabNews['kind'], run: () => void): void => {
    if (!gone.has(tab)) news.push({ tab, kind, run });
  };

  /** Grants each free lock to whoever has waited longest for it. */
  const grant = (): void => {
    for (const one of asked) {
      const isTaken = asked.some((other) => {
        const isOther = other.isHeld && other.name === one.name;
        return isOther && !(one.isShared && other.isShared);
      });
      if (one.isHeld || isTaken) continue;
      one.isHeld = true;
      tell(one.tab, 'lock', () => !one.isReleased && one.granted());
    }
  };
  const drop = (dropped: Asked): void => {
    dropped.isReleased = true;
    asked = asked.filter((one) => one !== dropped);
    grant();
  };

  const request = (tab: number, ...[name, granted, lost, how]: Parameters<TabPorts['request']>): TabLock => {
    const isShared = how === 'shared';
    const own: Asked = { tab, name, granted, lost, isShared, isHeld: false, isReleased: false };
    if (how === 'steal') {
      for (const other of asked.filter((one) => one.isHeld && one.name === name)) {
        asked = asked.filter((one) => one !== other);
        tell(other.tab, 'lock', () => !other.isReleased && other.lost());
      }
      asked.unshift(own);
    } else asked.push(own);
    grant();
    return { release: () => drop(own) };
  };

  const come = (one: TabNews): void => {
    news.splice(news.indexOf(one), 1);
    one.run();
  };

  return {
    news,
    said,
    come,
    settle() {
      const next = (): TabNews | undefined => news.find(({ tab }) => !all[tab]?.isBlocked);
      let count = 0;
      for (let one = next(); one; one = next()) {
        count += 1;
        if (count > MOST_NEWS) throw new Error(`${MOST_NEWS} news, and more to come`);
        come(one);
      }
      return count;
    },
    holders: (name) => asked.filter((one) => one.isHeld && one.name === name).length,
    open() {
      const number = all.length;
      const own = new Set<(signal: TabSignal) => void>();
      listeners.set(number, own);
      const opened: MemoryTab = {
        number,
        isBlocked: false,
        request: (...about) => request(number, ...about),
        query(name, own, answer) {
          const same = asked.filter((one) => one.name === name);
          const holder = same.find((one) => one.isHeld);
          const found: FoundLock = {
            isHeld: holder !== undefined,
            isAwaited: same.some((one) => !one.isHeld),
            isOwn: asked.some((one) => one.name === own && one.isHeld && one.tab === holder?.tab),
          };
          tell(number, 'lock', () => answer(found));
        },
        resolve: (url) => url,
        channel(name, hear) {
          const member: Member = { tab: number, name, hear };
          members.add(member);
          return {
            post(message) {
              const copy = structuredClone(message);
              said.push(copy);
              for (const other of members) {
                if (other === member || other.name !== name) continue;
                tell(other.tab, 'channel', () => members.has(other) && other.hear(structuredClone(copy)));
              }
            },
            close: () => members.delete(member),
          };
        },
        listen(hear) {
          own.add(hear);
          return () => own.delete(hear);
        },
        signal(signal) {
          for (const hear of [...own]) hear(signal);
        },
        kill() {
          gone.add(number);
          own.clear();
          for (const member of [...members]) if (member.tab === number) members.delete(member);
          for (const one of news.filter(({ tab }) => tab === number)) news.splice(news.indexOf(one), 1);
          for (const one of asked.filter(({ tab }) => tab === number)) drop(one);
        },
        count: () =>
          own.size +
          [...members].filter(({ tab }) => tab === number).length +
          asked.filter(({ tab }) => tab === number).length,
      };
      all.push(opened);
      return opened;
    },
  };
}
