/** Action Cable, with the messages that Rails 6.1 sends. */
import { actionCable } from '../../src/heartbeats';
import { keepsContract } from './contract';

const PING = '{"type":"ping","message":1764158400}';
const disconnect = (reconnect: boolean): string =>
  JSON.stringify({ type: 'disconnect', reason: 'unauthorized', reconnect });

keepsContract({
  name: 'actionCable()',
  make: actionCable,
  protocols: ['actioncable-v1-json'],
  handshake: [{ server: PING }, { server: '{"type":"welcome"}' }],
  interval: 3_000,
  pongTimeout: 3_000,
  serverBeats: [{ says: PING }],
  shown: [
    {
      says: [
        '{"identifier":"{\\"channel\\":\\"A\\"}","message":{"type":"ping"}}',
        'ping',
        '["ping"]',
        '{"message":"ping"}',
      ],
    },
    {
      says: ['{"identifier":"{\\"channel\\":\\"A\\"}","type":"confirm_subscription"}', '{"type":"welcome"}'],
    },
  ],
  ends: [
    {
      says: '{"type":"disconnect","reason":"server_restart","reconnect":true}',
      reason: 'server_restart',
      comesBack: true,
    },
    { says: '{"type":"disconnect","reason":"remote","reconnect":false}', reason: 'remote', comesBack: false },
    { says: '{"type":"disconnect","reason":null,"reconnect":true}', reason: 'closed: 1012', comesBack: true },
    {
      says: '{"type":"disconnect","reason":{"a":1},"reconnect":false}',
      reason: '1008 [object Object]',
      comesBack: false,
    },
    { says: '{"type":"disconnect"}', reason: 'closed: 1012', comesBack: true },
  ],
  negotiated: [{ handshake: [{ server: '{"type":"welcome","sid":"x"}' }], interval: 3_000, pongTimeout: 3_000 }],
  refusals: [
    { handshake: [{ server: disconnect(false) }], comesBack: false },
    { handshake: [{ server: disconnect(true) }], comesBack: true },
    { handshake: [{ server: '{"type":"disconnect"}' }], comesBack: true },
    { handshake: [{ server: '{"type":"confirm_subscription","reconnect":false}' }], comesBack: true },
  ],
});
