import { fieldsOf, type Given, unexpected, valueFrom } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

export interface CentrifugoOptions extends PresetFigures {
  /** The connection token (JWT). A function is called for each attempt, and may be async: a token does not live for long. */
  token?: Given<string | undefined>;
  /** What the server's connect proxy gets as `data`. */
  data?: unknown;
  /** Called with what the server gives, `{ client, version, subs, .. }`, before the connection opens. May be async. */
  onHandshake?: (reply: Record<string, unknown>) => unknown;
}

/**
 * Centrifugo 4 and later, and servers on its library Centrifuge: the bidirectional protocol as JSON.
 *
 * - The url: `wss://HOST/connection/websocket`.
 * - Handshake: this side sends `{"id":1,"connect":{"token":..}}`, and the server answers
 *   `{"id":1,"connect":{"client":..,"ping":25,"pong":true}}`. After an error (an expired token, for example) the library tries again,
 *   with the token that `token` then gives.
 * - Heartbeats: the server sends `{}` each `ping` seconds, and this side answers `{}` if `pong` is true. `ping` becomes the interval.
 *   Without `ping` the server sends none, and silence is no sign of a dead link.
 * - A frame may hold several replies, one a line: the app gets each as a message of its own. The app sends the other commands, with
 *   ids from 2.
 * - Close codes from 3500 to 3999, and from 4500 to 4999, mean that coming back is useless: the phase is `failed`, by
 *   `autoReconnect.retries`. An `autoReconnect` of the app takes the place of that.
 *
 * It does not speak Protobuf.
 *
 * @see https://centrifugal.dev/docs/transports/client_protocol
 *
 * @example
 * const { send } = useHeartbeatSocket('wss://example.com/connection/websocket', {
 *   ...centrifugo({ token: fetchToken }),
 *   serializer: 'json',
 *   onConnected: () => send({ id: 2, subscribe: { channel: 'news' } }),
 * })
 */
export function centrifugo({ token, data, onHandshake, ...figures }: CentrifugoOptions = {}): CountingPreset {
  return {
    heartbeat() {
      /** Whether the server wants answers, as the first reply says, which is the one to `connect`. */
      let pong: boolean | undefined;
      return {
        beats: 'server',
        ...figures,
        control(frame) {
          const lines = `${frame}`.split('\n');
          const messages = lines.filter((line) => line && line !== '{}');
          pong ??= !!fieldsOf(messages[0], Infinity).connect?.pong;
          return messages.length && lines.length < 2
            ? undefined
            : { messages, reply: lines.find((line) => pong && line === '{}') };
        },
      };
    },
    autoReconnect: { retries: (_, { code }) => code % 1_000 < 500 },
    async handshake({ send, receive }) {
      send(JSON.stringify({ id: 1, connect: { token: await valueFrom(token), data } }));
      const { connect, error } = fieldsOf(await receive(), Infinity);
      if (!connect) throw unexpected(error?.message);
      await onHandshake?.(connect);
      return { interval: figures.interval ?? (connect.ping || Infinity) * 1_000 };
    },
  };
}
