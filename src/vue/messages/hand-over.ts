/** Gives a message of one of the library's own functions to a connection. */
import type { Engine } from '../../core/engine.js';
import { HeartbeatSocketError } from '../../core/errors.js';
import { send } from '../../core/outbound.js';
import type { Kept } from '../../core/outbox.js';

/** Sends or keeps a message. True: the socket has taken it. An error says why it was refused, which was reported. */
export function handOver(
  engine: Engine,
  value: unknown,
  about: Pick<Kept, 'isRequest' | 'settled'> = {},
  useBuffer = true,
): boolean | HeartbeatSocketError {
  const { options, depth } = engine;
  const isSent = options.within(() => depth.deeper(() => send(engine, value, useBuffer, about)));
  if (isSent !== undefined) return isSent;
  const { error } = engine.state;
  return error?.code === 'serializer' || error?.code === 'send'
    ? error
    : new HeartbeatSocketError('send', 'the message was refused');
}
