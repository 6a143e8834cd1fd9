import { expect, test } from 'vitest';
import { homeAssistant } from '../../src/heartbeats';
import { keepsContract, type Step } from './contract';

const begins: readonly Step[] = [
  { server: '{"type":"auth_required","ha_version":"2021.5.3"}' },
  { client: '{"type":"auth","access_token":"ABCDEFGH"}' },
];

const handshake: readonly Step[] = [...begins, { server: '{"type":"auth_ok","ha_version":"2021.5.3"}' }];

keepsContract({
  name: 'homeAssistant()',
  make: (figures) => homeAssistant({ token: async () => 'ABCDEFGH', nextId: () => 19, ...figures }),
  handshake,
  beat: {
    sends: ['{"id":19,"type":"ping"}'],
    answers: () => '{"id":19,"type":"pong"}',
    wrong: [
      '{"type":"pong"}',
      '{"id":"19","type":"pong"}',
      '{"id":19,"type":"result","success":false,"error":{"code":"id_reuse","message":"Identifier values have to increase."}}',
      '{"id":18,"type":"event","event":{"type":"pong"}}',
    ],
  },
  hidden: ['{"id":18,"type":"pong"}'],
  shown: [{ says: ['{"id":18,"type":"result","success":true,"result":null}', '{"type":"auth_required"}'] }],
  refusals: [
    { handshake: [...begins, { server: '{"type":"auth_invalid","message":"Invalid password"}' }], comesBack: false },
    { handshake: [...begins, { server: '{"type":"event"}' }], comesBack: true },
    { handshake: [{ server: '{"type":"auth_ok"}' }], comesBack: true },
  ],
});

test('app and heartbeat of homeAssistant() count together', () => {
  let id = 0;
  const { message } = homeAssistant({ token: 't', nextId: () => ++id }).heartbeat;
  const beat = message as () => unknown;
  expect([beat(), ++id, beat()]).toEqual(['{"id":1,"type":"ping"}', 2, '{"id":3,"type":"ping"}']);
});
