import { fieldsOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

export interface PusherOptions extends PresetFigures {
  /**
   * Called with what the server gives for each connection, `{ socket_id, activity_timeout }`. It may be async: the connection opens
   * once it is done, within `connectTimeout`. What it throws ends the attempt.
   */
  onHandshake?: (reply: { socket_id: string; activity_timeout?: number }) => unknown;
}

/** What the field `data` of an event holds: Pusher puts JSON into JSON, others do not. */
const dataOf = ({ data }: { data?: unknown }) => (typeof data === 'string' ? fieldsOf(data) : Object(data));

/** Whether the same connection may be tried again: not after 4000 to 4099. */
const mayRetry = (code: number) => Math.floor(code / 100) !== 40;

/**
 * Pusher Channels, protocol 7, and what speaks the same: Laravel Reverb, Soketi, Sockudo.
 *
 * - The url: `wss://ws-CLUSTER.pusher.com/app/KEY?protocol=7`, or `wss://HOST/app/KEY?protocol=7`.
 * - Handshake: the server opens with `pusher:connection_established`. Its `activity_timeout` becomes the interval: 120 s at Pusher,
 *   30 s at Reverb. After `pusher:error` with a code from 4000 to 4099 the same connection must not be tried again: the phase is
 *   `failed`. After any other error the library tries again. The same holds for the close codes of a connection that was open, by
 *   `autoReconnect.retries`: an `autoReconnect` of the app takes the place of that.
 * - Heartbeats: this side sends `pusher:ping`, and the server answers `pusher:pong` within 30 s. A ping of the server is answered as
 *   well.
 * - The app sends and receives the rest: `pusher:subscribe`, its channels' events, and a `pusher:error` that comes later. A private
 *   channel is signed for one `socket_id`, which `onHandshake` gets for each connection.
 *
 * A dead link is found after 150 s at Pusher. Give a shorter `interval` to find it sooner.
 *
 * @see https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol
 *
 * @example
 * let id = ''
 * const socket = useHeartbeatSocket('wss://ws-eu.pusher.com/app/KEY?protocol=7', {
 *   ...pusher({
 *     interval: 30_000,
 *     pongTimeout: 10_000,
 *     onHandshake: ({ socket_id }) => { id = socket_id },
 *   }),
 *   serializer: 'json',
 * })
 * const subscribe = useSubscriptions(socket, {
 *   // `sign` asks the app's own server, Laravel's `/broadcasting/auth` for example. A public channel needs no signature.
 *   subscribe: async (channel) => ({ event: 'pusher:subscribe', data: { channel, auth: await sign(id, channel) } }),
 *   unsubscribe: (channel) => ({ event: 'pusher:unsubscribe', data: { channel } }),
 *   topicOf: (message) => message.channel,
 * })
 * subscribe('private-orders', ({ event, data }) => console.info(event, JSON.parse(data)))
 */
export function pusher({ onHandshake, interval, pongTimeout = 30_000 }: PusherOptions = {}): Preset {
  return {
    heartbeat: {
      message: '{"event":"pusher:ping","data":{}}',
      control(data) {
        const { event } = fieldsOf(data);
        if (event === 'pusher:ping') return { reply: '{"event":"pusher:pong","data":{}}' };
        return event === 'pusher:pong' ? { answer: true } : undefined;
      },
      interval: interval ?? 120_000,
      pongTimeout,
    },
    autoReconnect: { retries: (_, { code }) => mayRetry(code) },
    async handshake({ receive, giveUp }) {
      const fields = fieldsOf(await receive());
      const reply = dataOf(fields);
      if (fields.event !== 'pusher:connection_established') {
        if (!mayRetry(reply.code)) giveUp(reply.message);
        throw unexpected(reply.message);
      }
      await onHandshake?.(reply);
      return { interval: interval ?? reply.activity_timeout * 1_000 };
    },
  };
}
