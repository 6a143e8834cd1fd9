/** NATS, with what nats-server 2.9.10 says. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nats } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { keepsContract, type Step } from './contract';

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).slice().buffer;

const INFO =
  'INFO {"server_id":"NCX5","version":"2.9.10","proto":1,"headers":true,"max_payload":1048576,"client_id":4,"client_ip":"127.0.0.1"} \r\n';
const info: Step = { server: bytes(INFO) };
const connect = (more = ''): Step => ({
  client: `CONNECT {"verbose":false,"pedantic":false,"lang":"js","protocol":1,"headers":true${more}}\r\nPING\r\n`,
});
const handshake: readonly Step[] = [info, connect(), { server: bytes('PONG\r\n') }];

const MSG = 'MSG FOO.BAR 9 11\r\nHello World\r\n';
const HMSG = 'HMSG FOO.BAR 9 BAZ.69 34 45\r\nNATS/1.0\r\nFoodGroup: vegetable\r\n\r\nHello World\r\n';
const LOOKS_ALIKE = 'MSG FOO 9 12\r\nPING\r\nPONG\r\n\r\n';
const lookalikes = [MSG, HMSG, LOOKS_ALIKE, 'MSG FOO 9 reply 0\r\n\r\n', 'MSG FOO 9 4\r\n€!\r\n'];

keepsContract({
  name: 'nats()',
  make: nats,
  isStream: true,
  handshake,
  beat: {
    sends: ['PING\r\n'],
    answers: () => bytes('PONG\r\n'),
  },
  serverBeats: [{ says: bytes('PING\r\n'), reply: 'PONG\r\n' }],
  hidden: [bytes('+OK\r\n'), bytes(''), bytes('PO')],
  shown: [
    { says: lookalikes.map(bytes), messages: lookalikes },
    { says: bytes(lookalikes.join('')), messages: lookalikes },
    { says: [...lookalikes.join('')].map(bytes), messages: lookalikes },
    { says: bytes(`PONG\r\n${MSG}+OK\r\n${HMSG}PONG\r\n`), messages: [MSG, HMSG] },
    {
      says: [bytes('MSG FOO.BAR 9 11\r\nHello'), bytes(' World\r\nMSG F'), bytes('OO 9 1\r\nx\r\n')],
      messages: [MSG, 'MSG FOO 9 1\r\nx\r\n'],
    },
    {
      says: bytes(INFO.replace('"proto"', '"ldm":true,"proto"')),
      messages: [INFO.replace('"proto"', '"ldm":true,"proto"')],
    },
    { says: bytes("-ERR 'Stale Connection'\r\n"), messages: ["-ERR 'Stale Connection'\r\n"] },
    { says: 'a text, which NATS never sends' },
  ],
  refusals: [
    { handshake: [info, connect(), { server: bytes("-ERR 'Authorization Violation'\r\n") }], comesBack: false },
    { handshake: [info, connect(), { server: bytes("-ERR 'maximum connections exceeded'\r\n") }], comesBack: true },
    { handshake: [{ server: bytes('PONG\r\n') }], comesBack: true },
  ],
});

keepsContract({
  name: 'nats({ user, pass, name }), and the server tells more before it answers',
  make: (figures) => nats({ user: 'derek', pass: 's3cr3t', name: 'page', echo: false, ...figures }),
  isStream: true,
  handshake: [
    { server: bytes(INFO.slice(0, 9)) },
    { server: bytes(INFO.slice(9)) },
    connect(',"user":"derek","pass":"s3cr3t","name":"page","echo":false'),
    { server: bytes(`+OK\r\n${INFO}`) },
    { server: bytes(`PONG\r\n`) },
  ],
  beat: { sends: ['PING\r\n'], answers: () => bytes('PONG\r\n') },
});

keepsContract({
  name: 'nats({ token: () => .., binary })',
  make: (figures) => nats({ token: async () => 'secret', binary: true, ...figures }),
  isStream: true,
  handshake: [info, connect(',"auth_token":"secret"'), { server: bytes('PONG\r\n') }],
  beat: { sends: ['PING\r\n'], answers: () => bytes('PONG\r\n') },
  shown: [{ says: bytes(`${MSG}${HMSG}PONG\r\n${INFO}`), messages: [MSG, HMSG, INFO].map(bytes) }],
  refusals: [
    {
      handshake: [info, connect(',"auth_token":"secret"'), { server: bytes("-ERR 'Authorization Violation'\r\n") }],
      comesBack: true,
    },
  ],
});

/** A connection that is open. */
async function opened(options?: Parameters<typeof nats>[0]) {
  const engine = startEngine(nats(options) as object);
  engine.socket.accept();
  for (const says of [INFO, 'PONG\r\n']) {
    engine.socket.say(bytes(says));
    await setImmediate();
  }
  engine.socket.sent.splice(0);
  return engine;
}

test('nats() tells the app what the server has said of itself, the last time before the connection is open', async () => {
  const infos: unknown[] = [];
  const engine = startEngine(nats({ onHandshake: (about) => infos.push(about) }) as object);
  engine.socket.accept();
  for (const says of [INFO, INFO.replace('"proto"', '"connect_urls":["10.0.0.1:9222"],"proto"'), 'PONG\r\n']) {
    expect(infos).toEqual([]);
    engine.socket.say(bytes(says));
    await setImmediate();
  }
  expect(infos).toEqual([expect.objectContaining({ connect_urls: ['10.0.0.1:9222'], max_payload: 1_048_576 })]);
});

test('several pings and pongs in one frame of NATS all count', async () => {
  const engine = await opened();
  const { socket, connection, ports } = engine;
  connection.beat();
  connection.beat();
  socket.say(bytes('PING\r\nPONG\r\nPING\r\nPONG\r\n'));
  expect(socket.sent).toEqual(['PING\r\n', 'PING\r\n', 'PONG\r\nPONG\r\n']);
  ports.clock.advance(1_000);
  connection.beat();
  ports.clock.advance(20);
  socket.say(bytes('PONG\r\n'));
  expect(engine.view).toMatchObject({ phase: 'open', latency: 20 });
});

test('the parser of nats() keeps no more than the payload that the server allows', async () => {
  const { socket, received } = await opened();
  const endless = `MSG FOO 9 1048577\r\n${'x'.repeat(10_000)}`;
  socket.say(bytes(INFO.replace('1048576', '5000')));
  received.splice(0);
  socket.say(bytes(endless));
  expect(received).toEqual([endless]);
  socket.say(bytes('x'.repeat(20_000)));
  expect(received).toHaveLength(2);
  socket.say(bytes(MSG));
  expect(received[2]).toBe(MSG);
});

test('nats() comes back after 1008, which NATS also says to a page that has read too slowly', async () => {
  const engine = await opened();
  engine.socket.end(1008, 'Slow Consumer (Pending Bytes)');
  expect(engine.view.phase).toBe('waiting');
});
