/** Where the server sends the heartbeats, only `control` takes messages away from the app. */
import { expect, test } from 'vitest';
import { openEngine } from '../support/engine';

test('the app gets the text HeartBeat, which this side never sends', () => {
  const engine = openEngine({ heartbeat: { beats: 'server' } });
  engine.socket.say('HeartBeat');
  expect(engine.received).toEqual(['HeartBeat']);
});

test('message and responseMessage have no effect', () => {
  const engine = openEngine({ heartbeat: { beats: 'server', message: 'ping', responseMessage: 'pong' } });
  for (const data of ['ping', 'pong']) engine.socket.say(data);
  expect(engine.received).toEqual(['ping', 'pong']);
});
