/** GraphQL over WebSocket, with the messages of its PROTOCOL.md. */
import { expect, test } from 'vitest';
import { graphqlTransportWs } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { keepsContract } from './contract';

const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';
const ACK = '{"type":"connection_ack"}';
const INIT = '{"type":"connection_init"}';

keepsContract({
  name: 'graphqlTransportWs()',
  make: graphqlTransportWs,
  protocols: ['graphql-transport-ws'],
  handshake: [{ client: INIT }, { server: PING }, { client: PONG }, { server: PONG }, { server: ACK }],
  beat: {
    sends: [PING],
    answers: (_, index) => (index % 2 ? PONG : '{"type":"pong","payload":{"load":0.5}}'),
    wrong: [
      '{"id":"1","type":"next","payload":{"type":"pong"}}',
      '{"type":"complete","id":"pong"}',
      '{"payload":"pong"}',
      'pong',
    ],
  },
  serverBeats: [
    { says: PING, reply: PONG },
    { says: '{"type":"ping","payload":{"since":1}}', reply: PONG },
  ],
  shown: [
    { says: '{"id":"1","type":"next","payload":{"data":{"said":"{\\"type\\":\\"ping\\"}"}}}' },
    { says: `{"id":"1","type":"next","payload":{"data":{"ping":"${'pong '.repeat(10_000)}"}}}` },
    { says: ['{"id":"1","type":"complete"}', '{"id":"1","type":"error","payload":[]}', 'ping', '["ping"]'] },
  ],
  negotiated: [
    {
      handshake: [
        { client: INIT },
        { server: `{"type":"connection_ack","payload":{"roles":"${'admin,'.repeat(1_000)}"}}` },
      ],
      interval: 10_000,
      pongTimeout: 10_000,
    },
  ],
  refusals: [
    { handshake: [{ client: INIT }, { server: '{"type":"connection_error"}' }], comesBack: true },
    { handshake: [{ client: INIT }, { server: '{"id":"1","type":"next","payload":{}}' }], comesBack: true },
  ],
});

keepsContract({
  name: 'graphqlTransportWs({ payload })',
  make: (figures) => graphqlTransportWs({ ...figures, payload: { token: 'abc' } }),
  protocols: ['graphql-transport-ws'],
  handshake: [{ client: '{"type":"connection_init","payload":{"token":"abc"}}' }, { server: ACK }],
  beat: { sends: [PING], answers: () => PONG },
});

keepsContract({
  name: 'graphqlTransportWs() with a payload that has to be fetched',
  make: (figures) => graphqlTransportWs({ ...figures, payload: async () => ({ token: 'abc' }) }),
  protocols: ['graphql-transport-ws'],
  handshake: [{ client: '{"type":"connection_init","payload":{"token":"abc"}}' }, { server: ACK }],
  beat: { sends: [PING], answers: () => PONG },
});

test('the app gets the payload of the acknowledgement before it is connected', async () => {
  const log: unknown[] = [];
  const { protocols: _, ...options } = graphqlTransportWs({ onHandshake: (payload) => log.push(payload) });
  const engine = startEngine({ ...options, listener: { onConnected: () => log.push('connected') } });
  engine.socket.accept();
  engine.socket.say('{"type":"connection_ack","payload":{"user":"Ann"}}');
  await expect.poll(() => log).toEqual([{ user: 'Ann' }, 'connected']);
});

test('a payload that cannot be fetched is a failed attempt, after which another one is made', async () => {
  const { protocols: _, ...options } = graphqlTransportWs({ payload: () => Promise.reject(new Error('no token')) });
  const engine = startEngine(options);
  engine.ports.random = 0.5;
  engine.socket.accept();
  await expect.poll(() => engine.view.phase).toBe('waiting');
  expect(engine.view.error).toMatchObject({ code: 'handshake', cause: { message: 'no token' } });
});
