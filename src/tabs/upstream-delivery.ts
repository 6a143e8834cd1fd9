/** How the leader's own connection follows the messages of all tabs. */
import type { Attempt, Delivery, Engine } from '../core/engine.js';
import { keepMessage } from '../core/outbox.js';
import { countUnread, findRefused } from '../core/refused-message.js';

/** Sends the tabs' messages one by one once the server has closed the connection for one of several, until all are read. */
function oneByOne(own: Delivery): Delivery {
  const { send } = own;
  let isWary = false;
  if (!send) return own;
  return {
    ...own,
    handedOver(engine, attempt, ...about) {
      const { messages, sent } = engine.outbox;
      const taken = messages[sent - 1];
      if (taken && isWary) taken.isSuspect = true;
      own.handedOver(engine, attempt, ...about);
    },
    send(engine, message) {
      const { outbox, clock } = engine;
      const isUnread = countUnread(outbox) > 0;
      if (outbox.taken && !isUnread) isWary = false;
      if (!isWary || !isUnread) return send(engine, message);
      keepMessage(outbox, message);
      engine.raise('kept', { until: clock.now() });
      return false;
    },
    ended(engine, attempt) {
      const lost = own.ended(engine, attempt);
      isWary ||= engine.outbox.messages.some(({ isSuspect }) => isSuspect);
      return lost;
    },
  };
}

/**
 * The delivery of the leader's own connection. When its socket ends, it keeps nothing: each tab keeps its messages, and gives them anew.
 * `read` makes the app's value of what went over the wire. `refused`: the server has closed the connection for the one message that is not
 * proven.
 */
export function createUpstreamDelivery(
  delivery: Delivery | undefined,
  read: (data: unknown) => unknown,
  handedOver: () => void,
  refused: () => void,
): Delivery {
  const own = oneByOne(delivery?.upstream?.(read) ?? { handedOver() {}, ended: () => [] });
  return {
    ...own,
    handedOver(engine: Engine, attempt: Attempt, data: unknown, value: unknown) {
      own.handedOver(engine, attempt, data, value);
      handedOver();
    },
    ended(engine, attempt) {
      if (findRefused(engine, attempt)) refused();
      own.ended(engine, attempt);
      engine.outbox.messages.length = 0;
      engine.outbox.bytes = 0;
      return [];
    },
  };
}
