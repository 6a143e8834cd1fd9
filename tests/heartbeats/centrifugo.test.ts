/** Centrifugo's bidirectional protocol as JSON. */
import { expect, test } from 'vitest';
import { centrifugo } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { keepsContract } from './contract';

const CONNECT = '{"id":1,"connect":{}}';
const CONNECTED = '{"id":1,"connect":{"client":"9f6d","version":"5.0.0","ping":25,"pong":true}}';
const CONNECTED_WITHOUT_PONG = '{"id":1,"connect":{"client":"9f6d","version":"5.0.0","ping":10}}';
const PUSH = '{"push":{"channel":"news","pub":{"data":{"text":"{}"},"offset":1}}}';
const error = (code: number, temporary?: boolean): string =>
  JSON.stringify({ id: 1, error: { code, message: 'refused', temporary } });

keepsContract({
  name: 'centrifugo() of a server that wants an answer to each heartbeat',
  make: centrifugo,
  handshake: [{ client: CONNECT }, { server: CONNECTED }],
  interval: 25_000,
  serverBeats: [{ says: '{}', reply: '{}' }],
  hidden: ['', '\n'],
  shown: [
    {
      says: [PUSH, `{"id":2,"subscribe":{}}\n${PUSH}`, `${PUSH}\n`],
      messages: [PUSH, '{"id":2,"subscribe":{}}', PUSH, PUSH],
    },
    { says: ['{"id":2,"error":{"code":103,"message":"permission denied"}}', ' {}', '{ }', '{"a":{}}', '[]'] },
    { says: new TextEncoder().encode('{}') },
  ],
  negotiated: [
    { handshake: [{ client: CONNECT }, { server: CONNECTED_WITHOUT_PONG }], interval: 10_000, pongTimeout: 10_000 },
    { handshake: [{ client: CONNECT }, { server: `\n${CONNECTED}\n` }], interval: 25_000, pongTimeout: 10_000 },
  ],
  refusals: [
    { handshake: [{ client: CONNECT }, { server: error(101) }], comesBack: true },
    { handshake: [{ client: CONNECT }, { server: error(109) }], comesBack: true },
    { handshake: [{ client: CONNECT }, { server: error(100, true) }], comesBack: true },
    { handshake: [{ client: CONNECT }, { server: PUSH }], comesBack: true },
  ],
});

keepsContract({
  name: 'centrifugo({ token, data }) of a server that wants no answer',
  make: (figures) => centrifugo({ ...figures, token: async () => 'abc', data: { room: 1 } }),
  handshake: [
    { client: '{"id":1,"connect":{"token":"abc","data":{"room":1}}}' },
    { server: `${CONNECTED_WITHOUT_PONG}\n{}` },
  ],
  interval: 10_000,
  serverBeats: [{ says: '{}' }],
  hidden: ['', '\n', '{}\n{}'],
});

test('a heartbeat beside messages is answered, and the messages reach the app in order', async () => {
  const engine = startEngine(centrifugo());
  engine.socket.accept();
  engine.socket.say(CONNECTED);
  await expect.poll(() => engine.view.phase).toBe('open');
  engine.socket.say(`${PUSH}\n{}\n{"id":2,"subscribe":{}}`);
  await expect.poll(() => engine.received).toEqual([PUSH, '{"id":2,"subscribe":{}}']);
  expect(engine.socket.sent.slice(1)).toEqual(['{}']);
});

test('what comes in one frame with the answer of the handshake reaches the app', async () => {
  const replies: unknown[] = [];
  const engine = startEngine(centrifugo({ onHandshake: (reply) => replies.push(reply) }));
  engine.socket.accept();
  engine.socket.say(`${CONNECTED}\n${PUSH}`);
  await expect.poll(() => engine.received).toEqual([PUSH]);
  expect(replies).toEqual([{ client: '9f6d', version: '5.0.0', ping: 25, pong: true }]);
});

test('a server that sends no heartbeats may be silent', async () => {
  const engine = startEngine(centrifugo());
  engine.socket.accept();
  engine.socket.say('{"id":1,"connect":{"client":"9f6d"}}');
  await expect.poll(() => engine.view.phase).toBe('open');
  engine.ports.clock.advance(3_600_000);
  expect(engine.view.phase).toBe('open');
});

test('close codes from 3500 to 3999 and from 4500 to 4999 are final, in the handshake and later', async () => {
  for (const [code, phase] of [
    [3500, 'failed'],
    [3999, 'failed'],
    [4500, 'failed'],
    [4999, 'failed'],
    [3499, 'waiting'],
    [4000, 'waiting'],
    [4499, 'waiting'],
    [1006, 'waiting'],
  ] as const) {
    for (const isOpen of [true, false]) {
      const engine = startEngine(centrifugo());
      engine.ports.random = 0.5;
      engine.socket.accept();
      if (isOpen) engine.socket.say(CONNECTED);
      await expect.poll(() => engine.view.phase).toBe(isOpen ? 'open' : 'connecting');
      engine.socket.end(code);
      expect([code, engine.view.phase]).toEqual([code, phase]);
    }
  }
});
