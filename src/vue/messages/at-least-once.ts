import { createAtLeastOnce } from '../../core/at-least-once.js';
import { HeartbeatSocketError } from '../../core/errors.js';
import { kindOf } from '../../core/kind-of.js';
import type { DeliveryStorage } from '../../core/stored-messages.js';

export { inSessionStorage } from '../../browser/in-session-storage.js';

/** Options of {@link atLeastOnce}. They are read when `atLeastOnce` is called. */
export interface AtLeastOnceOptions {
  /**
   * ms after which a heartbeat asks for proof, counted from the first message that is not proven, if no heartbeat is due sooner. As
   * soon as half of `buffer.limit` wait for proof, a heartbeat asks at once. No effect beside `ack`. Default 1_000.
   */
  ackWithin?: number | undefined;
  /**
   * For a server behind an edge that answers heartbeats in its stead, such as Cloudflare's auto-response: the answer to a heartbeat then
   * proves nothing, and the server has to say itself what it has read. Called with each message of the server, as the serializer has
   * read it. Gives how many messages of the app the server has read on this connection (heartbeats and `handshake` left out), or, beside
   * `id`, the id of the last one. Undefined: the message says nothing of that. The message reaches the app as well. What it throws, and
   * anything else that it gives, goes to `onError` with the code `callback`. Default: the answers to heartbeats prove.
   *
   * @example
   * delivery: atLeastOnce({ ack: (message) => message.ack, id: (sent) => sent.id })
   */
  // biome-ignore lint/suspicious/noExplicitAny: a function that takes the messages of one kind is welcome
  ack?: ((message: any) => unknown) | undefined;
  /**
   * Gives the id of a message that the app has sent. When `ack` gives the same id, this message and all that were sent before it are
   * proven. Default: `ack` counts messages.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a function that takes the messages of one kind is welcome
  id?: ((value: any) => unknown) | undefined;
  /**
   * Keeps what is not proven when the user leaves the page, and gives it to the next page of this tab with a connection to the same url:
   * after a reload, for example. Such messages go out before any other. A url that holds a token is another one with each token: give
   * the token in `beforeConnect`. What waits for a url, and what `close({ drain })` waits for, is not kept. Where users share a tab, give
   * each a storage of its own. `onDelivered` and `onDropped` then get what the serializer's `read` makes of them, or what went over
   * the wire if it cannot. Text and bytes can be kept; a Blob is refused with the code `send`. Questions of `useRequests` are not kept. A
   * page that crashes, or that the browser discards, keeps nothing. Default: none, so what is not proven is lost with the page.
   *
   * @example
   * delivery: atLeastOnce({ storage: inSessionStorage() })
   */
  storage?: DeliveryStorage | undefined;
}

/** What {@link atLeastOnce} gives, for the option `delivery`. It has nothing to call. */
export interface ProvenDelivery {
  readonly needsBeats?: boolean | undefined;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

const isMilliseconds = (value: unknown): boolean => typeof value === 'number' && value >= 1 && value < Infinity;

const isStorage = (value: unknown): boolean => isFunction(Object(value).put) && isFunction(Object(value).take);

/** What each option has to be. */
const RULES = {
  ackWithin: ['a number of ms, 1 or more', isMilliseconds],
  ack: ['a function', isFunction],
  id: ['a function', isFunction],
  storage: ['{ put, take }', isStorage],
} as const;

/** The options that make sense. In development any other one throws. */
function usable(options: AtLeastOnceOptions): AtLeastOnceOptions {
  const used: Record<string, unknown> = {};
  for (const [name, [sentence, holds]] of Object.entries(RULES)) {
    const value = options[name as keyof typeof RULES];
    if (value === undefined) continue;
    if (holds(value)) used[name] = value;
    else if (process.env.NODE_ENV !== 'production') {
      const received = typeof value === 'number' ? value : kindOf(value);
      throw new HeartbeatSocketError('option', `atLeastOnce: ${name} must be ${sentence}, received ${received}`);
    }
  }
  if (process.env.NODE_ENV !== 'production' && used.id && !used.ack) {
    throw new HeartbeatSocketError('option', 'atLeastOnce: id needs ack');
  }
  return used;
}

/**
 * Delivery with proof, for the option `delivery`. WebSocket keeps order: so the answer to a heartbeat proves that whoever answers
 * heartbeats has read all that was sent before it. Each message is kept until then. If the socket ends before, the message goes again on
 * the next socket to the same url, in order, before anything newer. So each message arrives at least once; the server may get it twice,
 * and has to know it by an id of its own.
 *
 * `pending` counts what is not proven. `onDelivered` and `on('delivered')` tell of each message that is proven, and {@link deliver} waits
 * for that. All bounds of `buffer` hold for what waits and what is not proven together: a message that was handed over and is kept no
 * longer is reported with the reason `unproven`, whatever the cause. What `onConnected` sends, and what is sent with `useBuffer` false, is
 * for one connection: if it is not proven, it is `unproven`, and does not go again.
 *
 * A message that is too big for the server would end each connection on which it goes again, with the close code 1009. The code does not
 * say which message it is about, so all that it may be about goes out one by one on the next connection. The message that is alone when
 * 1009 comes again is dropped with the reason `refused`; all others arrive. With 1003 and 1007, which are final, the same happens on the
 * connections that `open()` asks for. A server that ends the connection with another code has to say itself what it does not take.
 *
 * Needs a heartbeat that the server answers, or `ack`. Other messages of the server prove that it is alive, but not what it has read.
 * In development an option that makes no sense throws.
 *
 * @example
 * useHeartbeatSocket('/chat', {
 *   heartbeat: { message: 'ping', responseMessage: 'pong' },
 *   delivery: atLeastOnce(),
 *   onDelivered: (message) => markAsDelivered(message),
 * })
 */
export function atLeastOnce(options: AtLeastOnceOptions = {}): ProvenDelivery {
  const { ackWithin = 1_000, ack, id, storage } = usable(options);
  return createAtLeastOnce({ ackWithin, ack, id, storage });
}
