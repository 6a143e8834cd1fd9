/** What a developer reads when a server refuses a handshake. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  actionCable,
  centrifugo,
  graphqlTransportWs,
  janus,
  mattermost,
  pusher,
  signalR,
  stomp,
} from '../../src/heartbeats';
import type { CountingPreset, Preset } from '../../src/heartbeats/preset';
import { type EngineOptions, startEngine } from '../support/engine';

/** The text of the error after the server has answered what this side has sent. */
async function errorAfter({ protocols: _, ...options }: Preset | CountingPreset, answer: (sent: string) => string) {
  const engine = startEngine(options as EngineOptions);
  engine.socket.accept();
  await setImmediate();
  engine.socket.say(answer(String(engine.socket.sent[0])));
  await setImmediate();
  return engine.view.error?.message;
}

test('a server that answers with megabytes makes a short error', async () => {
  const error = await errorAfter(stomp(), () => `ERROR\nmessage:no\n\n${'no entry '.repeat(500_000)}\0`);
  expect(error).toMatch(/received ERROR/);
  expect(error?.length).toBeLessThan(160);
});

test('the words with which a server ends a connection show no token', async () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9';
  const says = JSON.stringify({ type: 'disconnect', reason: `${token} is no token`, reconnect: false });
  expect(await errorAfter(actionCable(), () => says)).toContain('*** is no token');
  expect(await errorAfter(signalR(), () => `{"type":7,"error":"${token} is no token"}\x1e`)).toContain(
    '*** is no token',
  );
});

test.each([
  [graphqlTransportWs(), '{"type":"connection_error","payload":{"message":"Forbidden"}}', 'Forbidden'],
  [centrifugo(), '{"id":1,"error":{"code":109,"message":"token expired"}}', 'token expired'],
  [mattermost({ token: 'a' }), '{"status":"FAIL","seq_reply":1,"error":{"message":"no session"}}', 'FAIL'],
  [pusher(), '{"event":"pusher:error","data":"{\\"code\\":4100,\\"message\\":\\"Over capacity\\"}"}', 'Over capacity'],
  [
    janus({ onHandshake() {} }),
    '{"janus":"error","error":{"code":403,"reason":"Unauthorized request"}}',
    'Unauthorized',
  ],
  [actionCable(), '{"type":"disconnect","reason":"server_restart","reconnect":true}', 'server_restart'],
  [signalR(), '{"error":"Requested protocol is not available."}\x1e', 'Requested protocol is not available.'],
])('the error says what the server has said: %#', async (preset, says, told) => {
  expect(await errorAfter(preset, () => says)).toContain(told);
});

test.each([
  graphqlTransportWs({ payload: { password: 'swordfish' } }),
  mattermost({ token: 'swordfish' }),
  janus({ onHandshake() {}, apisecret: 'swordfish' }),
  stomp({ headers: { passcode: 'swordfish' } }),
])('a server that gives back what it was told puts no password into the error: %#', async (preset) => {
  const message = await errorAfter(preset, (sent) => sent);
  expect(message).toMatch(/^handshake: received /);
  expect(message).not.toContain('swordfish');
});
