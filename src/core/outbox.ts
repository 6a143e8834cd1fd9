/** Which message is lost when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** Why a buffered message will not be sent: the buffer was full, or it was emptied by `close()`, a new url, the end. */
export type DropReason = 'overflow' | 'closed' | 'url' | 'left';

export interface Outbox {
  /** Keeps `data` for the next connection: alone, if the url is a new one, since what was kept was not meant for it. */
  keep(data: unknown, isNewUrl?: boolean): void;
  /** Hands on what is kept, in order, while `send` takes it. */
  flush(send: (data: unknown) => boolean): void;
  /** Drops all that is kept, and says so. */
  empty(reason: DropReason): void;
}

export interface BufferSettings {
  /** The most messages kept. */
  readonly limit: number;
  readonly overflow: Overflow;
}

/** A bounded queue that tells of each message it loses. */
export function createOutbox(
  { limit, overflow }: BufferSettings,
  dropped: (data: unknown, reason: DropReason) => void,
): Outbox {
  const kept: unknown[] = [];
  return {
    keep(data, isNewUrl) {
      const others = isNewUrl ? kept.splice(0) : [];
      kept.push(data);
      if (kept.length > limit) dropped(overflow === 'drop-oldest' ? kept.shift() : kept.pop(), 'overflow');
      // Last: whoever is told may send, or change the url again.
      for (const other of others) dropped(other, 'url');
    },
    flush(send) {
      while (kept.length) {
        const data = kept.shift();
        if (send(data)) continue;
        kept.unshift(data);
        return;
      }
    },
    empty(reason) {
      for (const data of kept.splice(0)) dropped(data, reason);
    },
  };
}
