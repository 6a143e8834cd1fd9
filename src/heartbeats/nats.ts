import { byteStream } from './byte-stream.js';
import { fieldsOf, type Given, unexpected, valueFrom } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

export interface NatsOptions extends PresetFigures {
  user?: string;
  pass?: string;
  /** The server's `auth_token`, or a function that gives it for each connection. */
  token?: Given<string | undefined>;
  /** A user's bearer JWT, or a function that gives it for each connection. */
  jwt?: Given<string | undefined>;
  /** What the server calls this connection in its monitoring. */
  name?: string;
  /** False: the server does not send back what this connection has published. Default true. */
  echo?: boolean;
  /** True: a request that nobody can answer is answered at once, with the status 503. Default false. */
  no_responders?: boolean;
  /** The app gets each operation as an ArrayBuffer, for payloads that are no text. Default false: as text, read as UTF-8. */
  binary?: boolean;
  /** Called with the server's last `INFO` before each `onConnected`, as an object. What it throws ends the attempt. */
  onHandshake?: (info: Readonly<Record<string, unknown>>) => void;
}

/** What an operation has (bytes) beside a payload of the greatest length. */
const LINE = 8_192;

const decoder = new TextDecoder();
const text = (bytes: Uint8Array): string => decoder.decode(bytes);

const infoOf = (operation: string) => fieldsOf(operation.slice(5), Infinity);

/**
 * NATS, over its own WebSocket listener. The handshake: the server says `INFO {..}`, this side sends `CONNECT {..}` and `PING`, and
 * the connection opens with `PONG`. Both sides then send `PING` and answer `PONG`. The server gives a client up that has left two of
 * its pings unanswered, by default after some 4 minutes; the library's heartbeat finds a dead server out much sooner.
 *
 * The server's frames hold several operations, or a part of one. The app gets whole ones, one by one: `MSG subject sid [reply]
 * bytes`, `HMSG subject sid [reply] header-bytes total-bytes` with what follows, `INFO {..}` and `-ERR '..'`, each with its line
 * ends. The `INFO` of the handshake goes to `onHandshake`: in a cluster its `connect_urls` name the other servers. The app sends
 * `SUB`, `UNSUB` and `PUB` itself, and subscribes anew on each connection (`useSubscriptions`). It can send text, bytes, several
 * operations in one, and parts. An operation that is longer than the server's own `max_payload` allows is not waited for.
 *
 * `-ERR 'Authorization Violation'` ends the connection for good (`onFailed`), unless `token` or `jwt` is a function: then there will
 * be an attempt with a new one. Any other `-ERR` in the handshake ends the attempt. The close code 1008 is not final: NATS has it for
 * a token that has run out, and for a page that has read too slowly, too. With `autoReconnect` of its own an app leaves it out of
 * `finalCodes` again. Nkeys, which sign a nonce of the server, need a `handshake` of the app's own.
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats-protocol
 *
 * @example
 * const encoder = new TextEncoder()
 * const { send } = useHeartbeatSocket('wss://nats.example:9222', {
 *   ...nats({ token: () => fetchToken(), name: 'dashboard' }),
 *   onConnected: () => send('SUB news.* 1\r\n'),
 *   onMessage(_, { data }) {
 *     const end = data.indexOf('\r\n')
 *     const [verb, subject] = data.slice(0, end).split(' ')
 *     if (verb === 'MSG') show(subject, JSON.parse(data.slice(end + 2, -2)))
 *   },
 * })
 * const publish = (subject: string, payload: string) =>
 *   send(`PUB ${subject} ${encoder.encode(payload).length}\r\n${payload}\r\n`)
 */
export function nats(options: NatsOptions = {}): CountingPreset {
  const { token, jwt, binary, onHandshake, interval, pongTimeout, ...identity } = options;
  return {
    binaryType: 'arraybuffer',
    // NATS has 1008 for what passes, too: a token that has run out, a page that has read too slowly, too many connections.
    autoReconnect: { finalCodes: [1003, 1007, 1010] },
    heartbeat() {
      let most = 1_048_576;
      let isIn = false;
      return {
        message: 'PING\r\n',
        control: byteStream(
          (bytes) => {
            const end = bytes.indexOf(10) + 1;
            const payload = /^H?MSG .* (\d+)\r\n$/.exec(text(bytes.subarray(0, end)));
            const length = end + (payload ? Number(payload[1]) + 2 : 0);
            return (length || bytes.length) > most + LINE ? Infinity : length;
          },
          (bytes, frame) => {
            // So much tells the verbs apart, and a long payload is not decoded to find out.
            const verb = text(bytes.subarray(0, 6));
            if (verb === 'INFO {') most = infoOf(text(bytes)).max_payload ?? most;
            if (verb === 'PING\r\n') frame.reply = `${frame.reply ?? ''}PONG\r\n`;
            else if (verb === 'PONG\r\n' && isIn) frame.answer += 1;
            else if (verb !== '+OK\r\n') frame.messages.push(binary && isIn ? bytes.buffer : text(bytes));
            // The first one ends the handshake.
            isIn ||= verb === 'PONG\r\n';
          },
        ),
        interval,
        pongTimeout,
      };
    },
    async handshake({ send, receive, giveUp }) {
      let info = String(await receive());
      if (!info.startsWith('INFO {')) throw unexpected(info);
      const connect = {
        ...{ verbose: false, pedantic: false, lang: 'js', protocol: 1, headers: true },
        ...identity,
        ...{ auth_token: await valueFrom(token), jwt: await valueFrom(jwt) },
      };
      send(`CONNECT ${JSON.stringify(connect)}\r\nPING\r\n`);
      for (;;) {
        const said = String(await receive());
        if (said === 'PONG\r\n') break;
        if (said.includes('Authorization V') && typeof token !== 'function' && typeof jwt !== 'function') giveUp(said);
        if (!said.startsWith('INFO {')) throw unexpected(said);
        info = said;
      }
      onHandshake?.(infoOf(info));
      return undefined;
    },
  };
}
