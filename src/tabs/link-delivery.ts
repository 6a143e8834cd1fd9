/** How a tab's own connection follows the messages that it has given to the leader. */
import type { Attempt, Delivery, Engine, Proof } from '../core/engine.js';
import { sendNow } from '../core/outbound.js';
import { insert, type Kept } from '../core/outbox.js';
import { noteSent, prove } from '../core/prove.js';
import { unprovenOnly } from '../core/unproven.js';
import { toText } from '../core/url-text.js';
import type { LinkSocket } from './link.js';

/** What is known of a message beside its data. */
type About = Pick<Kept, 'isForOne' | 'isRequest' | 'settled'>;

interface InTransit extends About {
  readonly data: unknown;
  readonly value: unknown;
}

/** What a tab does with a message until it is known what became of it. */
export interface LinkDelivery {
  readonly delivery: Delivery;
  /** How many messages are on their way to the leader's socket, beside those in the outbox. */
  inTransit(): number;
  /** The leader has told how far it is. */
  acked(engine: Engine, socket: LinkSocket): void;
}

/**
 * Without proof of delivery: a message is on its way until the leader's socket has taken it. If the leader is gone before, the message
 * goes to the next one, before all others. Only the leader's socket counts as the place where a message may be lost.
 */
function untilTaken(): LinkDelivery {
  const onTheWay: InTransit[] = [];
  let about: About = {};
  let taken = 0;
  const toKept = (engine: Engine, url: string, { isForOne: _, ...message }: InTransit): Kept => ({
    ...message,
    url,
    at: engine.clock.now(),
    wasSent: true,
  });
  return {
    inTransit: () => onTheWay.length,
    acked(engine, { took }) {
      const { attempt } = engine;
      for (const { data, value } of onTheWay.splice(0, took - taken)) {
        if (attempt) unprovenOnly.handedOver(engine, attempt, data, value);
      }
      taken = took;
    },
    delivery: {
      ...unprovenOnly,
      handedOver: (_, __, data, value) => void onTheWay.push({ ...about, data, value }),
      send(engine, message) {
        about = message;
        try {
          return sendNow(engine, message.data, message.value);
        } finally {
          about = {};
        }
      },
      ended(engine, attempt) {
        const own = onTheWay.splice(0);
        taken = 0;
        const url = toText(attempt.url);
        const again = own.filter(({ isForOne }) => !isForOne);
        insert(engine.outbox, 0, ...again.map((message) => toKept(engine, url, message)));
        return [...unprovenOnly.ended(engine, attempt), ...own.filter(({ isForOne }) => isForOne)];
      },
    },
  };
}

/** With proof of delivery: the leader tells what the server has. Until then a message stays in the outbox of its tab. */
function untilDelivered(delivery: Delivery, askForProof: () => void): LinkDelivery {
  const proof: Proof = {
    handedOver(engine) {
      noteSent(engine);
      const { outbox, options } = engine;
      if (outbox.sent === Math.ceil(options.limit / 2)) askForProof();
    },
  };
  return {
    inTransit: () => 0,
    acked: (engine, { delivered }) => prove(engine, delivered),
    delivery: delivery.provenBy?.(proof) ?? delivery,
  };
}

/** `askForProof` is called when so many messages wait for proof that it is asked for at once. */
export const createLinkDelivery = (delivery: Delivery | undefined, askForProof: () => void): LinkDelivery =>
  delivery ? untilDelivered(delivery, askForProof) : untilTaken();

/**
 * The delivery of the leader's own connection. When its socket ends, it keeps nothing: each tab keeps its messages, and gives them anew.
 * `read` makes the app's value of what went over the wire.
 */
export function createUpstreamDelivery(
  delivery: Delivery | undefined,
  read: (data: unknown) => unknown,
  handedOver: () => void,
): Delivery {
  const own: Delivery = delivery?.upstream?.(read) ?? { handedOver() {}, ended: () => [] };
  return {
    ...own,
    handedOver(engine: Engine, attempt: Attempt, data: unknown, value: unknown) {
      own.handedOver(engine, attempt, data, value);
      handedOver();
    },
    ended(engine, attempt) {
      own.ended(engine, attempt);
      engine.outbox.messages.length = 0;
      engine.outbox.bytes = 0;
      return [];
    },
  };
}
