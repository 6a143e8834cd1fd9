/** MQTT, with what mosquitto 2.0.11 and aedes 1.2.0 say. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mqtt } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { hex, keepsContract, type Step } from './contract';

const CONNECT_4 = '100c00044d5154540402001e0000';
const CONNECT_5 = '100d00044d5154540502001e000000';
const SUBACK = '9003000100';
const PUBLISH = '300800016168656c6c6f';
/** 321 bytes, most of which look like PINGRESP. */
const LONG = `30be02000161${'d000'.repeat(157)}ff`;
const shaken = (connect: string, connack: string): readonly Step[] => [
  { client: hex(connect) },
  { server: hex(connack) },
];
const refused = (connect: string, connack: string, comesBack: boolean) => ({
  handshake: shaken(connect, connack),
  comesBack,
});

keepsContract({
  name: 'mqtt()',
  make: mqtt,
  protocols: ['mqtt'],
  isStream: true,
  handshake: shaken(CONNECT_4, '20020000'),
  interval: 30_000,
  beat: { sends: [hex('c000')], answers: () => hex('d000') },
  hidden: [hex(''), hex('30'), hex('3008'), hex('3008000161')],
  shown: [
    { says: [hex(SUBACK), hex(PUBLISH), hex(LONG), hex('c000')] },
    { says: hex(SUBACK + PUBLISH + LONG), messages: [hex(SUBACK), hex(PUBLISH), hex(LONG)] },
    { says: hex(`d000${PUBLISH}d000d000${PUBLISH}`), messages: [hex(PUBLISH), hex(PUBLISH)] },
    { says: (PUBLISH + LONG).match(/../g)?.map(hex) ?? [], messages: [hex(PUBLISH), hex(LONG)] },
    {
      says: [hex(`${PUBLISH}30`), hex('be'), hex(LONG.slice(4, 100)), hex(`${LONG.slice(100)}d0`), hex('00')],
      messages: [hex(PUBLISH), hex(LONG)],
    },
    { says: ['d000', '\xd0\0', 'a text, which MQTT never sends'] },
    // No packet is as long as this one says.
    { says: hex('30ffffffffff'), messages: [hex('30ffffffffff')] },
  ],
  refusals: [
    refused(CONNECT_4, '20020001', false),
    refused(CONNECT_4, '20020002', false),
    refused(CONNECT_4, '20020003', true),
    refused(CONNECT_4, '20020004', false),
    refused(CONNECT_4, '20020005', false),
    refused(CONNECT_4, '9003000100', true),
    refused(CONNECT_4, '30ffffffffff', true),
  ],
});

keepsContract({
  name: 'mqtt(), and the server says CONNACK in four frames of one byte',
  make: mqtt,
  protocols: ['mqtt'],
  isStream: true,
  handshake: [{ client: hex(CONNECT_4) }, ...['20', '02', '00', '00'].map((byte) => ({ server: hex(byte) }))],
  interval: 30_000,
  beat: { sends: [hex('c000')], answers: () => hex('d000') },
});

keepsContract({
  name: 'mqtt({ version: 5 })',
  make: (figures) => mqtt({ version: 5, ...figures }),
  protocols: ['mqtt'],
  isStream: true,
  handshake: shaken(CONNECT_5, '200900000622000a210014'),
  interval: 30_000,
  beat: { sends: [hex('c000')], answers: () => hex('d000') },
  negotiated: [
    // Server Keep Alive: 10 s, between other properties.
    { handshake: shaken(CONNECT_5, '200c00000922000a13000a210014'), interval: 10_000, pongTimeout: 10_000 },
    // After properties of each kind of length, and texts in which it seems to stand, too.
    {
      handshake: shaken(
        CONNECT_5,
        '202c000029' +
          '1100000013' +
          '2401' +
          '2501' +
          '260002130000020013' +
          '1200021301' +
          '2700001301' +
          '2801' +
          '1f000113' +
          '29012a01' +
          '130005',
      ),
      interval: 5_000,
      pongTimeout: 10_000,
    },
    { handshake: shaken(CONNECT_5, '2003000000'), interval: 30_000, pongTimeout: 10_000 },
    { handshake: shaken(CONNECT_5, '20020000'), interval: 30_000, pongTimeout: 10_000 },
    { handshake: shaken(CONNECT_5, '2006000003130000'), interval: 30_000, pongTimeout: 10_000 },
  ],
  refusals: [
    refused(CONNECT_5, '2003008700', false),
    refused(CONNECT_5, '2003008600', false),
    refused(CONNECT_5, '2003008900', true),
    refused(CONNECT_5, '2003009f00', true),
  ],
});

