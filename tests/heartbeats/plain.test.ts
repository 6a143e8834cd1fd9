/** Servers without a protocol of their own around the heartbeat: a text, or a bit of JSON. */
import { textPing } from '../../src/heartbeats';
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
