import { copyOf } from './heartbeat.js';

/** Which message is lost when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/**
 * Why a buffered message will not be sent: the buffer was full (`overflow`), or it was emptied by `close()`, by a new url, or by the end
 * of the owning scope (`left`).
 */
export type DropReason = 'overflow' | 'closed' | 'url' | 'left';

/** A message, and the url that it is for. Empty: the next url that there is. */
interface Kept {
  /** What goes over the wire. */
  readonly data: unknown;
  /** What the app gave. */
  readonly value: unknown;
  readonly url: string;
}

export interface BufferSettings {
  /** The most messages that are kept. */
  readonly limit: number;
  readonly overflow: Overflow;
}

export interface Outbox {
  /** How many messages are kept. */
  size(): number;
  /** Keeps `data`, made of the app's `value`, for the next connection to `url`. False: there was no room for it. */
  keep(data: unknown, value: unknown, url: string): boolean;
  /** Drops what was kept for other urls than `url`. From now on the rest is for `url`. */
  address(url: string): void;
  /** Hands over what is kept, oldest first, for as long as `isReady`. */
  flush(isReady: () => boolean, send: (data: unknown) => void): void;
  /** Drops everything. */
  empty(reason: DropReason): void;
}

/** A bounded queue that tells of each message that it loses. */
export function createOutbox(
  { limit, overflow }: BufferSettings,
  dropped: (value: unknown, reason: DropReason) => void,
): Outbox {
  const kept: Kept[] = [];
  const drop = (messages: readonly Kept[], reason: DropReason): void => {
    for (const { value } of messages) dropped(value, reason);
  };
  return {
    size: () => kept.length,
    keep(data, value, url) {
      const message = { data: copyOf(data), value, url };
      kept.push(message);
      const lost = kept.length > limit ? kept.splice(overflow === 'drop-oldest' ? 0 : -1, 1) : [];
      drop(lost, 'overflow');
      return !lost.includes(message);
    },
    address(url) {
      const others: Kept[] = [];
      for (const message of kept.splice(0)) {
        if (message.url && message.url !== url) others.push(message);
        else kept.push({ ...message, url });
      }
      // The app is told last, since its `onDropped` may send a message or change the url.
      drop(others, 'url');
    },
    flush(isReady, send) {
      while (kept.length && isReady()) send((kept.shift() as Kept).data);
    },
    empty(reason) {
      drop(kept.splice(0), reason);
    },
  };
}
