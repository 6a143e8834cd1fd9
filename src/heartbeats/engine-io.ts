import { fieldsOf, figuresOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * Engine.IO, revision 4 of the protocol: what socket.io 3 and 4 stand on. For socket.io itself take {@link socketIo}.
 *
 * - The url needs the query `?EIO=4&transport=websocket`.
 * - Handshake: the server opens with `0{"sid":..}`, which names how often it sends a heartbeat, and how long it waits: 25 s and 20 s
 *   unless it was told otherwise. Those figures hold here, too.
 * - Heartbeats: the server sends `2`, and this side answers `3` at once. A server that hears no answer closes the connection.
 * - The app sends and receives packets as they are: `4hello` is the message `hello`.
 *
 * It cannot begin with HTTP long-polling, and it does not speak revision 3, in which the client sends the heartbeats.
 *
 * @see https://socket.io/docs/v4/engine-io-protocol/
 *
 * @example
 * useHeartbeatSocket('wss://example.com/engine.io/?EIO=4&transport=websocket', engineIo())
 */
export const engineIo = (figures?: PresetFigures) =>
  ({
    heartbeat: {
      beats: 'server',
      control: (data) => (data === '2' ? { reply: '3' } : undefined),
      ...figures,
    },
    async handshake({ receive }) {
      const data = `${await receive()}`;
      const { pingInterval, pingTimeout } = fieldsOf(data.slice(data.indexOf('{')));
      if (!pingInterval) throw unexpected(data);
      return figuresOf(figures, pingInterval, pingTimeout);
    },
  }) satisfies Preset;
