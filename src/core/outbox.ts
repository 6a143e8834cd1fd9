import { bytesOf as asBytes, copyOf } from './wire-data.js';

/** Which message is lost when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/**
 * Why a message will not be sent: the buffer was full (`overflow`), the message waited for too long (`expired`), the socket refused it
 * (`refused`), the connection was closed by `close()`, the url is a new one, or the owning scope ended (`left`).
 */
export type DropReason = 'overflow' | 'expired' | 'refused' | 'closed' | 'url' | 'left';

/** A message, and the url that it is for. Empty: the next url that there is. */
export interface Kept {
  /** What goes over the wire. */
  readonly data: unknown;
  /** What the app gave. */
  readonly value: unknown;
  readonly url: string;
  /** When the app gave it. */
  readonly at: number;
}

export interface BufferSettings {
  /** The most messages that are kept. */
  readonly limit: number;
  /** The most bytes that are kept. */
  readonly maxBytes: number;
  readonly overflow: Overflow;
  /** ms that a message is kept at most. */
  readonly maxAge: number;
  /** The most messages that are handed over in a second. */
  readonly perSecond: number;
  /** While the socket has more bytes than this to send, messages are kept. */
  readonly highWaterMark: number;
}

export interface Outbox {
  /** How many messages are kept. */
  size(): number;
  /** Keeps a message. False: there was no room for it. */
  keep(message: Kept): boolean;
  /** Drops what was kept for other urls than `url`, or for too long. From now on the rest is for `url`. */
  address(url: string, now: number): void;
  /** When the next message may be handed over. Infinity: none is kept. */
  nextAt(now: number): number;
  /** Takes the oldest message out. */
  take(now: number): Kept;
  /** Drops everything. */
  empty(reason: DropReason): void;
}

/** How many bytes a message is on the wire. */
function sizeOf(data: unknown): number {
  if (typeof data !== 'string') return asBytes(data)?.length ?? Object(data).size ?? 0;
  let bytes = data.length;
  // UTF-8 has a byte for a character of ASCII, two below U+0800, and four for the two halves of a character beyond U+FFFF.
  for (let i = 0; i < data.length; i += 1) {
    const unit = data.charCodeAt(i);
    bytes += Number(unit > 0x7f) + Number(unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff));
  }
  return bytes;
}

/** Messages, oldest first, and how many bytes they are. Bytes are counted only where there is a bound. */
function createList(maxBytes: number) {
  const messages: Kept[] = [];
  const measure = ({ data }: Kept): number => (maxBytes < Infinity ? sizeOf(data) : 0);
  const list = {
    messages,
    bytes: 0,
    measure,
    add(message: Kept): void {
      messages.push(message);
      list.bytes += measure(message);
    },
    remove(at: number, count = messages.length): Kept[] {
      const removed = messages.splice(at, count);
      for (const message of removed) list.bytes -= measure(message);
      return removed;
    },
  };
  return list;
}

/** A bounded queue that tells of each message that it loses. */
export function createOutbox(
  { limit, maxBytes, overflow, maxAge, perSecond }: BufferSettings,
  dropped: (value: unknown, reason: DropReason) => void,
): Outbox {
  const list = createList(maxBytes);
  const { messages, add, remove, measure } = list;
  let paceAt = -Infinity;
  const drop = (lost: readonly Kept[], reason: DropReason): void => {
    for (const { value } of lost) dropped(value, reason);
  };
  const dropExpired = (now: number): void => {
    const first = messages.findIndex(({ at }) => now - at < maxAge);
    drop(remove(0, first < 0 ? messages.length : first), 'expired');
  };
  return {
    size: () => messages.length,
    keep(message) {
      dropExpired(message.at);
      const own = { ...message, data: copyOf(message.data) };
      add(own);
      // A message that is too large for the whole buffer leaves the others alone.
      const place = overflow === 'drop-oldest' && measure(own) <= maxBytes ? 0 : -1;
      const lost: Kept[] = [];
      while (messages.length > limit || list.bytes > maxBytes) lost.push(...remove(place, 1));
      drop(lost, 'overflow');
      return !lost.includes(own);
    },
    address(url, now) {
      dropExpired(now);
      const others: Kept[] = [];
      for (const message of remove(0)) {
        if (message.url && message.url !== url) others.push(message);
        else add({ ...message, url });
      }
      // The app is told last, since its `onDropped` may send a message or change the url.
      drop(others, 'url');
    },
    nextAt(now) {
      dropExpired(now);
      return messages.length ? paceAt : Infinity;
    },
    take(now) {
      // A late timer is made up for, a pause is not.
      paceAt = (now - paceAt > 1_000 ? now : paceAt) + 1_000 / perSecond;
      return remove(0, 1)[0] as Kept;
    },
    empty(reason) {
      drop(remove(0), reason);
    },
  };
}