keepsContract({
  name: 'mqtt({ clientId, username, password, keepAlive, clean })',
  make: (figures) =>
    mqtt({ clientId: 'main', username: 'ürl', password: async () => 'pü', keepAlive: 60, clean: false, ...figures }),
  protocols: ['mqtt'],
  isStream: true,
  handshake: shaken('101b00044d51545404c0003c00046d61696e0004c3bc726c000370c3bc', '20020100'),
  interval: 60_000,
  beat: { sends: [hex('c000')], answers: () => hex('d000') },
  refusals: [refused('101b00044d51545404c0003c00046d61696e0004c3bc726c000370c3bc', '20020005', true)],
});

test('mqtt() sends a long token whole', async () => {
  const { socket } = startEngine(mqtt({ username: '', password: 'x'.repeat(20_000) }) as object);
  socket.accept();
  await setImmediate();
  const [connect] = socket.sent as Uint8Array[];
  // 10 bytes of its own, and three texts with two bytes for their length: 20,016 bytes.
  expect([...(connect?.slice(0, 4) ?? [])]).toEqual([0x10, 0xb0, 0x9c, 0x01]);
  expect(connect).toHaveLength(20_016 + 4);
});

test('mqtt() tells the app whether the server has kept the session', async () => {
  const told: unknown[] = [];
  const { socket } = startEngine(mqtt({ onHandshake: (connack) => told.push(connack) }) as object);
  socket.accept();
  await setImmediate();
  socket.say(hex('20020100'));
  await setImmediate();
  expect(told).toEqual([Uint8Array.of(0x20, 2, 1, 0)]);
});

test('mqtt() with a keepAlive of 0 beats as the library does', () => {
  const { heartbeat } = mqtt({ keepAlive: 0 });
  expect(heartbeat().interval).toBeUndefined();
});

test('mqtt({ version: 5, clean: false }) asks for a session that outlives the socket', async () => {
  const { socket } = startEngine(mqtt({ version: 5, clientId: 'main', clean: false }) as object);
  socket.accept();
  await setImmediate();
  // Session Expiry Interval: never. Without it the server of MQTT 5 forgets the subscriptions with the socket.
  expect(socket.sent).toEqual([new Uint8Array(hex('101600044d5154540500001e0511ffffffff00046d61696e'))]);
});

test('mqtt() with rarer heartbeats tells the server, which would give the client up between two of them', async () => {
  const { socket } = startEngine(mqtt({ interval: 59_500 }) as object);
  socket.accept();
  await setImmediate();
  expect(socket.sent).toEqual([new Uint8Array(hex('100c00044d5154540402003c0000'))]);
});

test('mqtt({ version: 5, interval }) beats sooner than it was told where the server asks for that', async () => {
  const engine = startEngine(mqtt({ version: 5, interval: 60_000 }) as object);
  engine.socket.accept();
  await setImmediate();
  engine.socket.say(hex('2006000003130005'));
  await setImmediate();
  engine.ports.clock.advance(5_000);
  expect(engine.socket.sent.slice(1)).toEqual([Uint8Array.of(0xc0, 0)]);
});
