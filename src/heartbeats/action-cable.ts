import { ended, fieldsOf, figuresOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * Action Cable of Ruby on Rails, sub-protocol `actioncable-v1-json`.
 *
 * - Handshake: the server says `{"type":"welcome"}`.
 * - The end: when the server says `{"type":"disconnect","reason":..,"reconnect":false}`, then or later (it refuses the user, for example),
 *   the library does not come back: the phase is `failed`, as after the close code 1008. With `"reconnect":true` it comes back, as after
 *   1012.
 * - Heartbeats: the server sends `{"type":"ping","message":1700000000}` each 3 s, and wants no answer. It never asks whether the
 *   client is alive. Without any message for 6 s the connection is lost, as in Rails' own client.
 * - The app sends `{"command":"subscribe",..}`, and receives `confirm_subscription`, `reject_subscription`, and its channels' messages.
 *
 * @see https://docs.anycable.io/misc/action_cable_protocol
 *
 * @example
 * const { send } = useHeartbeatSocket('wss://example.com/cable', {
 *   ...actionCable(),
 *   serializer: 'json',
 *   onConnected: () => send({ command: 'subscribe', identifier: JSON.stringify({ channel: 'NewsChannel' }) }),
 * })
 */
export const actionCable = (figures?: PresetFigures): Preset => ({
  protocols: ['actioncable-v1-json'],
  heartbeat: {
    beats: 'server',
    control(data) {
      const { type, reason, reconnect } = fieldsOf(data);
      if (type === 'disconnect') return ended(reason, reconnect === false);
      return type === 'ping' ? {} : undefined;
    },
    ...figuresOf(figures, 3_000, 3_000),
  },
  async handshake({ receive }) {
    const { type } = fieldsOf(await receive());
    if (type !== 'welcome') throw unexpected(type);
    return undefined;
  },
});
