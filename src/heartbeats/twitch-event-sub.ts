import { fieldsOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/** The longest text (characters) of Twitch's that is no notification. */
const LONGEST = 2_000;

/**
 * Twitch EventSub. The server sends the heartbeats, `session_keepalive`, whenever there was no notification for a while, and takes
 * nothing from this side: it closes with 4001 after any message. How long that while is (`interval`) says `session_welcome`: 10 s, or
 * as the url asks for with `?keepalive_timeout_seconds=30`.
 *
 * The connection is open with `session_welcome`, which is also the first message that the app gets: the app has 10 s to subscribe
 * with the session's id, over Twitch's HTTP API. `session_reconnect` reaches the app as well: the connection moves when the app
 * calls `open()` and gives `payload.session.reconnect_url` in `beforeConnect`, and the subscriptions stay. What happens between
 * the end of one socket and the welcome of the next is lost, since a composable has one socket at a time. After any other loss a
 * connection to Twitch's usual url needs new subscriptions. Twitch takes `reconnect_url` once, and then closes with 4007.
 *
 * @see https://dev.twitch.tv/docs/eventsub/handling-websocket-events
 * @see https://dev.twitch.tv/docs/eventsub/websocket-reference
 *
 * @example
 * let next: string | undefined
 * let hasMoved = false
 * const { open } = useHeartbeatSocket('wss://eventsub.wss.twitch.tv/ws', {
 *   ...twitchEventSub(),
 *   serializer: 'json',
 *   beforeConnect() {
 *     const url = next
 *     next = undefined
 *     hasMoved = url !== undefined
 *     return url
 *   },
 *   onMessage(ws, event, { metadata, payload }) {
 *     if (metadata.message_type === 'session_welcome' && !hasMoved) subscribeTo(payload.session.id)
 *     if (metadata.message_type === 'session_reconnect') {
 *       next = payload.session.reconnect_url
 *       open()
 *     }
 *   },
 * })
 */
export const twitchEventSub = (figures?: PresetFigures): Preset => ({
  heartbeat: {
    beats: 'server',
    control(data) {
      const type = fieldsOf(data, LONGEST).metadata?.message_type;
      if (type === 'session_keepalive') return {};
      // Once for the handshake, once for the app.
      return type === 'session_welcome' ? { messages: [data, data] } : undefined;
    },
    ...figures,
  },
  async handshake({ receive }) {
    const { metadata, payload } = fieldsOf(await receive(), LONGEST);
    if (metadata?.message_type !== 'session_welcome') throw unexpected(metadata?.message_type);
    return { interval: figures?.interval ?? 1_000 * payload?.session?.keepalive_timeout_seconds };
  },
});
