/** Shares what is made under a key among its holders, and ends it a while after the last holder has left. */
import type { Clock } from './ports.js';

/** What is shared. */
export interface Shared<T> {
  readonly value: T;
  /** ms that it stays after the last holder has left. Infinity: it stays until the registry ends. */
  readonly linger: number;
  end(): void;
}

export interface Registry<T> {
  /** Gives what stands under `key`, and makes it if there is none. It stays as long as somebody holds it. */
  hold(key: string, holder: object, make: () => Shared<T>): T;
  /** The holder has left. `linger` (ms) in place of what was given with the value. */
  release(key: string, holder: object, linger?: number): void;
  /** Ends all, whoever holds it. */
  end(): void;
}

interface Entry<T> {
  readonly shared: Shared<T>;
  readonly holders: Set<object>;
  /** Cancels the end that is planned. */
  cancel: (() => void) | undefined;
}

/** `selfJoined` makes the error for a `make` that asks for its own key. */
export function createRegistry<T>(clock: Pick<Clock, 'after'>, selfJoined: () => Error): Registry<T> {
  const entries = new Map<string, Entry<T>>();
  const making = new Set<string>();

  const make = (key: string, shared: () => Shared<T>): Entry<T> => {
    // Otherwise a url getter that joins its own connection would make another one, without end.
    if (making.has(key)) throw selfJoined();
    making.add(key);
    try {
      const entry: Entry<T> = { shared: shared(), holders: new Set(), cancel: undefined };
      entries.set(key, entry);
      return entry;
    } finally {
      making.delete(key);
    }
  };
  const endOne = (key: string, { shared, cancel }: Entry<T>): void => {
    cancel?.();
    entries.delete(key);
    shared.end();
  };

  return {
    hold(key, holder, shared) {
      const entry = entries.get(key) ?? make(key, shared);
      entry.cancel?.();
      entry.holders.add(holder);
      return entry.shared.value;
    },
    release(key, holder, linger = entries.get(key)?.shared.linger ?? 0) {
      const entry = entries.get(key);
      if (!entry?.holders.delete(holder) || entry.holders.size) return;
      if (linger <= 0) endOne(key, entry);
      else if (linger < Infinity) entry.cancel = clock.after(linger, () => endOne(key, entry));
    },
    end() {
      // What ends may release others, or hold them anew.
      for (const [key, entry] of [...entries]) if (entries.get(key) === entry) endOne(key, entry);
    },
  };
}
