/** Hands messages that are not proven from a page to the next page of the same tab. */
import type { Delivery, Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
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
  /** Adds messages. Called in `pagehide`, so it has to be done when it returns. */
  put(messages: readonly StoredMessage[]): void;
  /** Takes the messages for a url out, oldest first. Called before each attempt. */
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

/** A message that a connection has put into a storage. */
interface Left {
  readonly owner: Engine;
  readonly message: Kept;
}

const leftBy = new WeakMap<Transport, Map<string, Left>>();

/** What the connections of a page have put into storages, by id. All of them share the page's transport. */
function leftIn({ transport }: Engine): Map<string, Left> {
  const left = leftBy.get(transport) ?? new Map<string, Left>();
  leftBy.set(transport, left);
  return left;
}

export interface PageStore extends Pick<Delivery, 'check' | 'address'> {
  /** The user has left the page, and may come back to it or not. */
  leavePage(engine: Engine): void;
}

/**
 * Puts messages into the storage when the user leaves the page, and takes them out before an attempt. A page that comes out of the
 * back-forward cache goes on with those that are still there.
 */
export function createPageStore(storage: DeliveryStorage): PageStore {
  return {
    check(data) {
      const kind = Object.prototype.toString.call(data).slice(8, -1);
      if (kind === 'Blob' || kind === 'File') {
        throw new HeartbeatSocketError('send', `a ${kind} cannot be stored: send text or bytes`);
      }
    },
    leavePage(engine) {
      const { outbox, clock, options } = engine;
      const now = clock.toEpoch(clock.now());
      const left = leftIn(engine);
      const messages: StoredMessage[] = [];
      for (const message of outbox.messages) {
        const { url, data, at, wasSent = false, isRequest } = message;
        if (!url || isRequest) continue;
        const id = nextId(now);
        left.set(id, { owner: engine, message });
        messages.push({ id, url, data: storable(data), at: clock.toEpoch(at), wasSent });
      }
      const isDone = guard(
        engine,
        () => {
          if (messages.length) storage.put(messages);
          return true;
        },
        'callback',
      );
      for (const { id } of messages) {
        const at = outbox.messages.indexOf((left.get(id) as Left).message);
        if (isDone) remove(outbox, at, 1);
        else left.delete(id);
      }
      options.viewChanged();
    },
    address(engine, url) {
      const left = leftIn(engine);
      const own = [...left].filter(([, { owner }]) => owner === engine);
      // Its own messages for another url than `url` are dropped with all that is kept for that one.
      const urls = new Set([url, ...own.map(([, { message }]) => message.url)]);
      const stored = guard(engine, () => [...urls].flatMap((one) => [...storage.take(one)]), 'callback');
      const isOwn = ({ id }: StoredMessage): boolean => (left.get(id)?.owner ?? engine) === engine;
      const others = stored?.filter((message) => !isOwn(message)) ?? [];
      // Those are of another connection of this page, which will come back as well.
      if (others.length) guard(engine, () => storage.put(others), 'callback');
      const messages = stored
        ? stored.filter(isOwn).map((message) => left.get(message.id)?.message ?? toKept(engine, message))
        : own.map(([, { message }]) => message);
      insert(engine.outbox, 0, ...messages);
      for (const [id, { message }] of own) {
        left.delete(id);
        // Another page has taken the message: it sends it, and what comes of that is not known here.
        if (!messages.includes(message)) lose(engine, message, 'unproven');
      }
    },
  };
}
