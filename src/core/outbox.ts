import { sizeOf } from './wire-data.js';

/** Which message is lost when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/**
 * Why a message will not be sent: the buffer was full (`overflow`), the message waited for too long (`expired`), the socket refused it
 * (`refused`), the connection was closed by `close()`, the url is a new one, or the owning scope ended (`left`). `unproven`: the message was
 * handed to a socket that ended before the server gave another sign of life, so it may be lost.
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

/** A bounded queue of messages that tells of each message that it loses. */
export interface Outbox {
  readonly rules: BufferSettings;
  /** Tells of a message that is lost. */
  dropped(value: unknown, reason: DropReason): void;
  /** Oldest first. */
  readonly messages: Kept[];
  /** How many bytes the messages are. Counted only where there is a bound. */
  bytes: number;
  /** Before this time no message may be handed over. */
  paceAt: number;
}

export const createOutbox = (rules: BufferSettings, dropped: Outbox['dropped']): Outbox => ({
  rules,
  dropped,
  messages: [],
  bytes: 0,
  paceAt: -Infinity,
});

const measure = ({ rules }: Outbox, { data }: Kept): number => (rules.maxBytes < Infinity ? sizeOf(data) : 0);

function add(outbox: Outbox, message: Kept): void {
  outbox.messages.push(message);
  outbox.bytes += measure(outbox, message);
}

function remove(outbox: Outbox, at: number, count = outbox.messages.length): Kept[] {
  const removed = outbox.messages.splice(at, count);
  for (const message of removed) outbox.bytes -= measure(outbox, message);
  return removed;
}

function drop(outbox: Outbox, lost: readonly Kept[], reason: DropReason): void {
  for (const { value } of lost) outbox.dropped(value, reason);
}

function dropExpired(outbox: Outbox, now: number): void {
  const { messages, rules } = outbox;
  const first = messages.findIndex(({ at }) => now - at < rules.maxAge);
  drop(outbox, remove(outbox, 0, first < 0 ? messages.length : first), 'expired');
}

/** Keeps a message. False: there was no room for it. */
export function keepMessage(outbox: Outbox, message: Kept): boolean {
  const { messages, rules } = outbox;
  const { limit, maxBytes, overflow } = rules;
  dropExpired(outbox, message.at);
  add(outbox, message);
  // A message that is too large for the whole buffer leaves the others alone.
  const place = overflow === 'drop-oldest' && measure(outbox, message) <= maxBytes ? 0 : -1;
  const lost: Kept[] = [];
  while (messages.length > limit || outbox.bytes > maxBytes) lost.push(...remove(outbox, place, 1));
  drop(outbox, lost, 'overflow');
  return !lost.includes(message);
}

/** Drops what was kept for other urls than `url`, or for too long. From now on the rest is for `url`. */
export function addressMessages(outbox: Outbox, url: string, now: number): void {
  dropExpired(outbox, now);
  const others: Kept[] = [];
  for (const message of remove(outbox, 0)) {
    if (message.url && message.url !== url) others.push(message);
    else add(outbox, { ...message, url });
  }
  // The app is told last, since its `onDropped` may send a message or change the url.
  drop(outbox, others, 'url');
}

/** When the next message may be handed over. Infinity: none is kept. */
export function nextMessageAt(outbox: Outbox, now: number): number {
  dropExpired(outbox, now);
  return outbox.messages.length ? outbox.paceAt : Infinity;
}

/** Takes the oldest message out. */
export function takeMessage(outbox: Outbox, now: number): Kept {
  const { paceAt, rules } = outbox;
  // A late timer is made up for, a pause is not.
  outbox.paceAt = (now - paceAt > 1_000 ? now : paceAt) + 1_000 / rules.perSecond;
  return remove(outbox, 0, 1)[0] as Kept;
}

/** Takes a message back. False: it is not kept. */
export function takeBack(outbox: Outbox, value: unknown): boolean {
  const at = outbox.messages.findIndex((message) => message.value === value);
  return at >= 0 && remove(outbox, at, 1).length > 0;
}

/** Drops everything. */
export const emptyOutbox = (outbox: Outbox, reason: DropReason): void => drop(outbox, remove(outbox, 0), reason);

/** A server that gives no sign of life must not make the list grow for ever. A larger buffer has a longer list. */
const MOST_UNPROVEN = 1_000;

/** How many messages that may be lost are told of: the last ones. */
export const mostUnproven = ({ limit }: Pick<BufferSettings, 'limit'>): number => Math.max(limit, MOST_UNPROVEN);
