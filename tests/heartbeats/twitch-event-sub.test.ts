import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { twitchEventSub } from '../../src/heartbeats';
import { type EngineOptions, pass, startEngine } from '../support/engine';
import { keepsContract } from './contract';

const welcome = (seconds: unknown) => `{
  "metadata": {
    "message_id": "96a3f3b5-5dec-4eed-908e-e11ee657416c",
    "message_type": "session_welcome",
    "message_timestamp": "2023-07-19T14:56:51.634234626Z"
  },
  "payload": {
    "session": {
      "id": "AQoQILE98gtqShGmLD7AM6yJThAB",
      "status": "connected",
      "connected_at": "2023-07-19T14:56:51.616329898Z",
      "keepalive_timeout_seconds": ${seconds},
      "reconnect_url": null
    }
  }
}`;

const keepalive = `{
    "metadata": {
        "message_id": "84c1e79a-2a4b-4c13-ba0b-4312293e9308",
        "message_type": "session_keepalive",
        "message_timestamp": "2023-07-19T10:11:12.634234626Z"
    },
    "payload": {}
}`;

const notification =
  '{"metadata":{"message_id":"befa7b53","message_type":"notification","message_timestamp":"2022-11-16T10:11:12.464757833Z","subscription_type":"channel.chat.message","subscription_version":"1"},"payload":{"event":{"text":"session_keepalive"}}}';

const reconnect =
  '{"metadata":{"message_id":"84c1e79a","message_type":"session_reconnect","message_timestamp":"2022-11-18T09:10:11.634234626Z"},"payload":{"session":{"id":"AQoQexAWVYKSTIu4ec_2VAxyuhAB","status":"reconnecting","keepalive_timeout_seconds":null,"reconnect_url":"wss://eventsub.wss.twitch.tv?...","connected_at":"2022-11-16T10:11:12.634234626Z"}}}';

keepsContract({
  name: 'twitchEventSub()',
  make: twitchEventSub,
  handshake: [{ server: welcome(30) }],
  greeting: [welcome(30)],
  interval: 30_000,
  serverBeats: [{ says: keepalive }],
  shown: [{ says: [notification, reconnect, '{"metadata":"session_keepalive"}', '{"metadata":null}'] }],
  refusals: [
    { handshake: [{ server: notification }], comesBack: true },
    { handshake: [{ server: 'welcome' }], comesBack: true },
  ],
});

keepsContract({
  name: 'twitchEventSub(), and the welcome names no seconds',
  make: twitchEventSub,
  handshake: [{ server: welcome(null) }],
  greeting: [welcome(null)],
  serverBeats: [{ says: keepalive }],
});

test('an app that moves as the example does goes to the new address once, and to the usual one after a loss', async () => {
  const moved = 'wss://eventsub.wss.twitch.tv/ws?id=move';
  let next: string | undefined;
  const beforeConnect = () => {
    const url = next;
    next = undefined;
    return url;
  };
  const engine = startEngine({ ...(twitchEventSub() as EngineOptions), beforeConnect });
  const { connection, ports } = engine;
  const connects = async (count: number) => {
    await expect.poll(() => ports.sockets.length).toBe(count);
    engine.socket.accept();
    await setImmediate();
    engine.socket.say(welcome(10));
    await expect.poll(() => engine.view.phase).toBe('open');
  };
  await connects(1);
  next = moved;
  connection.open();
  await connects(2);
  engine.socket.end(4007);
  pass(engine, () => engine.view.phase === 'connecting');
  await connects(3);
  expect(ports.sockets.map(({ url }) => url)).toEqual(['ws://server/', moved, 'ws://server/']);
});
