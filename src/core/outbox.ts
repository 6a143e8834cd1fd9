/** Which message is lost when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** Why a buffered message will not be sent: the buffer was full, or it was emptied by `close()`, a new url, the end. */
export type DropReason = 'overflow' | 'closed' | 'url' | 'left';

export interface Outbox {
  /** Keeps `data` for the next connection to `url`; without one, for the url that comes. */
  keep(data: unknown, url: unknown): void;
  /** Drops what was kept for another url than this one. */
  turnTo(url: unknown): void;
  /** Hands on what is kept, in order, while `send` takes it. */
  flush(send: (data: unknown) => boolean): void;
  /** Drops all that is kept, and says so. */
  empty(reason: DropReason): void;
}

export interface BufferSettings {
  /** The most messages kept. */
  readonly limit: number;
  readonly overflow: Overflow;
  /** The list they are kept in, where somebody wants to look into it. */
  readonly kept?: unknown[];
}

/** A bounded queue that tells of each message it loses. */
export function createOutbox(
  { limit, overflow, kept = [] }: BufferSettings,
  dropped: (data: unknown, reason: DropReason) => void,
): Outbox {
  /** '' while it is for the url that comes. */
  let meantFor = '';

  const drop = (some: unknown[], reason: DropReason): void => {
    for (const data of some) dropped(data, reason);
  };

  /** Takes out what was kept for another url. */
  const takeOthers = (url: unknown): unknown[] => {
    const isOther = url && meantFor && meantFor !== `${url}`;
    if (url) meantFor = `${url}`;
    return isOther ? kept.splice(0) : [];
  };

  return {
    keep(data, url) {
      const others = takeOthers(url);
      kept.push(data);
      if (kept.length > limit) dropped(overflow === 'drop-oldest' ? kept.shift() : kept.pop(), 'overflow');
      // Last: whoever is told may send, or change the url again.
      drop(others, 'url');
    },
    turnTo: (url) => drop(takeOthers(url), 'url'),
    flush(send) {
      while (kept.length) {
        const data = kept.shift();
        if (send(data)) continue;
        kept.unshift(data);
        return;
      }
    },
    empty(reason) {
      meantFor = '';
      drop(kept.splice(0), reason);
    },
  };
}
