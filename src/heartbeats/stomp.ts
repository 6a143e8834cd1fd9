import { type Given, unexpected, valueFrom } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

export interface StompOptions extends PresetFigures {
  /** The virtual host. Default `'/'`. */
  host?: string;
  /** More headers of the CONNECT frame: `login`, `passcode`. A function is called for each attempt, and may be async. */
  headers?: Given<Record<string, string>>;
}

/** `pongTimeout` (ms) for a server that sends no heartbeats: no silence is too long. */
const FOR_EVER = 1e12;

/**
 * STOMP 1.2 (RabbitMQ's Web STOMP, ActiveMQ, Spring), sub-protocol `v12.stomp`.
 *
 * - Handshake: this side sends CONNECT, and the server answers CONNECTED. After ERROR the library tries again.
 * - Heartbeats: each side sends a line feed when it has sent nothing for a while, and neither answers. This side does so each
 *   `interval`, 10 s by default, since brokers and proxies cut a client that is silent, and asks the server for the same. If the
 *   server's `heart-beat` names a longer time, this side waits for twice as much longer; if it names 0, its silence is no sign of a
 *   dead link. Otherwise the connection is lost after `interval + pongTimeout`, 20 s by default.
 * - The app sends and receives the other frames as they are, each with the NUL at its end, which line feeds may follow.
 *
 * It takes no binary frames (RabbitMQ's `ws_frame = binary`), and it does not put together a frame that comes in pieces.
 *
 * @see https://stomp.github.io/stomp-specification-1.2.html
 *
 * @example
 * const { send } = useHeartbeatSocket('wss://example.com/ws', {
 *   ...stomp({ headers: { login: 'guest', passcode: 'guest' } }),
 *   onConnected: () => send('SUBSCRIBE\nid:0\ndestination:/topic/news\n\n\0'),
 * })
 */
export function stomp({ host = '/', headers, interval = 10_000, pongTimeout = 10_000 }: StompOptions = {}): Preset {
  return {
    protocols: ['v12.stomp'],
    heartbeat: {
      beats: 'both',
      message: '\n',
      // A line feed may have a carriage return before it.
      control: (data) => (/^[\r\n]+$/.test(data as string) ? {} : undefined),
      interval,
      pongTimeout,
    },
    async handshake({ send, receive }) {
      const more = Object.entries((await valueFrom(headers)) ?? {}).map((header) => `${header.join(':')}\n`);
      send(`CONNECT\naccept-version:1.2\nhost:${host}\nheart-beat:${interval},${interval}\n${more.join('')}\n\0`);
      const frame = `${await receive()}`;
      if (!frame.startsWith('CONNECTED')) throw unexpected(frame);
      const each = Number(/\nheart-beat:(\d+)/.exec(frame)?.[1]);
      // `'auto'` has no heartbeat whose round trip could be measured, and is 10 s.
      return { pongTimeout: each ? (Number(pongTimeout) || 10_000) + 2 * Math.max(0, each - interval) : FOR_EVER };
    },
  };
}
