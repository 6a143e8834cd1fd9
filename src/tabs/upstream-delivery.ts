/** How the leader's own connection follows the messages of all tabs. */
import type { Attempt, Delivery, Engine } from '../core/engine.js';
import { keepMessage } from '../core/outbox.js';
import { findRefused, holdsBack } from '../core/refused-message.js';

/** Nothing goes out beside a message for which the server may have closed a connection. */
function alone(own: Delivery): Delivery {
  const { send } = own;
  if (!send) return own;
  return {
    ...own,
    send(engine, message) {
      if (!holdsBack(engine)) return send(engine, message);
      keepMessage(engine.outbox, message);
      return false;
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
  const own = alone(delivery?.upstream?.(read) ?? { handedOver() {}, ended: () => [] });
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
