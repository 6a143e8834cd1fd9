import type { UseHeartbeatSocketReturn } from 'vue-heartbeat-socket';
import type { ChatRequest, ServerMessage } from '../protocol/chat.ts';
import type { Mark } from './messages.ts';

const keyOf = (value: unknown): string | undefined => (value as ChatRequest).key;

/** Marks each message with what the connection tells of it, until the scope ends. */
export function followDelivery(
  { on }: Pick<UseHeartbeatSocketReturn<ServerMessage, ChatRequest>, 'on'>,
  mark: (key: string | undefined, mark: Mark) => void,
): void {
  on('buffered', ({ value }) => mark(keyOf(value), 'waiting'));
  on('sent', ({ value }) => mark(keyOf(value), 'sent'));
  on('delivered', ({ data }) => mark(keyOf(data), 'delivered'));
  on('dropped', ({ data, reason }) => mark(keyOf(data), reason === 'unproven' ? 'unknown' : 'unsent'));
}
