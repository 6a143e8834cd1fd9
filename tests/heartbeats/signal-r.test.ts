/** SignalR's JSON protocol, with the messages of its HubProtocol.md. */
import { signalR } from '../../src/heartbeats';
import { keepsContract } from './contract';

const HANDSHAKE = { client: '{"protocol":"json","version":1}\x1e' };
const PING = '{"type":6}\x1e';
const CALL = '{"type":1,"target":"Send","arguments":[42,"{\\"type\\":6}"]}';
const LONG_CALL = JSON.stringify({ type: 1, target: 'Send', arguments: ['long '.repeat(10_000)] });

keepsContract({
  name: 'signalR()',
  make: signalR,
  handshake: [HANDSHAKE, { server: '{}\x1e' }],
  interval: 15_000,
  pongTimeout: 15_000,
  beat: { sends: [PING] },
  serverBeats: [{ says: PING }, { says: '{ "type": 6 }\x1e' }],
  hidden: ['', `${PING}${PING}`],
  shown: [
    {
      says: [`${CALL}\x1e`, `${PING}${CALL}\x1e{"type":3,"invocationId":"1"}\x1e${PING}`],
      messages: [CALL, CALL, '{"type":3,"invocationId":"1"}'],
    },
    { says: `${LONG_CALL}\x1e`, messages: [LONG_CALL] },
    // What no record separator ends is no frame of SignalR.
    { says: ['{"type":6}', `${PING}{"type":1`] },
  ],
  ends: [
    { says: '{"type":7,"allowReconnect":true}\x1e', reason: 'closed: 1012', comesBack: true },
    { says: '{"type":7}\x1e', reason: 'closed 1008', comesBack: false },
    { says: `${PING}{"type":7,"error":"Kicked out"}\x1e`, reason: 'Kicked out', comesBack: false },
  ],
  negotiated: [
    { handshake: [HANDSHAKE, { server: `{}\x1e${PING}` }], interval: 15_000, pongTimeout: 15_000 },
    { handshake: [HANDSHAKE, { server: PING }, { server: '{}\x1e' }], interval: 15_000, pongTimeout: 15_000 },
    // What a server of SignalR 3.0 says, and one that writes blanks.
    { handshake: [HANDSHAKE, { server: '{"minorVersion":0}\x1e' }], interval: 15_000, pongTimeout: 15_000 },
    { handshake: [HANDSHAKE, { server: '{ "error": null }\x1e' }], interval: 15_000, pongTimeout: 15_000 },
  ],
  refusals: [
    {
      handshake: [HANDSHAKE, { server: '{"error":"Requested protocol \'json\' is not available."}\x1e' }],
      comesBack: true,
    },
    { handshake: [HANDSHAKE, { server: '{"type":7}\x1e' }], comesBack: false },
    { handshake: [HANDSHAKE, { server: 'HeartBeat\x1e' }], comesBack: true },
  ],
});
