import { fieldsOf, figuresOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * SockJS over WebSocket (sockjs-node, Spring, Vert.x), at the url that has a server and a session: `/echo/000/SESSION/websocket`.
 * The session is any text that no other connection has. The raw url, `/echo/websocket`, needs no preset.
 *
 * - Handshake: the server says `o`.
 * - Heartbeats: the server sends `h` after each 25 s without a message of its own, and wants no answer. Nothing for 35 s: the
 *   connection is lost.
 * - A frame `a["one","two"]` holds messages: the app gets `one` and `two`. The app sends `["text"]`. A frame `c[3000,"Go away!"]`
 *   tells why the server is about to close, and reaches the app as it is.
 *
 * @see https://sockjs.github.io/sockjs-protocol/sockjs-protocol-0.3.3.html
 *
 * @example
 * useHeartbeatSocket(() => `wss://example.com/echo/000/${crypto.randomUUID()}/websocket`, sockJs())
 */
export const sockJs = (figures?: PresetFigures): Preset => ({
  heartbeat: {
    beats: 'server',
    control(data) {
      if (data === 'h') return {};
      if (typeof data !== 'string' || !data.startsWith('a[')) return undefined;
      const messages = fieldsOf(data.slice(1), Infinity);
      return Array.isArray(messages) ? { messages } : undefined;
    },
    ...figuresOf(figures, 25_000),
  },
  async handshake({ receive }) {
    const data = await receive();
    if (data !== 'o') throw unexpected(data);
    return undefined;
  },
});
