import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { discord } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { keepsContract, type Step } from './contract';

const hello =
  '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250,"_trace":["[\\"gateway-prd-us-east1-b-0568\\"]"]}}';
const ready =
  '{"t":"READY","s":1,"op":0,"d":{"v":10,"session_id":"1","resume_gateway_url":"wss://gateway.discord.gg"}}';
const ack = '{"t":null,"s":null,"op":11,"d":null}';
const identify: Step = {
  client:
    '{"op":2,"d":{"token":"my_token","intents":513,"properties":{"os":"linux","browser":"my_library","device":"my_library"}}}',
};
const begins: readonly Step[] = [{ server: hello }, identify];
const properties = { os: 'linux', browser: 'my_library', device: 'my_library' };
const make = (figures = {}) => discord({ token: 'my_token', intents: 513, properties, ...figures });

keepsContract({
  name: 'discord()',
  make,
  handshake: [...begins, { server: ready }],
  greeting: [ready],
  interval: 41_250,
  beat: {
    sends: ['{"op":1,"d":1}'],
    answers: () => ack,
    wrong: ['{"op":"11"}', '{"op":0,"t":"MESSAGE_CREATE","s":null,"d":{"op":11}}'],
  },
  serverBeats: [{ says: '{"t":null,"s":null,"op":1,"d":null}', reply: '{"op":1,"d":1}' }],
  hidden: [ack],
  shown: [
    {
      says: [
        '{"op":0,"d":{},"s":42,"t":"GATEWAY_EVENT_NAME"}',
        '{"t":"MESSAGE_CREATE","s":43,"op":0,"d":{"content":"{\\"op\\":11}"}}',
      ],
    },
  ],
  ends: [
    { says: '{"t":null,"s":null,"op":7,"d":null}', reason: 'op 7', comesBack: true },
    { says: '{"t":null,"s":null,"op":9,"d":false}', reason: 'op 9', comesBack: true },
    { says: '{"op":9,"d":true,"s":null,"t":null}', reason: 'op 9', comesBack: true },
  ],
  negotiated: [
    {
      handshake: [{ server: '{"op":10,"d":{"heartbeat_interval":45000}}' }, identify, { server: ready }],
      interval: 45_000,
      pongTimeout: 10_000,
    },
  ],
  refusals: [
    { handshake: [...begins, { server: '{"t":null,"s":null,"op":9,"d":false}' }], comesBack: true },
    { handshake: [...begins, { server: '{"t":null,"s":null,"op":7,"d":null}' }], comesBack: true },
    { handshake: [{ server: 'welcome' }], comesBack: true },
  ],
});

/** A connection to Discord that is open. */
async function opened() {
  const engine = startEngine(make() as object);
  engine.socket.accept();
  for (const says of [hello, ready]) {
    engine.socket.say(says);
    await setImmediate();
  }
  engine.socket.sent.splice(0);
  return engine;
}

test("a heartbeat of discord() names the last dispatch, however long it is, and whatever its fields' order", async () => {
  const { socket, connection } = await opened();
  for (const [says, beat] of [
    [`{"t":"GUILD_CREATE","s":2,"op":0,"d":{"name":"${'x'.repeat(1e6)}"}}`, '{"op":1,"d":2}'],
    [`{"op":0,"d":{"name":"${'x'.repeat(5_000)}"},"s":3,"t":"GUILD_CREATE"}`, '{"op":1,"d":3}'],
    ['{"t":null,"s":null,"op":11,"d":null}', '{"op":1,"d":3}'],
  ] as const) {
    socket.say(says);
    connection.beat();
    expect(socket.sent.splice(0)).toEqual([beat]);
    socket.say(ack);
  }
});

test('discord() beats each heartbeat_interval, whatever else is sent and received', async () => {
  const engine = await opened();
  const { ports, socket, connection } = engine;
  const beats = () => socket.sent.filter((data) => `${data}`.startsWith('{"op":1,'));
  for (let second = 0; second < 45; second += 1) {
    ports.clock.advance(1_000);
    socket.say('{"t":"TYPING_START","s":2,"op":0,"d":{}}');
    connection.send('{"op":3}');
    if (beats().length && second === 42) socket.say(ack);
  }
  expect(beats()).toEqual(['{"op":1,"d":2}']);
  expect(engine.view.phase).toBe('open');
});

test('discord() gives a connection up whose heartbeat is not acknowledged, though events still come', async () => {
  const engine = await opened();
  const { ports, socket } = engine;
  for (let second = 0; second < 55 && engine.view.phase !== 'waiting'; second += 1) {
    ports.clock.advance(1_000);
    socket.say('{"t":"TYPING_START","s":2,"op":0,"d":{}}');
  }
  expect(engine.view.error).toMatchObject({ code: 'silence' });
});

test('discord() answers a heartbeat of the server before Ready, too', async () => {
  const { socket } = startEngine(make() as object);
  socket.accept();
  socket.say(hello);
  await setImmediate();
  socket.say('{"op":1,"d":null}');
  expect(socket.sent.at(-1)).toBe('{"op":1,"d":null}');
});

test('discord() does not come back after a wrong token, and does after an unknown error', async () => {
  for (const [code, phase] of [
    [4004, 'failed'],
    [4014, 'failed'],
    [4000, 'waiting'],
    [4009, 'waiting'],
  ] as const) {
    const engine = await opened();
    engine.socket.end(code);
    expect(engine.view.phase).toBe(phase);
  }
});
