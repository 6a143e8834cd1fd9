import { HeartbeatSocketError, type HeartbeatSocketErrorCode } from '../../core/errors.js';
import type { DropReason } from '../../core/outbox.js';
import { engineOf } from '../engine-of.js';
import type { UseHeartbeatSocketReturn } from '../socket-return.js';
import { handOver } from './hand-over.js';

/** The codes of reasons that say more than `dropped`. */
const CODES: Partial<Record<DropReason, HeartbeatSocketErrorCode>> = {
  closed: 'closed',
  left: 'left',
  unproven: 'lost',
};

/**
 * Sends a message, and waits until it is proven that the server has read it: see `atLeastOnce`. A message that cannot be handed over yet
 * is kept, as with `send`, and the promise waits over as many connections as it takes.
 *
 * The promise rejects with a {@link HeartbeatSocketError} whose `code` says why the message is not kept any more:
 * - `closed`: by `close()`. `left`: the scope of the connection has ended. If the message was handed over, it may have arrived.
 * - `dropped`: for the reason in `cause.reason`, see `buffer`.
 * - `lost`: it was sent when the connection opened (in `onConnected`), for that one alone, and that has ended. Or another page of the tab
 *   has taken it out of the storage.
 * - `serializer`, `send`: it cannot be sent as it is. `onError` hears of that, too.
 * - `option`: the connection has no option `delivery`.
 *
 * @param socket What `useHeartbeatSocket` returned.
 * @param value What `send` would be given.
 *
 * @example
 * await deliver(socket, { text: 'hello' })
 */
export const deliver = <Read, Write>(socket: UseHeartbeatSocketReturn<Read, Write>, value: Write): Promise<void> =>
  // What is thrown in here rejects the promise.
  new Promise((resolve, reject) => {
    const engine = engineOf(socket);
    if (!engine.delivery.send) throw new HeartbeatSocketError('option', 'deliver() needs the option delivery');
    const settled = (reason?: DropReason): void => {
      if (reason === undefined) resolve();
      else {
        const code = CODES[reason] ?? 'dropped';
        reject(new HeartbeatSocketError(code, `the message is not kept any more: ${reason}`, { reason }));
      }
    };
    const taken = handOver(engine, value, { settled });
    if (typeof taken !== 'boolean') reject(taken);
  });
