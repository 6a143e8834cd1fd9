import { byteStream, bytesOf } from './byte-stream.js';
import { type Given, valueFrom } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

export interface MqttOptions extends PresetFigures {
  /** 4: MQTT 3.1.1. 5: MQTT 5. Default 4. */
  version?: 4 | 5;
  /** Default `''`: the server makes one up. A connection that takes the place of an old one needs the same name each time. */
  clientId?: string;
  username?: string;
  /** A text, or a function that gives it for each connection. MQTT 3.1.1 allows it beside a `username` only. */
  password?: Given<string>;
  /**
   * Seconds without a packet after which, and half as long again, the server gives this client up. Default 30, or `interval` where
   * that is longer. 0: never.
   */
  keepAlive?: number;
  /**
   * False: the server keeps the session, with its subscriptions, when the socket ends, for as long as the server likes. It needs a
   * `clientId`. Default true.
   */
  clean?: boolean;
  /** Called with the bytes of each CONNACK that lets this client in, before `onConnected`. What it throws ends the attempt. */
  onHandshake?: (connack: Uint8Array) => void;
}

/** How long (bytes) the properties of CONNACK are that have a fixed length. All others are texts, with two bytes for their length. */
const LENGTHS: Readonly<Record<number, number>> = { 17: 4, 33: 2, 34: 2, 36: 1, 37: 1, 39: 4, 40: 1, 41: 1, 42: 1 };

/** Reasons after which coming back is useless: protocol, client id, name or password, not authorized, banned. */
const FINAL = [1, 2, 4, 5, 0x84, 0x85, 0x86, 0x87, 0x8a];

type Bytes = Readonly<Record<number, number>> & { readonly length: number };

const toNumber = (length: number): number[] =>
  length < 128 ? [length] : [(length & 127) | 128, ...toNumber(length >> 7)];

/** The number of up to `most` bytes that begins at `at`, and where it ends. Infinity: it is none. 0 as its end: it is not whole. */
function numberAt(bytes: Bytes, at: number, most = 4): readonly [value: number, end: number] {
  const byte = bytes[at];
  if (byte === undefined) return [0, 0];
  if (byte < 128) return [byte, at + 1];
  const [value, end] = most > 1 ? numberAt(bytes, at + 1, most - 1) : [Infinity, at];
  return [byte - 128 + 128 * value, end];
}

const uint16At = (bytes: Bytes, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const encoder = new TextEncoder();

/** A text with its length in two bytes. */
const toField = (text: string): number[] => {
  const bytes = encoder.encode(text);
  return [bytes.length >> 8, bytes.length & 255, ...bytes];
};

/** Seconds, as the server wants them: Server Keep Alive among the properties of MQTT 5. */
function serverKeepAlive(connack: Bytes, properties: number): number | undefined {
  let [, at] = numberAt(connack, properties);
  while (at < connack.length) {
    const id = connack[at] ?? 0;
    const value = uint16At(connack, at + 1);
    if (id === 0x13) return value;
    at += 1 + (LENGTHS[id] ?? 2 + value);
    // A user property is two texts.
    if (id === 0x26) at += 2 + uint16At(connack, at);
  }
  return undefined;
}

/**
 * MQTT 3.1.1 and MQTT 5, over WebSocket (mosquitto, EMQX, HiveMQ, aedes, RabbitMQ's Web MQTT). The handshake: this side sends
 * CONNECT, and the connection opens with CONNACK, which `onHandshake` gets: it says whether the server has kept the session. This
 * side then sends PINGREQ, `c0 00`, and the server answers PINGRESP, `d0 00`. A server gives a client up of which it has heard
 * nothing for one and a half `keepAlive`, so a heartbeat goes out after `keepAlive`, or after what a server of MQTT 5 names instead.
 *
 * A frame may hold several packets, or a part of one. The app gets whole packets, one by one, as ArrayBuffers, and sends packets
 * itself: the package `mqtt-packet` makes and reads them, as in the example. It answers PUBLISH with quality 1 or 2, and it
 * subscribes anew on each connection, unless `clean` is false.
 *
 * A refusal after which coming back is useless, as for a wrong password, ends the connection for good (`onFailed`). But if `password`
 * is a function, there will be an attempt with a new one. RabbitMQ (3.10) sends no CONNACK then, but closes with 1002, after which
 * the library comes back, unless 1002 is among `finalCodes`. Not there: a will, properties of CONNECT, and AUTH; an app that needs
 * them brings its own `handshake`.
 *
 * @see https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html
 * @see https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html
 *
 * @example
 * import { Buffer } from 'buffer' // The package of that name: a page has no Buffer of its own, and mqtt-packet wants one.
 * import { generate, parser } from 'mqtt-packet'
 *
 * const packets = parser({ protocolVersion: 4 }).on('packet', (packet) => { if (packet.cmd === 'publish') show(packet) })
 * const { send } = useHeartbeatSocket('wss://mqtt.example', {
 *   ...mqtt({ username, password: () => fetchToken() }),
 *   onConnected: () =>
 *     send(Uint8Array.from(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'news/#', qos: 0 }] }))),
 *   onMessage: (_, { data }) => packets.parse(Buffer.from(data)),
 * })
 */
export function mqtt({
  version = 4,
  clientId = '',
  username,
  password,
  interval,
  keepAlive = Math.max(30, Math.ceil((interval ?? 0) / 1_000)),
  clean = true,
  onHandshake,
  pongTimeout,
}: MqttOptions = {}): CountingPreset {
  return {
    protocols: ['mqtt'],
    binaryType: 'arraybuffer',
    heartbeat() {
      return {
        message: Uint8Array.of(0xc0, 0),
        control: byteStream(
          (bytes) => {
            const [length, end] = numberAt(bytes, 1);
            return end && end + length;
          },
          ({ 0: type, buffer }, frame) => {
            if (type === 0xd0) frame.answer += 1;
            else frame.messages.push(buffer);
          },
        ),
        interval: interval ?? (keepAlive * 1_000 || undefined),
        pongTimeout,
      };
    },
    async handshake({ send, receive, giveUp }) {
      const secret = await valueFrom(password);
      const flags = (username === undefined ? 0 : 128) | (secret === undefined ? 0 : 64) | (clean ? 2 : 0);
      const body = [...toField('MQTT'), version, flags, keepAlive >> 8, keepAlive & 255];
      // Session Expiry Interval: never. Without it a session of MQTT 5 ends with its socket.
      if (version === 5) body.push(...(clean ? [0] : [5, 0x11, 255, 255, 255, 255]));
      for (const text of [clientId, username, secret]) if (text !== undefined) body.push(...toField(text));
      send(Uint8Array.of(0x10, ...toNumber(body.length), ...body));
      const connack = bytesOf(await receive());
      if (connack?.[0] !== 0x20) throw new Error('the server did not say CONNACK');
      const [, at] = numberAt(connack, 1);
      const reason = connack[at + 1] ?? 0;
      if (FINAL.includes(reason) && typeof password !== 'function') giveUp(`CONNACK ${reason}`);
      if (reason) throw new Error(`CONNACK ${reason}`);
      onHandshake?.(connack);
      const seconds = version === 5 && serverKeepAlive(connack, at + 2);
      return { interval: seconds ? Math.min(interval ?? Infinity, seconds * 1_000) : interval };
    },
  };
}
