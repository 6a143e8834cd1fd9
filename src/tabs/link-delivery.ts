/** How a tab's own connection follows the messages that it has given to the leader. */
import type { ConnectionOptions } from '../core/connection-types.js';
import type { Attempt, Delivery, Engine, Proof } from '../core/engine.js';
import { sendNow, tellDrained } from '../core/outbound.js';
import { countUnsent, insert, type Outbox, remove, takeNow } from '../core/outbox.js';
import { lose } from '../core/outlet.js';
import { forget, noteSent, prove, takeBack } from '../core/prove.js';
import { readByNow, waitUntilRead } from '../core/refused-message.js';
import { unprovenOnly } from '../core/unproven.js';
import { sizeOf } from '../core/wire-data.js';
import type { LinkSocket } from './link-socket.js';

/** What a tab does with a message until it is known what became of it. */
export interface LinkDelivery {
  readonly delivery: Delivery;
  /** The leader has told how far it is, and which messages have `expired` there. */
  acked(engine: Engine, socket: LinkSocket, expired: readonly number[]): void;
  /** The app sends a message, and no other one waits. */
  isSending(): boolean;
}

type Followed = Omit<LinkDelivery, 'isSending'>;

type Bounds = Pick<ConnectionOptions, 'limit' | 'maxBytes' | 'overflow'>;

/** The bytes that wait. The outbox counts those that are on their way as well. */
const bytesUnsent = ({ messages, sent, bytes }: Outbox): number =>
  messages.slice(0, sent).reduce((left, { data }) => left - sizeOf(data), bytes);

/** Drops what waits beyond the bounds of the app. What is on its way counts for none of them: without tabs it would be sent. */
function keepBounds(engine: Engine, { limit, maxBytes, overflow }: Bounds): void {
  const { outbox } = engine;
  const { messages } = outbox;
  const isOver = (): boolean =>
    countUnsent(outbox) > limit || (maxBytes < Infinity && countUnsent(outbox) > 0 && bytesUnsent(outbox) > maxBytes);
  while (isOver()) {
    const isTooLarge = sizeOf(messages.at(-1)?.data) > maxBytes;
    const at = overflow === 'drop-oldest' && !isTooLarge ? outbox.sent : messages.length - 1;
    for (const lost of remove(outbox, at, 1)) lose(engine, lost, 'overflow');
  }
}

/** The server gave a sign of life. What the leader's socket had not sent by then has certainly not arrived. */
function forgetArrived(attempt: Attempt): void {
  const { unproven } = attempt;
  let left = (attempt.socket as LinkSocket | undefined)?.unsent ?? 0;
  let first = unproven.length;
  for (; first > 0 && left > 0; first -= 1) left -= unproven[first - 1]?.bytes ?? 0;
  attempt.unproven = unproven.slice(first);
}

/** Drops messages that the leader will not send, since they have waited for too long. */
function loseExpired(engine: Engine, numbers: readonly number[]): void {
  const { outbox } = engine;
  for (const number of numbers) {
    const at = outbox.messages.findIndex((message, index) => index < outbox.sent && message.number === number);
    const lost = at < 0 ? [] : remove(outbox, at, 1);
    for (const message of lost) lose(engine, { ...message, wasSent: false }, 'expired');
  }
}

/**
 * Without proof of delivery: a message stays in the outbox until the leader's socket has taken it. If the leader is gone before, the
 * message goes to the next one, before all others. A message may be lost with the leader's socket, and where this tab gives up its link.
 */
function untilTaken(bounds: Bounds): Followed {
  return {
    acked(engine, { took }, expired) {
      const { outbox, attempt, options } = engine;
      const { messages } = outbox;
      loseExpired(engine, expired);
      while (outbox.sent && Number(messages[0]?.number) <= took) {
        for (const { data, value } of remove(outbox, 0, 1)) {
          if (attempt) unprovenOnly.handedOver(engine, attempt, data, value);
        }
      }
      options.viewChanged();
      tellDrained(engine);
    },
    delivery: {
      ...unprovenOnly,
      alive: forgetArrived,
      hearsPage: true,
      handedOver: noteSent,
      send(engine, message) {
        const { outbox, options } = engine;
        insert(outbox, outbox.sent, message);
        const taken = takeNow(outbox);
        const isSent = sendNow(engine, taken.data, taken.value, () => forget(engine, taken));
        options.viewChanged();
        return isSent;
      },
      refused: forget,
      ended(engine, attempt) {
        // If this tab itself has given up its link, the leader is still there, and may take the messages yet.
        const isGivenUp = !attempt.ws;
        const lost = takeBack(engine.outbox, ({ isForOne }) => isGivenUp || isForOne);
        return [...unprovenOnly.ended(engine, attempt), ...lost];
      },
      stepped(engine, name) {
        if (name === 'kept') keepBounds(engine, bounds);
      },
    },
  };
}

/** With proof of delivery: the leader tells what the server has. Until then a message stays in the outbox of its tab. */
function untilDelivered(delivery: Delivery, askForProof: () => void): Followed {
  const proof: Proof = {
    handedOver(engine) {
      noteSent(engine);
      waitUntilRead(engine);
      const { outbox, options } = engine;
      if (outbox.sent === Math.ceil(options.limit / 2)) askForProof();
    },
    due: readByNow,
    // Only the leader knows whether another tab has sent something as well.
    refusedNumber: ({ ws }) => (ws as LinkSocket | undefined)?.refused ?? 0,
  };
  return {
    acked: (engine, { delivered }) => prove(engine, delivered),
    delivery: delivery.provenBy?.(proof) ?? delivery,
  };
}

/**
 * How a tab's own connection follows its messages, by the `options` of the app. `askForProof` is called when so many messages wait for
 * proof that a heartbeat has to ask for it at once.
 */
export function createLinkDelivery(options: ConnectionOptions, askForProof: () => void): LinkDelivery {
  const delivery = options.delivery as Delivery | undefined;
  const { acked, delivery: own } = delivery ? untilDelivered(delivery, askForProof) : untilTaken(options);
  let isSending = false;
  return {
    acked,
    isSending: () => isSending,
    delivery: {
      ...own,
      send(engine, message) {
        const before = isSending;
        isSending = true;
        try {
          return own.send?.(engine, message);
        } finally {
          isSending = before;
        }
      },
    },
  };
}
