import { fieldsOf, figuresOf } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

/**
 * Phoenix Channels with the V2 serializer, whose messages are `[join_ref, ref, topic, event, payload]`. Supabase Realtime speaks the
 * same.
 *
 * - The url needs the query `?vsn=2.0.0`: `wss://example.com/socket/websocket?vsn=2.0.0`, and for Supabase
 *   `wss://PROJECT.supabase.co/realtime/v1/websocket?apikey=KEY&vsn=2.0.0`.
 * - Heartbeats: this side sends `[null,"1","phoenix","heartbeat",{}]`, with a ref that grows, and the server answers with a
 *   `phx_reply` of the same ref. Phoenix closes a connection that was silent for 60 s, so the interval is 30 s, as in Phoenix's own
 *   client.
 * - There is no handshake. The app joins its topics (`phx_join`) in `onConnected`, and keeps refs of its own: a reply to a heartbeat
 *   has the topic `phoenix`.
 *
 * It does not speak the older V1 serializer, whose messages are objects.
 *
 * @see https://hexdocs.pm/phoenix/writing_a_channels_client.html
 *
 * @example
 * const { send } = useHeartbeatSocket('wss://example.com/socket/websocket?vsn=2.0.0', {
 *   ...phoenix(),
 *   serializer: 'json',
 *   onConnected: () => send(['1', '1', 'room:lobby', 'phx_join', {}]),
 * })
 */
export const phoenix = (figures?: PresetFigures): CountingPreset => ({
  heartbeat() {
    let last = 0;
    return {
      responseMessage: () => false,
      message: () => `[null,"${++last}","phoenix","heartbeat",{}]`,
      control(data) {
        const { 1: ref, 2: topic, 3: event } = fieldsOf(data);
        return topic === 'phoenix' && event === 'phx_reply' && ref > 0 && ref <= last ? { answer: true } : undefined;
      },
      ...figuresOf(figures, 30_000),
    };
  },
});
