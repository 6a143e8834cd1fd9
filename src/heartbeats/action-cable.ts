import { fieldsOf, figuresOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * Action Cable of Ruby on Rails, sub-protocol `actioncable-v1-json`.
 *
 * - Handshake: the server says `{"type":"welcome"}`. If it says `{"type":"disconnect",..,"reconnect":false}` instead (it refuses the
 *   user, for example), the library does not come back: the phase is `failed`. With `"reconnect":true` it tries again.
 * - Heartbeats: the server sends `{"type":"ping","message":1700000000}` each 3 s, and wants no answer. It never asks whether the
 *   client is alive. Without any message for 6 s the connection is lost, as in Rails' own client.
 * - The app sends `{"command":"subscribe",..}`, and receives `confirm_subscription`, `reject_subscription`, its channels' messages,
 *   and a `disconnect` that comes later.
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
    control: (data) => (fieldsOf(data).type === 'ping' ? {} : undefined),
    ...figuresOf(figures, 3_000, 3_000),
  },
  async handshake({ receive, giveUp }) {
    const { type, reason, reconnect } = fieldsOf(await receive());
    if (type === 'disconnect' && reconnect === false) giveUp(reason);
    if (type !== 'welcome') throw unexpected(reason);
    return undefined;
  },
});
