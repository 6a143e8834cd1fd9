/** Phoenix Channels, serializer V2, with the messages of its guide "Writing a Channels Client". */
import { phoenix } from '../../src/heartbeats';
import { keepsContract } from './contract';

const reply = (ref: number): string => `[null,"${ref}","phoenix","phx_reply",{"response":{},"status":"ok"}]`;

keepsContract({
  name: 'phoenix()',
  make: phoenix,
  interval: 30_000,
  beat: {
    sends: [1, 2, 3].map((ref) => `[null,"${ref}","phoenix","heartbeat",{}]`),
    answers: (_, index) => reply(index + 1),
    wrong: [
      reply(2),
      reply(0),
      reply(-1),
      '[null,null,"phoenix","phx_reply",{}]',
      '[null,{},"phoenix","phx_reply",{}]',
      '["1","1","room:lobby","phx_reply",{"response":{},"status":"ok"}]',
      '[null,"1","phoenix","phx_error",{}]',
      '[null,"1","phoenix","heartbeat",{}]',
      '{"topic":"phoenix","event":"phx_reply","payload":{},"ref":"1"}',
    ],
  },
  shown: [
    {
      says: [
        '["3","3","room:lobby","phx_reply",{"status":"ok"}]',
        '[null,null,"room:lobby","new_msg",{"text":"phoenix"}]',
      ],
    },
    { says: `[null,"1","phoenix","phx_reply",{"text":"${'long '.repeat(1_000)}"}]` },
  ],
});
