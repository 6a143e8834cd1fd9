/** The locks of a tab: the one whose holder leads, and the one by which the leader learns that the tab is gone. */
import type { Clock } from '../core/ports.js';
import type { FoundLock, TabLock, TabPorts } from '../core/tab-ports.js';
import type { HubOptions } from './hub.js';

/**
 * ms for which a leader that closes the connection for everyone keeps the lock: another tab might get the lock before it hears of the
 * command, and would connect.
 */
const CLOSE_TIME = 100;

/** The lock whose holder leads. */
export interface LeadLock {
  request(steals?: boolean): void;
  release(): void;
  /** The app closes the connection for all tabs: the lock is free a while after it is released. */
  keepAWhile(): void;
  /** The page is left or frozen, so no timer runs: the lock is free now. */
  keepNoLonger(): void;
}

export function createLeadLock(
  ports: TabPorts,
  name: string,
  clock: Clock,
  granted: () => void,
  stolen: () => void,
): LeadLock {
  let lock: TabLock | undefined;
  let keeps = false;
  let kept: TabLock | undefined;
  return {
    request(steals) {
      keeps = false;
      const own: TabLock = ports.request(
        name,
        () => (lock === own ? granted() : own.release()),
        () => lock === own && stolen(),
        steals ? 'steal' : undefined,
      );
      lock = own;
    },
    release() {
      const released = lock;
      lock = undefined;
      if (keeps && released) {
        kept = released;
        clock.after(CLOSE_TIME, released.release);
      } else released?.release();
    },
    keepAWhile() {
      keeps = true;
    },
    keepNoLonger() {
      keeps = false;
      kept?.release();
    },
  };
}

/** Watches one tab at a time: the one that leads. */
export function createLeaderWatch(
  watchTab: HubOptions['watchTab'],
  departed: (id: string) => void,
): (leader: string | undefined) => void {
  let watched: string | undefined;
  let stop: (() => void) | undefined;
  return (leader) => {
    if (leader === watched) return;
    stop?.();
    watched = leader;
    stop = leader === undefined ? undefined : watchTab(leader, () => departed(leader));
  };
}

const ignore = (): void => {};

/** Held while a tab shares, so that the others learn when it is gone. */
export const holdOwnLock = (ports: TabPorts, name: string, id: string): TabLock =>
  ports.request(`${name} ${id}`, ignore, ignore);

/** Makes the function that tells when another tab does not share any more: each tab holds a lock of its own for as long as it does. */
export const createTabWatch =
  (ports: TabPorts, name: string, own: () => string): HubOptions['watchTab'] =>
  (tab, gone) => {
    if (tab === own()) return ignore;
    const granted = (): void => {
      watch.release();
      gone();
    };
    // Shared, since a tab that is blocked would keep the lock from the others.
    const watch = ports.request(`${name} ${tab}`, granted, ignore, 'shared');
    return watch.release;
  };

/** Asks who has a lock. Each answer that a later question has overtaken is dropped: the lock may have changed hands in between. */
export function createLockQuery(
  ports: Pick<TabPorts, 'query'>,
  name: string,
  { own, tell }: { own(): string; tell(found: FoundLock): void },
): () => void {
  let asked = 0;
  return () => {
    asked += 1;
    const number = asked;
    ports.query(name, own(), (found) => number === asked && tell(found));
  };
}
