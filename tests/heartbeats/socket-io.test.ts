/** Engine.IO 4 and Socket.IO 5, with the packets of their specifications. */
import { expect, test } from 'vitest';
import { engineIo, socketIo } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { keepsContract, type Step } from './contract';

/** The example of the specification. */
const OPEN =
  '0{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
const QUICK = '0{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}';
const CONNECTED = '40{"sid":"wZX3oN0bSVIhsaknAAAI"}';

keepsContract({
  name: 'engineIo()',
  make: engineIo,
  handshake: [{ server: OPEN }],
  interval: 25_000,
  pongTimeout: 20_000,
  serverBeats: [{ says: '2', reply: '3' }],
  shown: [
    { says: ['4hello', '4', '42', '2probe', '3', '22', ' 2', '4{"2":2}', 'bAQIDBA=='] },
    { says: new Uint8Array([50]) },
  ],
  negotiated: [
    { handshake: [{ server: QUICK }], interval: 300, pongTimeout: 200 },
    { handshake: [{ server: '2' }, { client: '3' }, { server: QUICK }], interval: 300, pongTimeout: 200 },
  ],
  refusals: [
    { handshake: [{ server: '4hello' }], comesBack: true },
    { handshake: [{ server: '0' }], comesBack: true },
    { handshake: [{ server: '0{"sid":"lv_VI97HAXpY6yYWAAAB"}' }], comesBack: true },
    { handshake: [{ server: '{"code":0,"message":"Transport unknown"}' }], comesBack: true },
  ],
});

const socketIoContract = (
  name: string,
  options: Parameters<typeof socketIo>[0],
  connect: string,
  steps: Step[],
): void =>
  keepsContract({
    name,
    make: (figures) => socketIo({ ...options, ...figures }),
    handshake: [{ server: OPEN }, { client: connect }, ...steps],
    interval: 25_000,
    pongTimeout: 20_000,
    serverBeats: [{ says: '2', reply: '3' }],
    shown: [{ says: ['42["hello",1]', '42["2"]', '41', '44{"message":"late"}', '40{"sid":"again"}', '43/admin,1[]'] }],
    negotiated: [
      { handshake: [{ server: QUICK }, { client: connect }, ...steps], interval: 300, pongTimeout: 200 },
      {
        handshake: [{ server: QUICK }, { client: connect }, { server: '2' }, { client: '3' }, ...steps],
        interval: 300,
        pongTimeout: 200,
      },
    ],
    refusals: [
      {
        handshake: [{ server: OPEN }, { client: connect }, { server: '44{"message":"Not authorized"}' }],
        comesBack: true,
      },
      {
        handshake: [{ server: OPEN }, { client: connect }, { server: '44/admin,{"message":"Invalid"}' }],
        comesBack: true,
      },
      { handshake: [{ server: OPEN }, { client: connect }, { server: '42["early"]' }], comesBack: true },
      { handshake: [{ server: CONNECTED }], comesBack: true },
    ],
  });

socketIoContract('socketIo()', {}, '40', [{ server: CONNECTED }]);
socketIoContract('socketIo({ auth })', { auth: { token: '123' } }, '40{"token":"123"}', [{ server: CONNECTED }]);
socketIoContract(
  'socketIo({ auth, namespace })',
  { auth: async () => ({ token: '123' }), namespace: '/admin' },
  '40/admin,{"token":"123"}',
  [{ server: '40/admin,{"sid":"oSO0OpakMV_3jnilAAAA"}' }],
);
socketIoContract('socketIo({ namespace })', { namespace: '/admin' }, '40/admin,', [
  { server: '40/admin,{"sid":"oSO0"}' },
]);

test('the app gets the sid, and why a middleware refused it', async () => {
  const replies: unknown[] = [];
  const engine = startEngine(socketIo({ onHandshake: (reply) => replies.push(reply) }));
  engine.ports.random = 0.5;
  engine.socket.accept();
  engine.socket.say(OPEN);
  engine.socket.say(CONNECTED);
  await expect.poll(() => engine.view.phase).toBe('open');
  expect(replies).toEqual([{ sid: 'wZX3oN0bSVIhsaknAAAI' }]);
  engine.connection.open();
  engine.socket.accept();
  engine.socket.say(OPEN);
  engine.socket.say('44{"message":"Not authorized","data":{"code":1}}');
  await expect.poll(() => engine.view.phase).toBe('waiting');
  expect(engine.view.error).toMatchObject({ code: 'handshake', cause: { message: 'received Not authorized' } });
});
