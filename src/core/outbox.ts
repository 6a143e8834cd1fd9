/** Which message is lost when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** Why a buffered message will not be sent: the buffer was full, or it was emptied by `close()`, a new url, the end. */
export type DropReason = 'overflow' | 'closed' | 'url' | 'left';

/** A message, and the url that it is for; '' for the one that comes. */
export interface Kept {
  readonly data: unknown;
  readonly url: string;
}

export interface Outbox {
  /** Keeps `data` for the next connection to `url`; without one, for the url that comes. False: there was no room for it. */
  keep(data: unknown, url: unknown): boolean;
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
  readonly kept?: Kept[];
}

/** A bounded queue that tells of each message it loses. */
export function createOutbox(
  { limit, overflow, kept = [] }: BufferSettings,
  dropped: (data: unknown, reason: DropReason) => void,
): Outbox {
  return {
    keep(data, url) {
      const message = { data, url: `${url ?? ''}` };
      kept.push(message);
      if (kept.length <= limit) return true;
      const lost = overflow === 'drop-oldest' ? kept.shift() : kept.pop();
      dropped(lost?.data, 'overflow');
      return lost !== message;
    },
    turnTo(to) {
      const url = `${to}`;
      const all = kept.splice(0);
      const isOther = (message: Kept): boolean => !!message.url && message.url !== url;
      for (const message of all) if (!isOther(message)) kept.push({ ...message, url });
      // Last: whoever is told may send, or change the url again.
      for (const message of all) if (isOther(message)) dropped(message.data, 'url');
    },
    flush(send) {
      for (let message = kept.shift(); message; message = kept.shift()) {
        if (send(message.data)) continue;
        kept.unshift(message);
        return;
      }
    },
    empty(reason) {
      for (const { data } of kept.splice(0)) dropped(data, reason);
    },
  };
}
