import { sizeOf } from './wire-data.js';

/** Which message is lost when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/**
 * Why a message will not be sent: the buffer was full (`overflow`), the message waited for too long (`expired`), the socket refused it,
 * or the server has closed a connection for it (`refused`), the connection was closed by `close()`, the url is a new one, or the owning
 * scope ended (`left`). `unproven`: the message was handed to a socket that ended before the server gave another sign of life, so it may
 * be lost. Where delivery is proven: it was handed over, and is not kept any more.
 */
export type DropReason = 'overflow' | 'expired' | 'refused' | 'closed' | 'url' | 'left' | 'unproven';

/** A message, and the url that it is for. Empty: the next url that there is. */
export interface Kept {
  /** What goes over the wire: a copy, if the app could change it. */
  readonly data: unknown;
  /** What the app gave. */
  readonly value: unknown;
  readonly url: string;
  /** When the app gave it. */
  readonly at: number;
  /** A socket took it, so it may have arrived. Where delivery is proven, this is written in place. */
  wasSent?: boolean;
  /** Its number among the messages that the current socket has taken. */
  readonly number?: number;
  /** It is for one connection only, and is not sent again on another. */
  readonly isForOne?: boolean;
  /** The server may have closed a connection for this message. Written in place. */
  isSuspect?: boolean;
  /** It is a request: the page that asked waits for the answer, and no other page can. */
  readonly isRequest?: boolean;
  /** Called when it is known what became of the message. Without a reason it was delivered. */
  settled?(reason?: DropReason): void;
}

export interface BufferSettings {
  /** The most messages that are kept. */
  readonly limit: number;
  /** The most bytes that are kept. */
  readonly maxBytes: number;
  readonly overflow: Overflow;
  /** ms that a message is kept at most. */
  readonly maxAge: number;
  /** Messages that the socket has taken do not expire here: the tab that holds the real socket decides. */
  readonly sentStays?: boolean;
  /** The most messages that are handed over in a second. */
  readonly perSecond: number;
  /** While the socket has more bytes than this to send, messages are kept. */
  readonly highWaterMark: number;
}

/** A bounded queue of messages that tells of each message that it loses. */
export interface Outbox {
  readonly rules: BufferSettings;
  /** Tells of a message that is lost. */
  dropped(message: Kept, reason: DropReason): void;
  /** Oldest first. */
  readonly messages: Kept[];
  /** How many of the messages, from the first on, the current socket has taken. They stay until they are proven. */
  sent: number;
  /** How many messages the current socket has taken. Undefined: a message that a socket takes is not kept any more. */
  taken: number | undefined;
  /** How many of these the server is known to have read. Undefined: none. */
  read?: number;
  /** How many bytes the messages are. Counted only where there is a bound. */
  bytes: number;
  /** Before this time no message may be handed over. */
  paceAt: number;
  /** No message may be handed over until the server has read what the socket has taken. */
  isHeld?: boolean;
}

/** `isProven`: messages stay until they are proven. */
export const createOutbox = (rules: BufferSettings, dropped: Outbox['dropped'], isProven?: boolean): Outbox => ({
  rules,
  dropped,
  messages: [],
  sent: 0,
  taken: isProven ? 0 : undefined,
  bytes: 0,
  paceAt: -Infinity,
});

/** How many messages no socket has taken. */
export const countUnsent = (outbox: Outbox): number => outbox.messages.length - outbox.sent;

const measure = (outbox: Outbox, { data }: Kept): number => (outbox.rules.maxBytes < Infinity ? sizeOf(data) : 0);

/** Puts messages in, before the one that is now at `at`. */
export function insert(outbox: Outbox, at: number, ...messages: Kept[]): void {
  outbox.messages.splice(at, 0, ...messages);
  for (const message of messages) outbox.bytes += measure(outbox, message);
}

/** Takes messages out. */
export function remove(outbox: Outbox, at: number, count = outbox.messages.length): Kept[] {
  const removed = outbox.messages.splice(at, count);
  outbox.sent -= Math.max(0, Math.min(removed.length, outbox.sent - at));
  for (const message of removed) outbox.bytes -= measure(outbox, message);
  return removed;
}

function drop(outbox: Outbox, lost: readonly Kept[], reason: DropReason): void {
  for (const message of lost) outbox.dropped(message, reason);
}

