import { fieldsOf, unexpected } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

export interface DiscordOptions extends PresetFigures {
  token: string;
  /** The sum of the intents: which events Discord sends. */
  intents: number;
  /** What Discord is told of this client. */
  properties: { os: string; browser: string; device: string };
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
 * Each connection is a new session: an app that resumes one (op 6) brings its own `handshake`, which calls `receive()` once after
 * Hello, as the preset's does, and keeps `session_id`, `resume_gateway_url` and `s`. When Discord wants the client to come back
 * (op 7), or ends the session (op 9), the library does so within 5 s, as after the close code 1012. It does not come back after 4004 and
 * 4010 to 4014 (a wrong token, shard, version, or intents), as Discord asks; with `autoReconnect` of its own an app names these
 * `finalCodes` again.
 *
 * @see https://docs.discord.com/developers/events/gateway
 * @see https://docs.discord.com/developers/topics/opcodes-and-status-codes
 *
 * @example
 * const properties = { os: 'linux', browser: 'my-app', device: 'my-app' }
 * useHeartbeatSocket('wss://gateway.discord.gg/?v=10&encoding=json', {
 *   ...discord({ token, intents: 513, properties }),
 *   serializer: 'json',
 *   onMessage: (ws, event, { t, d }) => { if (t === 'MESSAGE_CREATE') show(d) },
 * })
 */
export function discord({ interval, pongTimeout, ...identity }: DiscordOptions): CountingPreset {
  return {
    autoReconnect: { finalCodes: [4004, 4010, 4011, 4012, 4013, 4014] },
    heartbeat() {
      let last: unknown = null;
      const message = () => `{"op":1,"d":${last}}`;
      return {
        liveness: 'response',
        message,
        control(data) {
          // Dispatches may be long. Discord writes their number first, and then they are not parsed.
          const { op, s } = /^{"t":"\w+","s":(?<s>\d+)/.exec(data as string)?.groups ?? fieldsOf(data, Infinity);
          const before = last;
          if (op === 1) return { reply: message() };
          if (op === 11) return { answer: true };
          if (op === 7 || op === 9) return { end: { code: 1012, reason: `op ${op}` } };
          last = s ?? last;
          // Once for the handshake, once for the app.
          return before || !s ? undefined : { messages: [data, data] };
        },
        interval,
        pongTimeout,
      };
    },
    async handshake({ send, receive }) {
      const { heartbeat_interval } = fieldsOf(await receive()).d;
      send(JSON.stringify({ op: 2, d: identity }));
      const { op } = fieldsOf(await receive(), Infinity);
      if (op !== 0) throw unexpected(op);
      return { interval: interval ?? heartbeat_interval };
    },
  };
}
