import { fieldsOf, figuresOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

export interface SockJsOptions extends PresetFigures {
  /**
   * A message that the app's own code on the server answers: the heartbeat of this side, for a server that never sends `h`.
   * Default: none, and the heartbeats are the server's.
   */
  ping?: string;
  /** What that code answers. Default: the same text. */
  pong?: string;
}

/**
 * SockJS over WebSocket (Spring, Vert.x, sockjs-node), at the url that has a server and a session: `/echo/000/SESSION/websocket`.
 * The session is any text that no other connection has, so `beforeConnect` makes one for each: with a url that is a getter
 * messages that wait would be dropped, since they are for another url. The raw url, `/echo/websocket`, needs no preset.
 *
 * - Handshake: the server says `o`.
 * - Heartbeats: the server sends `h` after each 25 s without a message of its own, and wants no answer. Nothing for 35 s: the
 *   connection is lost.
 * - sockjs-node (0.3.24) is another matter: over WebSocket it sends no `h`, but pings of the WebSocket protocol, which a page does
 *   not see. A healthy connection on which nothing is said would be lost each 35 s. Give `ping`, which the app's code on the server
 *   then has to answer. Where nothing answers, an `interval` of a day keeps such a connection, and a dead one is not noticed.
 * - A frame `a["one","two"]` holds messages: the app gets `one` and `two`. The app sends `["text"]`. A frame `c[3000,"Go away!"]`
 *   tells why the server is about to close, and reaches the app as it is.
 *
 * @see https://sockjs.github.io/sockjs-protocol/sockjs-protocol-0.3.3.html
 *
 * @example
 * useHeartbeatSocket('wss://example.com/echo', {
 *   ...sockJs(),
 *   beforeConnect: ({ url }) => `${url}/000/${crypto.randomUUID()}/websocket`,
 * })
 * // sockjs-node, where the server has: connection.on('data', (text) => text === 'ping' && connection.write('pong'))
 * useHeartbeatSocket(url, sockJs({ ping: 'ping', pong: 'pong' }))
 */
export const sockJs = ({ ping, pong = ping, ...figures }: SockJsOptions = {}): Preset => ({
  heartbeat: {
    ...(ping === undefined
      ? { beats: 'server', ...figuresOf(figures, 25_000) }
      : { message: JSON.stringify([ping]), ...figures }),
    control(data) {
      if (data === 'h') return {};
      if (typeof data !== 'string' || !data.startsWith('a[')) return undefined;
      const all = fieldsOf(data.slice(1), Infinity);
      if (!Array.isArray(all)) return undefined;
      const messages = all.filter((message) => message !== pong);
      return { answer: all.length - messages.length, messages };
    },
  },
  async handshake({ receive }) {
    const data = await receive();
    if (data !== 'o') throw unexpected(data);
    return undefined;
  },
});
