/** Without proof of delivery: notes the messages that may be lost with their socket. */
import type { Attempt, Delivery, Engine } from './engine.js';
import type { BufferSettings } from './outbox.js';
import { sizeOf } from './wire-data.js';

/** A server that gives no sign of life must not make the list grow for ever. A larger buffer has a longer list. */
const MOST_UNPROVEN = 1_000;

/** How many messages that may be lost are told of: the last ones. */
const mostUnproven = (rules: Pick<BufferSettings, 'limit'>): number => Math.max(rules.limit, MOST_UNPROVEN);

/** Notes what may be lost with the socket, if anybody wants to hear of that. */
function noteUnproven(engine: Engine, attempt: Attempt, data: unknown, value: unknown): void {
  for (const { onDropped, onEvent, heard } of engine.listeners) {
    if (!onDropped && !onEvent && !heard) continue;
    // A text has no fewer bytes than characters. To count them would take long.
    attempt.unproven.push({ value, bytes: typeof data === 'string' ? data.length : sizeOf(data) });
    const most = mostUnproven(engine.options);
    if (attempt.unproven.length > 2 * most) attempt.unproven.splice(0, most);
    return;
  }
}

export const unprovenOnly: Delivery = {
  handedOver: noteUnproven,
  /** Forgets the messages that the sign of life follows. What the browser still holds has certainly not arrived. */
  alive(attempt) {
    const { unproven, socket } = attempt;
    if (!unproven.length) return;
    let left = socket?.bufferedAmount ?? 0;
    let first = unproven.length;
    while (left > 0 && first > 0) {
      first -= 1;
      left -= (unproven[first] as Attempt['unproven'][number]).bytes;
    }
    attempt.unproven = unproven.slice(first);
  },
  ended: (engine, attempt) => attempt.unproven.splice(0).slice(-mostUnproven(engine.options)),
};
