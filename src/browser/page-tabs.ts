import type { TabLock, TabPorts, TabSignal } from '../core/tab-ports.js';

const ignore = (): void => {};

/** Asks for a lock. `denied`: the browser lets this page have none. Then `granted` is called all the same. */
function request(
  locks: LockManager,
  denied: () => void,
  ...[name, granted, lost, how]: Parameters<TabPorts['request']>
): TabLock {
  const aborter = new AbortController();
  let isReleased = false;
  let release = ignore;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = (): Promise<void> => {
    if (!isReleased) granted();
    return held;
  };
  // A browser refuses a signal beside `steal`.
  const options: LockOptions = how === 'steal' ? { steal: true } : { mode: how ?? 'exclusive', signal: aborter.signal };
  locks.request(name, options, hold).catch((thrown) => {
    const isDenied = Object(thrown).name === 'SecurityError';
    if (isDenied) denied();
    if (!isReleased) (isDenied ? granted : lost)();
  });
  return {
    release() {
      isReleased = true;
      release();
      aborter.abort();
    },
  };
}

/**
 * The ports of a page for tabs that share. Undefined: the page has no Web Locks or no channels, as on a page without https. A page to which
 * the browser denies locks, such as a sandboxed frame, is by itself: it has each lock that it asks for, and its channels lead nowhere.
 */
export function createPageTabs(): TabPorts | undefined {
  const { navigator, BroadcastChannel, document } = globalThis;
  const { locks } = Object(navigator) as Partial<Navigator>;
  if (!locks || !BroadcastChannel || !document) return undefined;
  let isAlone = false;
  const denied = (): void => {
    isAlone = true;
  };
  return {
    request: (...about) => request(locks, denied, ...about),
    query(name, own, tell) {
      const found = ({ held = [], pending = [] }: LockManagerSnapshot): void => {
        const holder = held.find((lock) => lock.name === name)?.clientId;
        tell({
          isHeld: holder !== undefined,
          isAwaited: pending.some((lock) => lock.name === name),
          isOwn: holder !== undefined && holder === held.find((lock) => lock.name === own)?.clientId,
        });
      };
      locks.query().then(found, () => isAlone && tell({ isHeld: true, isAwaited: false, isOwn: true }));
    },
    resolve(url) {
      try {
        return new URL(url, document.baseURI).href;
      } catch {
        return url;
      }
    },
    channel(name, hear) {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => isAlone || hear(data);
      return { post: (message) => isAlone || channel.postMessage(message), close: () => channel.close() };
    },
    listen(tell) {
      const hear = ({ type }: Event): void => tell(type as TabSignal);
      const signals = ['freeze', 'resume'];
      for (const type of signals) document.addEventListener(type, hear);
      return () => {
        for (const type of signals) document.removeEventListener(type, hear);
      };
    },
  };
}
