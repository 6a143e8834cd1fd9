/** Hands messages that are not proven from a page to the next page of the same tab. */
import type { EventName } from './connection-events.js';
import { NEVER } from './connection-state.js';
import type { Delivery, Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
import { kindOf } from './kind-of.js';
import { insert, type Kept, remove } from './outbox.js';
import { guard, lose } from './outlet.js';
import type { Transport } from './ports.js';
import { bytesOf } from './wire-data.js';

/** A message in a {@link DeliveryStorage}. */
export interface StoredMessage {
  /** Tells the messages of a tab apart. */
  readonly id: string;
  /** The url that the message is for, as text. */
  readonly url: string;
  /** What goes over the wire. */
  readonly data: string | Uint8Array;
  /** When the app gave the message, in ms since the epoch. */
  readonly at: number;
  /** A socket has taken the message, so it may have arrived. */
  readonly wasSent: boolean;
}

/**
 * Keeps messages from a page to the next page of the same tab. It must not be shared by tabs: a message would go out from each. What the
 * functions throw goes to `onError`, and the messages stay in the page.
 */
export interface DeliveryStorage {
  /** Adds messages. Called in `pagehide`, so it has to be done when it returns: an async function is refused by its type. */
  // biome-ignore lint/suspicious/noConfusingVoidType: `void` alone would take any function
  put(messages: readonly StoredMessage[]): void | undefined;
  /** Takes the messages for a url out, oldest first. Called before each attempt, and when a page that was left lives on. */
  take(url: string): readonly StoredMessage[];
}

let lastId = 0;

const nextId = (now: number): string => {
  lastId += 1;
  return `${now}-${lastId}`;
};

/** Data as it can be stored. */
const storable = (data: unknown): string | Uint8Array => bytesOf(data) ?? String(data);

/** What the serializer makes of data that this app has sent. One that reads only what the server sends may throw. */
const readBack = ({ options }: Engine, data: unknown): unknown => {
  try {
    return options.serializer.read(data) ?? data;
  } catch {
    return data;
  }
};

const toKept = (engine: Engine, { data, url, at, wasSent }: StoredMessage): Kept => {
  const { clock } = engine;
  const now = clock.now();
  return { data, value: readBack(engine, data), url, at: now - (clock.toEpoch(now) - at), wasSent };
};

/** What each connection has put into its storage, by id, until it is known that the page lives on. */
const copies = new WeakMap<Engine, Map<string, Kept>>();

const copiedBy = new WeakMap<Transport, Set<string>>();

/** The ids of all copies of a page, whose connections share its transport: a connection leaves those of another one alone. */
function copiedIn({ transport }: Engine): Set<string> {
  const copied = copiedBy.get(transport) ?? new Set<string>();
  copiedBy.set(transport, copied);
  return copied;
}

/**
 * Events that come only on a page that lives on after the user has left it. Not among them is what a promise of the caller may lead to:
 * it may settle while the page ends.
 */
const LIVES_ON: readonly EventName[] = ['pageshow', 'deadline', 'open', 'close', 'leave', 'url', 'drain', 'preparing'];

const isStored = (message: unknown): message is StoredMessage => {
  const { id, url, data, at } = Object(message);
  const isSendable = typeof data === 'string' || !!bytesOf(data);
  return typeof id === 'string' && typeof url === 'string' && isSendable && Number.isFinite(at);
};

/** Takes messages out of the storage. Undefined: it threw. Those that `isWanted` does not want are put back. */
function takeOf(
  engine: Engine,
  storage: DeliveryStorage,
  urls: Iterable<string>,
  isWanted: (message: StoredMessage) => boolean,
): StoredMessage[] | undefined {
  const all = guard(engine, () => [...urls].flatMap((url) => [...storage.take(url)].filter(isStored)), 'callback');
  const others = all?.filter((message) => !isWanted(message)) ?? [];
  if (others.length) guard(engine, () => storage.put(others), 'callback');
  return all?.filter(isWanted);
}

export interface PageStore extends Pick<Delivery, 'check' | 'address'> {
  /** An event was dealt with. */
  stepped(engine: Engine, name: EventName): void;
}

/**
 * Copies messages into the storage when the user leaves the page, and takes the copies out again when the page lives on. Before an
 * attempt it takes what the page before has left.
 */
export function createPageStore(storage: DeliveryStorage): PageStore {
  const leavePage = (engine: Engine): void => {
    const { outbox, clock, state } = engine;
    const own = new Map<string, Kept>();
    const messages: StoredMessage[] = [];
    for (const message of outbox.messages) {
      const { url, data, at, wasSent = false, isRequest } = message;
      // Whoever closes the connection wants nothing of it to go out from the next page.
      if (!url || isRequest || state.closeAt < NEVER) continue;
      const id = nextId(clock.toEpoch(clock.now()));
      own.set(id, message);
      messages.push({ id, url, data: storable(data), at: clock.toEpoch(at), wasSent });
    }
    if (!messages.length) return;
    const put = (): true => {
      storage.put(messages);
      return true;
    };
    if (!guard(engine, put, 'callback')) return;
    copies.set(engine, own);
    for (const id of own.keys()) copiedIn(engine).add(id);
  };
  /** The page lives on, so its messages go out from here. */
  const comeBack = (engine: Engine): void => {
    const own = copies.get(engine);
    if (!own) return;
    copies.delete(engine);
    const { outbox, options } = engine;
    const urls = new Set([...own.values()].map(({ url }) => url));
    const taken = takeOf(engine, storage, urls, ({ id }) => own.has(id));
    const ids = new Set(taken?.map(({ id }) => id));
    for (const [id, message] of own) {
      copiedIn(engine).delete(id);
      const at = outbox.messages.indexOf(message);
      if (!taken || ids.has(id) || at < 0) continue;
      // Another page has taken the message and sends it. Whether it arrives is not known here.
      remove(outbox, at, 1);
      lose(engine, message, 'unproven');
    }
    options.viewChanged();
  };
  return {
    check(data) {
      const kind = kindOf(data);
      if (kind === 'Blob' || kind === 'File') {
        throw new HeartbeatSocketError('send', `a ${kind} cannot be stored: send text or bytes`);
      }
    },
    stepped(engine, name) {
      if (name === 'pagehide' || LIVES_ON.includes(name)) comeBack(engine);
      if (name === 'pagehide') leavePage(engine);
    },
    address(engine, url) {
      const stored = takeOf(engine, storage, [url], ({ id }) => !copiedIn(engine).has(id)) ?? [];
      insert(engine.outbox, 0, ...stored.map((message) => toKept(engine, message)));
    },
  };
}
