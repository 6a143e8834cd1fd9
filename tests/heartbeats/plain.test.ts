/** Servers without a protocol of their own around the heartbeat: a text, or a bit of JSON. */
import { jsonPing, textPing } from '../../src/heartbeats';
import { keepsContract } from './contract';

keepsContract({
  name: 'textPing()',
  make: (figures) => textPing(undefined, undefined, figures),
  beat: {
    sends: ['ping'],
    answers: () => 'pong',
    wrong: ['PONG', 'pong ', 'pong\n', ' pong', 'ping', '"pong"', 'who said pong?', ''],
  },
  shown: [{ says: ['ping', 'a pong for you', 'pingpong', ''] }],
});

keepsContract({
  name: "textPing('PING', 'PONG')",
  make: (figures) => textPing('PING', 'PONG', figures),
  beat: { sends: ['PING'], answers: () => 'PONG', wrong: ['pong'] },
});

keepsContract({
  name: "jsonPing('type')",
  make: (figures) => jsonPing(undefined, figures),
  beat: {
    sends: ['{"type":"ping"}'],
    answers: (_, index) =>
      ['{"type":"pong"}', '{"type":"pong","ts":1700000000}', '{ "id": 7, "type": "pong" }'][index % 3] as string,
    wrong: [
      '{"type":"pongs"}',
      '{"type":["pong"]}',
      '["pong"]',
      '"pong"',
      'pong',
      '{"text":"{\\"type\\":\\"pong\\"}"}',
      '{"event":"pong"}',
    ],
  },
  serverBeats: [
    { says: '{"type":"ping"}', reply: '{"type":"pong"}' },
    { says: ' { "type" : "ping" } ', reply: '{"type":"pong"}' },
  ],
  shown: [
    { says: ['{"type":"ping","to":"Ann"}', '{"type":"PING"}', '{"kind":"ping"}', 'ping', '[{"type":"ping"}]'] },
    { says: `{"type":"pong","text":"${'long '.repeat(1_000)}"}` },
    { says: new TextEncoder().encode('{"type":"pong"}') },
  ],
});

keepsContract({
  name: "jsonPing('event')",
  make: (figures) => jsonPing('event', figures),
  beat: { sends: ['{"event":"ping"}'], answers: () => '{"event":"pong"}', wrong: ['{"type":"pong"}'] },
  serverBeats: [{ says: '{"event":"ping"}', reply: '{"event":"pong"}' }],
});
