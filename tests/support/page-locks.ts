/** Web Locks and BroadcastChannel for jsdom, which has neither. All that a test's page asks for is counted. */
import { afterEach, beforeEach, vi } from 'vitest';

interface Asked {
  readonly name: string;
  readonly isShared: boolean;
  readonly callback: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  isHeld: boolean;
}

export interface PageLocks {
  /** How many locks are held or waited for, and how many channels are open. */
  count(): { locks: number; channels: number };
  /** The names of all locks and channels that were ever asked for. */
  readonly names: Set<string>;
  /** The browser denies locks to the page, as in a sandboxed frame. */
  deny(): void;
}

const flow = Promise.resolve();

function createLocks(names: Set<string>) {
  let asked: Asked[] = [];
  const drop = (one: Asked): void => {
    asked = asked.filter((other) => other !== one);
    grant();
  };
  const grant = (): void => {
    for (const one of asked) {
      const isTaken = asked.some(
        ({ name, isHeld, isShared }) => isHeld && name === one.name && !(isShared && one.isShared),
      );
      if (one.isHeld || isTaken) continue;
      one.isHeld = true;
      flow.then(async () => {
        const value = asked.includes(one) ? await one.callback() : undefined;
        if (!asked.includes(one)) return;
        drop(one);
        one.resolve(value);
      });
    }
  };
  let isDenied = false;
  return {
    count: () => asked.length,
    deny() {
      isDenied = true;
    },
    manager: {
      request: (name: string, options: LockOptions, callback: Asked['callback']) =>
        new Promise((resolve, reject) => {
          if (isDenied) throw new DOMException('Access to the Locks API is denied in this context.', 'SecurityError');
          const isShared = options.mode === 'shared';
          const own: Asked = { name, isShared, callback, resolve, reject, isHeld: false };
          names.add(name);
          if (options.steal) {
            for (const other of asked.filter((one) => one.isHeld && one.name === name)) {
              asked = asked.filter((one) => one !== other);
              other.reject(new DOMException('stolen', 'AbortError'));
            }
            asked.unshift(own);
          } else asked.push(own);
          options.signal?.addEventListener('abort', () => {
            // A lock that is held is given back by its promise.
            if (own.isHeld) return;
            drop(own);
            reject(new DOMException('aborted', 'AbortError'));
          });
          grant();
        }),
      async query() {
        if (isDenied) throw new DOMException('Access to the Locks API is denied in this context.', 'SecurityError');
        // All that a page asks for has one id.
        const like = (isHeld: boolean) =>
          asked.filter((one) => one.isHeld === isHeld).map(({ name }) => ({ name, clientId: 'page' }));
        return { held: like(true), pending: like(false) };
      },
    },
  };
}

function createChannels(names: Set<string>) {
  const open = new Set<Channel>();
  class Channel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    readonly name: string;
    constructor(name: string) {
      this.name = name;
      names.add(name);
      open.add(this);
    }
    postMessage(message: unknown): void {
      const copy = structuredClone(message);
      for (const other of open) {
        if (other === this || other.name !== this.name) continue;
        flow.then(() => open.has(other) && other.onmessage?.({ data: structuredClone(copy) }));
      }
    }
    close(): void {
      open.delete(this);
    }
  }
  return { Channel, count: () => open.size };
}

/** Called once at the top of a test file. Each test of the file has locks and channels of its own. */
export function usePageLocks(): PageLocks {
  let names: Set<string>;
  let locks: ReturnType<typeof createLocks>;
  let channels: ReturnType<typeof createChannels>;
  beforeEach(() => {
    names = new Set();
    locks = createLocks(names);
    channels = createChannels(names);
    Object.defineProperty(navigator, 'locks', { configurable: true, value: locks.manager });
    vi.stubGlobal('BroadcastChannel', channels.Channel);
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'locks');
    vi.unstubAllGlobals();
  });
  return {
    count: () => ({ locks: locks.count(), channels: channels.count() }),
    get names() {
      return names;
    },
    deny: () => locks.deny(),
  };
}
