/** tRPC 11 over WebSocket. */
import { trpc } from '../../src/heartbeats';
import { keepsContract } from './contract';

keepsContract({
  name: 'trpc()',
  make: trpc,
  beat: {
    sends: ['PING'],
    answers: () => 'PONG',
    wrong: ['pong', '"PONG"', 'PONG ', '{"id":1,"result":{"type":"data","data":"PONG"}}'],
  },
  serverBeats: [{ says: 'PING', reply: 'PONG' }],
  shown: [
    { says: ['{"id":1,"result":{"type":"data","data":"PING"}}', 'ping', '"PING"', '{"id":null,"method":"reconnect"}'] },
  ],
});

const CONNECTION_PARAMS = '{"method":"connectionParams","data":{"token":"abc"}}';

keepsContract({
  name: 'trpc({ connectionParams })',
  make: (figures) => trpc({ ...figures, connectionParams: { token: 'abc' } }),
  handshake: [{ client: CONNECTION_PARAMS }],
  beat: { sends: ['PING'], answers: () => 'PONG' },
});

keepsContract({
  name: 'trpc() with connectionParams that have to be fetched',
  make: (figures) => trpc({ ...figures, connectionParams: async () => ({ token: 'abc' }) }),
  handshake: [{ client: CONNECTION_PARAMS }],
  beat: { sends: ['PING'], answers: () => 'PONG' },
});

keepsContract({
  name: 'trpc() of a user who is not logged in',
  make: (figures) => trpc({ ...figures, connectionParams: null }),
  handshake: [{ client: '{"method":"connectionParams","data":null}' }],
  beat: { sends: ['PING'], answers: () => 'PONG' },
});
