import { expect, test } from 'vitest';
import { janus } from '../../src/heartbeats';
import { keepsContract, type Step } from './contract';

const T = '"transaction":"vue-heartbeat-socket"';
const begins: Step = { client: `{"janus":"create",${T}}` };
const handshake: readonly Step[] = [
  begins,
  { server: `{\n   "janus": "success",\n   ${T},\n   "data": {\n      "id": 818647816905897\n   }\n}` },
];

keepsContract({
  name: 'janus()',
  make: (figures) => janus({ onHandshake() {}, ...figures }),
  protocols: ['janus-protocol'],
  handshake,
  interval: 25_000,
  beat: {
    sends: [`{"janus":"keepalive","session_id":818647816905897,${T}}`],
    answers: () => `{"janus":"ack","session_id":818647816905897,${T}}`,
    wrong: [
      '{"janus":"ack","session_id":818647816905897,"transaction":"sBJNyUhH6Vc6"}',
      `{"janus":"error","session_id":818647816905897,${T},"error":{"code":458,"reason":"No such session"}}`,
    ],
  },
  shown: [
    {
      says: [
        '{"janus":"timeout","session_id":1815153248}',
        '{"janus":"event","session_id":818647816905897,"sender":1815153248,"transaction":"sBJNyUhH6Vc6"}',
      ],
    },
  ],
  ends: [{ says: '{"janus":"timeout","session_id":818647816905897}', reason: 'timeout', comesBack: true }],
  refusals: [
    {
      handshake: [begins, { server: `{"janus":"error",${T},"error":{"code":403,"reason":"Unauthorized"}}` }],
      comesBack: true,
    },
    { handshake: [begins, { server: `{"janus":"success",${T},"data":{}}` }], comesBack: true },
  ],
});

keepsContract({
  name: 'janus({ token, apisecret })',
  make: (figures) => janus({ onHandshake() {}, token: () => 'a1b2', apisecret: 'rocks', ...figures }),
  protocols: ['janus-protocol'],
  handshake: [{ client: `{"janus":"create",${T},"token":"a1b2","apisecret":"rocks"}` }, handshake[1] as Step],
  interval: 25_000,
  beat: { sends: [`{"janus":"keepalive","session_id":818647816905897,${T},"token":"a1b2","apisecret":"rocks"}`] },
});

test("janus() tells the app the session's id before the connection is open", async () => {
  const ids: number[] = [];
  const { handshake: shake } = janus({ onHandshake: (id) => ids.push(id) });
  await shake?.({
    send() {},
    receive: async () => '{"janus":"success","data":{"id":7}}',
    signal: undefined,
    giveUp() {},
  });
  expect(ids).toEqual([7]);
});
