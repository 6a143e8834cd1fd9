import { type Given, valueFrom } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

export interface TrpcOptions extends PresetFigures {
  /** What the server's `createContext` gets as `info.connectionParams`. A function is called for each attempt, and may be async. */
  connectionParams?: Given<Record<string, string> | null>;
}

/**
 * The WebSocket server of tRPC 11.
 *
 * - Heartbeats: this side sends `PING`, and the server answers `PONG`. A server with `keepAlive` sends `PING` itself each 30 s, and
 *   ends a connection that does not answer `PONG` within 5 s. The server has no idle limit beside that, so the library's defaults
 *   hold.
 * - With `connectionParams` they are the first message, which the server does not answer. The url then needs the query
 *   `?connectionParams=1`.
 * - The app sends and receives the rest: `{"id":1,"method":"subscription",..}`. When the server sends
 *   `{"id":null,"method":"reconnect"}` it is about to leave: the app can call `open()`, which makes a new connection.
 *
 * @see https://trpc.io/docs/server/websockets
 *
 * @example
 * useHeartbeatSocket('wss://example.com/trpc?connectionParams=1', {
 *   ...trpc({ connectionParams: async () => ({ token: await fetchToken() }) }),
 *   serializer: 'json',
 * })
 */
export function trpc({ connectionParams, ...figures }: TrpcOptions = {}): Preset {
  return {
    heartbeat: {
      message: 'PING',
      responseMessage: 'PONG',
      control: (data) => (data === 'PING' ? { reply: 'PONG' } : undefined),
      ...figures,
    },
    async handshake({ send }) {
      if (connectionParams !== undefined) {
        send(JSON.stringify({ method: 'connectionParams', data: await valueFrom(connectionParams) }));
      }
      return undefined;
    },
  };
}
