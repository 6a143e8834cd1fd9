/** The stream of JetStream that is the log. */
import type { JetStreamManager } from 'nats';
import { ROOMS } from '../../protocol/chat.ts';
import { MAX_HISTORY, MAX_HISTORY_BYTES } from '../bounds.ts';
import { MAX_SAID } from './bus-words.ts';

export const STREAM = 'playground-chat';

/** What was said in a room has the room's name behind this. */
export const SAID = 'playground.said';

/** Where processes tell who is at each of them. */
export const HERE = 'playground.here';

/** Makes the stream, or sets its bounds, if it does not exist or has others. */
export async function ensureStream(manager: JetStreamManager): Promise<void> {
  const settings = {
    subjects: [`${SAID}.*`],
    max_msgs: ROOMS.length * MAX_HISTORY,
    max_bytes: 2 * ROOMS.length * MAX_HISTORY_BYTES,
    max_msg_size: MAX_SAID + 1_024,
  };
  try {
    await manager.streams.add({ name: STREAM, ...settings });
  } catch (error) {
    // A stream with other settings may exist already.
    await manager.streams.update(STREAM, settings).catch(() => {
      throw error;
    });
  }
}
