/** Delivery with proof: each message stays in the outbox until the server is known to have read it, and goes again on the next socket. */
import { NEVER } from './connection-state.js';
import type { Delivery, Engine, Proof } from './engine.js';
import { unusable } from './kind-of.js';
import { sendNow, tellDrained } from './outbound.js';
import { countUnsent, expiresAt, insert, type Kept, keepMessage, remove, takeNow } from './outbox.js';
import { guard, lose } from './outlet.js';
import { byBeats } from './proof-by-beats.js';
import { forget, noteSent, prove, takeBack } from './prove.js';
import { findRefused, holdNextBack, readByNow, waitUntilRead } from './refused-message.js';
import { createPageStore, type DeliveryStorage } from './stored-messages.js';

export interface AtLeastOnceSettings {
  /** ms after which a heartbeat asks for proof. */
  readonly ackWithin: number;
  /** Gives what a message of the server says of what it has read: how many messages, or the id of the last one. */
  readonly ack: ((message: unknown) => unknown) | undefined;
  /** The id of a message that was sent. Undefined: `ack` counts. */
  readonly id: ((value: unknown) => unknown) | undefined;
  readonly storage: DeliveryStorage | undefined;
}

/** Sends a message that stays in the outbox. */
function sendToProve(engine: Engine, message: Kept): boolean | undefined {
  const { outbox, options } = engine;
  // With `limit` 0 nothing can be kept until it is proven. Development refuses that.
  if (!options.limit) return sendNow(engine, message.data, message.value);
  let isSent: boolean | undefined = false;
  const take = (): void => {
    const taken = takeNow(outbox);
    isSent = sendNow(engine, taken.data, taken.value, () => forget(engine, taken));
  };
  // What `onConnected` sends goes before what waits, and costs none of that its place.
  if (countUnsent(outbox)) {
    insert(outbox, outbox.sent, message);
    take();
  } else keepMessage(outbox, message, take);
  options.viewChanged();
  // Arms the timer: an `ack` may never come, and then the message expires.
  if (expiresAt(outbox) < NEVER) engine.raise('kept', { until: NEVER });
  return isSent;
}

/** Proof by what the server says. */
const byAck = (ack: (message: unknown) => unknown, id: AtLeastOnceSettings['id']): Proof => ({
  handedOver(engine) {
    noteSent(engine);
    waitUntilRead(engine);
  },
  due: readByNow,
  received(engine, value) {
    const { messages, sent } = engine.outbox;
    // One message without an id keeps no other from being proven.
    const idOf = (sentValue: unknown): unknown => guard(engine, () => id?.(sentValue), 'callback');
    const upTo = guard(
      engine,
      () => {
        const given = ack(value);
        if (given === undefined) return undefined;
        if (id) return messages.find(({ value }, at) => at < sent && Object.is(idOf(value), given))?.number;
        if (Number.isInteger(given)) return given as number;
        throw new TypeError(unusable(given));
      },
      'callback',
    );
    if (upTo !== undefined) prove(engine, upTo);
  },
});

const proofOf = ({ ackWithin, ack, id }: AtLeastOnceSettings): Proof => (ack ? byAck(ack, id) : byBeats(ackWithin));

/** Follows each message until the server is known to have read it. Without `ack` the answers to heartbeats are the proof. */
export function createAtLeastOnce(settings: AtLeastOnceSettings, proof = proofOf(settings)): Delivery {
  const { ack, id, storage } = settings;
  const store = storage && createPageStore(storage);
  return {
    provenBy: (other) => createAtLeastOnce(settings, other),
    upstream: (read) =>
      createAtLeastOnce({ ...settings, storage: undefined, id: id && ((data: unknown) => id(read(data))) }),
    needsBeats: !ack,
    hearsPage: !!store,
    ...proof,
    ...store,
    handedOver(engine, ...about) {
      proof.handedOver(engine, ...about);
      holdNextBack(engine);
    },
    send: sendToProve,
    refused: forget,
    ended(engine, attempt) {
      const refused = findRefused(engine, attempt, proof.refusedNumber?.(attempt));
      const lost = takeBack(engine.outbox, (message) => message.isForOne && message !== refused);
      if (refused) {
        remove(engine.outbox, engine.outbox.messages.indexOf(refused), 1);
        // Later, since the end of the socket is told first.
        engine.queue.enqueue(() => lose(engine, { ...refused, wasSent: false }, 'refused'));
      }
      if (lost.length || refused) tellDrained(engine);
      return lost;
    },
    stepped(engine, name) {
      if (name === 'deadline') proof.due?.(engine);
      store?.stepped(engine, name);
    },
  };
}
