import { expect, test } from 'vitest';
import { mattermost } from '../../src/heartbeats';
import { keepsContract, type Step } from './contract';

const challenge: Step = {
  client: '{"seq":1,"action":"authentication_challenge","data":{"token":"mattermosttokengoeshere"}}',
};
const hello =
  '{"event":"hello","data":{"connection_id":"8kxuhhygrfgxbqs8uwyq4u7hho","server_version":"9.5.0"},"broadcast":{"user_id":"ay5sq51sebfh58ktrce5ijtcwy"},"seq":0}';
const reply = '{"status":"OK","seq_reply":1}';
const pong = (seq: number) =>
  `{"status":"OK","data":{"node_id":"","server_time":1700000000000,"text":"pong","version":"9.5.0"},"seq_reply":${seq}}`;

keepsContract({
  name: 'mattermost({ token })',
  make: (figures) => mattermost({ token: 'mattermosttokengoeshere', ...figures }),
  handshake: [challenge, { server: hello }],
  greeting: [hello],
  beat: {
    sends: ['{"seq":2,"action":"ping"}', '{"seq":3,"action":"ping"}', '{"seq":4,"action":"ping"}'],
    answers: (_, index) => pong(index + 2),
    wrong: [
      '{"status":"OK","seq_reply":2}',
      '{"status":"OK","data":{"text":"pang"},"seq_reply":2}',
      '{"status":"FAIL","error":{"id":"api.web_socket_router.not_authenticated.app_error"},"seq_reply":2}',
      '{"event":"posted","data":{"text":"pong"},"seq":2}',
    ],
  },
  hidden: [reply],
  shown: [
    { says: [reply, reply], messages: [reply] },
    { says: [hello, '{"event":"typing","data":{"user_id":"u"},"broadcast":{},"seq":1}'] },
  ],
  refusals: [
    { handshake: [challenge, { server: '{"status":"FAIL","error":{"id":"x"},"seq_reply":1}' }], comesBack: true },
  ],
});

keepsContract({
  name: 'mattermost({ token }), and the answer comes before hello',
  make: (figures) => mattermost({ token: async () => 'mattermosttokengoeshere', ...figures }),
  handshake: [challenge, { server: reply }],
  beat: { sends: [2, 3, 4].map((seq) => `{"seq":${seq},"action":"ping"}`), answers: (_, index) => pong(index + 2) },
  shown: [{ says: [hello, reply] }],
});

keepsContract({
  name: 'mattermost(), with a cookie',
  make: mattermost,
  beat: { sends: [2, 3, 4].map((seq) => `{"seq":${seq},"action":"ping"}`), answers: (_, index) => pong(index + 2) },
  shown: [{ says: [hello, reply] }],
});

test('mattermost() without a token has no handshake', () => {
  expect(mattermost()).not.toHaveProperty('handshake');
});