/** Where messages may be the oldest. A login of `onConnected`, which a socket has taken, goes before what waits and is older. */
const eldest = ({ rules, sent }: Outbox): number[] => (rules.sentStays || !sent ? [sent] : [sent, 0]);

function removeExpired(outbox: Outbox, now: number): Kept[] {
  const { messages, rules } = outbox;
  let expired: Kept[] = [];
  for (const from of eldest(outbox)) {
    let to = from;
    while (to < messages.length && now - (messages[to] as Kept).at >= rules.maxAge) to += 1;
    if (to > from) expired = [...remove(outbox, from, to - from), ...expired];
  }
  return expired;
}

export const dropExpired = (outbox: Outbox, now: number): void => drop(outbox, removeExpired(outbox, now), 'expired');

/** When the oldest message has been kept for as long as it may. Infinity: none ever is. */
export const expiresAt = (outbox: Outbox): number =>
  Math.min(...eldest(outbox).map((at) => outbox.messages[at]?.at ?? Infinity)) + outbox.rules.maxAge;

/**
 * Keeps a message as the newest. False: there was no room for it. `whenKept` is called before the app is told of what is lost: its
 * `onDropped` may end the socket.
 */
export function keepMessage(outbox: Outbox, message: Kept, whenKept?: () => void): boolean {
  const { messages, rules } = outbox;
  const { limit, maxBytes, overflow } = rules;
  const expired = removeExpired(outbox, message.at);
  insert(outbox, messages.length, message);
  // A message that is too large for the whole buffer leaves the others alone.
  const isOldest = overflow === 'drop-oldest' && measure(outbox, message) <= maxBytes;
  const lost: Kept[] = [];
  while (messages.length > limit || outbox.bytes > maxBytes) {
    lost.push(...remove(outbox, isOldest ? 0 : messages.length - 1, 1));
    // The buffer may hold more than `limit`, since `onConnected` has sent a login. Then the newest message alone is dropped.
    if (!isOldest) break;
  }
  const isKept = !lost.includes(message);
  if (isKept) whenKept?.();
  drop(outbox, expired, 'expired');
  drop(outbox, lost, 'overflow');
  return isKept;
}

/** Drops what was kept for other urls than `url`, or for too long. From now on the rest is for `url`. */
export function addressMessages(outbox: Outbox, url: string, now: number): void {
  dropExpired(outbox, now);
  const others: Kept[] = [];
  for (const message of remove(outbox, 0)) {
    if (message.url && message.url !== url) others.push(message);
    else insert(outbox, outbox.messages.length, { ...message, url });
  }
  // The app is told last, since its `onDropped` may send a message or change the url.
  drop(outbox, others, 'url');
}

/** When the next message may be handed over. Infinity: none is kept, or none may be for now. */
export function nextMessageAt(outbox: Outbox, now: number): number {
  dropExpired(outbox, now);
  return countUnsent(outbox) && !outbox.isHeld ? outbox.paceAt : Infinity;
}

/** The same as `takeNow`, for messages that have waited: they are paced. */
export function takeMessage(outbox: Outbox, now: number): Kept {
  const { paceAt, rules } = outbox;
  // A late timer is made up for, a pause is not.
  outbox.paceAt = (now - paceAt > 1_000 ? now : paceAt) + 1_000 / rules.perSecond;
  return takeNow(outbox);
}

/** Gives the oldest message that no socket has taken, for the socket to take. It is kept on if it has to be proven. */
export function takeNow(outbox: Outbox): Kept {
  const { messages, taken, sent } = outbox;
  if (taken === undefined) return remove(outbox, 0, 1)[0] as Kept;
  outbox.taken = taken + 1;
  outbox.sent = sent + 1;
  const message = { ...(messages[sent] as Kept), number: outbox.taken };
  messages[sent] = message;
  return message;
}

/** Takes a message out. Undefined: it is not kept. */
export function takeOut(outbox: Outbox, value: unknown): Kept | undefined {
  const at = outbox.messages.findIndex((message) => message.value === value);
  return at < 0 ? undefined : remove(outbox, at, 1)[0];
}

/** Drops everything. */
export const emptyOutbox = (outbox: Outbox, reason: DropReason): void => drop(outbox, remove(outbox, 0), reason);
