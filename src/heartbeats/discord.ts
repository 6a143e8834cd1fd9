import { fieldsOf, unexpected } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

export interface DiscordOptions extends PresetFigures {
  token: string;
  /** The sum of the intents: which events Discord sends. */
  intents: number;
  /** What Discord is told of this client. Default `''`, each of them. */
  properties?: { os: string; browser: string; device: string };
  /** Further fields of Identify: `presence`, `shard`, `large_threshold`. */
  [field: string]: unknown;
}

/**
 * Discord's Gateway, version 10, as JSON without compression. The handshake: Discord says Hello (op 10) with its
 * `heartbeat_interval`, this side identifies itself (op 2), and the connection is open with the first dispatch, Ready, which is also
 * the first message that the app gets. This side then sends `{"op":1,"d":s}` each `heartbeat_interval`, whatever else is sent and
 * received, since Discord demands that; the first one up to a tenth sooner, by chance. `s` is the number of the last dispatch. A
 * connection whose heartbeat Discord does not acknowledge (op 11) is lost, as Discord says. A heartbeat that Discord asks for (op 1)
 * goes out at once.
 *
 * Each connection is a new session: an app that resumes one (op 6) brings its own `handshake`, and keeps `session_id`,
 * `resume_gateway_url` and `s`. When Discord wants the client to come back (op 7), or ends the session (op 9), the app gets the
 * message and calls `open()`, after op 9 in 1 to 5 s. Before Ready both of them end the attempt. Close codes after which coming back
 * is useless have to be named, as in the example: a wrong token (4004), wrong intents (4013, 4014) and others.
 *
 * @see https://docs.discord.com/developers/events/gateway
 * @see https://docs.discord.com/developers/topics/opcodes-and-status-codes
 *
 * @example
 * const { open } = useHeartbeatSocket('wss://gateway.discord.gg/?v=10&encoding=json', {
 *   ...discord({ token, intents: 513 }),
 *   serializer: json<DiscordMessage>(),
 *   autoReconnect: { finalCodes: [4004, 4010, 4011, 4012, 4013, 4014] },
 *   onMessage: (_, { op }) => { if (op === 7) open() },
 * })
 */
export function discord({ interval, pongTimeout, ...identity }: DiscordOptions): CountingPreset {
  return {
    heartbeat() {
      let last: unknown = null;
      const message = () => `{"op":1,"d":${last}}`;
      return {
        liveness: 'response',
        message,
        control(data) {
          // Dispatches may be long. Discord writes their number first, and then they are not parsed.
          const head = /^{"t":"\w+","s":(\d+)/.exec(data as string);
          const { op, s } = head ? { op: 0, s: head[1] } : fieldsOf(data, Infinity);
          const isFirst = s && !last;
          last = s ?? last;
          if (op === 1) return { reply: message() };
          if (op === 11) return { answer: true };
          // Once for the handshake, once for the app.
          return isFirst ? { messages: [data, data] } : undefined;
        },
        interval,
        pongTimeout,
      };
    },
    async handshake({ send, receive }) {
      const hello = await receive();
      const { op, d } = fieldsOf(hello);
      if (op !== 10) throw unexpected(hello);
      send(JSON.stringify({ op: 2, d: { properties: { os: '', browser: '', device: '' }, ...identity } }));
      const ready = await receive();
      // Dispatches have the number 0.
      if (fieldsOf(ready, Infinity).op) throw unexpected(ready);
      return { interval: interval ?? d?.heartbeat_interval };
    },
  };
}
