/** SockJS, with the frames of the protocol 0.3.3. */
import { sockJs } from '../../src/heartbeats';
import { keepsContract } from './contract';

keepsContract({
  name: 'sockJs()',
  make: sockJs,
  handshake: [{ server: 'o' }],
  interval: 25_000,
  serverBeats: [{ says: 'h' }],
  hidden: ['a[]'],
  shown: [
    { says: 'a["x"]', messages: ['x'] },
    { says: ['a["a","b"]', 'h', 'a["h"]'], messages: ['a', 'b', 'h'] },
    { says: `a[${JSON.stringify('long '.repeat(10_000))}]`, messages: ['long '.repeat(10_000)] },
    { says: ['hello', 'h ', 'a', 'a[', 'a["x"', 'a{"0":"x"}', 'm"x"', '["x"]', 'c[3000,"Go away!"]'] },
  ],
  refusals: [
    { handshake: [{ server: 'c[3000,"Go away!"]' }], comesBack: true },
    { handshake: [{ server: 'c[2010,"Another connection still open"]' }], comesBack: true },
    { handshake: [{ server: 'a["early"]' }], comesBack: true },
  ],
});

// sockjs-node over WebSocket sends no `h`.
keepsContract({
  name: 'sockJs({ ping, pong })',
  make: (figures) => sockJs({ ping: 'ping', pong: 'pong', ...figures }),
  handshake: [{ server: 'o' }],
  beat: {
    sends: ['["ping"]'],
    answers: () => 'a["pong"]',
    wrong: ['pong', '"pong"', 'm"pong"', 'a{"0":"pong"}', 'c[3000,"pong"]'],
  },
  hidden: ['h', 'a[]', 'a["pong","pong"]'],
  shown: [
    { says: 'a["ping","pong pong"]', messages: ['ping', 'pong pong'] },
    { says: 'a["x","pong","y"]', messages: ['x', 'y'] },
  ],
});
