import { engineIo } from './engine-io.js';
import { fieldsOf, type Given, unexpected, valueFrom } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

export interface SocketIoOptions extends PresetFigures {
  /** What the server gets as `socket.handshake.auth`. A function is called for each attempt, and may be async. */
  auth?: Given<object | undefined>;
  /** The namespace, for example `'/admin'`. Default the main one. */
  namespace?: string;
  /** Called with what the server gives, `{ sid }`, before the connection opens. May be async. What it throws ends the attempt. */
  onHandshake?: (reply: { sid: string }) => unknown;
}

/**
 * Socket.IO 3 and 4 (revision 5 of its protocol, on revision 4 of Engine.IO), over WebSocket alone, with one namespace.
 *
 * - The url needs the query `?EIO=4&transport=websocket`, and usually the path `/socket.io/`.
 * - Handshake: after that of {@link engineIo} this side sends `40` with `auth`, and the server answers `40{"sid":..}`. If it answers
 *   `44{..}` (a middleware refused the connection), the attempt has failed, and its error has the server's message.
 * - Heartbeats: the server sends `2`, and this side answers `3`. The server names the figures, usually 25 s and 20 s.
 * - The app sends and receives packets as they are: `42["chat","hi"]`.
 *
 * It has no acknowledgements, no binary packets put together, and no recovery of missed events. When the server sends `41` it has
 * ended the namespace and may keep the connection: the app gets that packet, and can call `close()`.
 *
 * @see https://socket.io/docs/v4/socket-io-protocol/
 *
 * @example
 * useHeartbeatSocket('wss://example.com/socket.io/?EIO=4&transport=websocket', {
 *   ...socketIo({ auth: async () => ({ token: await fetchToken() }) }),
 *   onMessage: (_, { data }) => data.startsWith('42') && show(JSON.parse(data.slice(2))),
 * })
 */
export function socketIo({ auth, namespace = '', onHandshake, ...figures }: SocketIoOptions = {}): Preset {
  const { heartbeat, handshake } = engineIo(figures);
  return {
    heartbeat,
    async handshake(link) {
      const named = await handshake(link);
      link.send(`40${namespace && `${namespace},`}${JSON.stringify(await valueFrom(auth)) ?? ''}`);
      const data = `${await link.receive()}`;
      const reply = fieldsOf(data.slice(data.indexOf('{')));
      if (!reply.sid) throw unexpected(reply.message);
      await onHandshake?.(reply);
      return named;
    },
  };
}
