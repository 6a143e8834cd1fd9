/** What a preset gives fits the composable's options, alone and spread among others. */
import { expectTypeOf, test } from 'vitest';
import type { UseHeartbeatSocketOptions } from '../../src';
import * as presets from '../../src/heartbeats';
import type { CountingPreset } from '../../src/heartbeats/preset';

const { discord, homeAssistant, janus, mattermost, mqtt, nats, textPing } = presets;

test('a preset can be handed to the composable, alone or beside other options', () => {
  type Made = ReturnType<(typeof presets)[keyof typeof presets]>;
  expectTypeOf<Made>().toExtend<UseHeartbeatSocketOptions>();
  expectTypeOf<CountingPreset>().toExtend<UseHeartbeatSocketOptions>();
  const options: UseHeartbeatSocketOptions<string> = { ...textPing('a', 'b'), connectTimeout: 5_000, onMessage() {} };
  expectTypeOf(options.heartbeat).not.toBeAny();
});

test('presets that want arguments take them, and presets that bring close codes leave room for other options', () => {
  const options: UseHeartbeatSocketOptions<ArrayBuffer> = {
    ...mqtt({ version: 5, password: async () => 'secret', interval: 5_000, pongTimeout: 'auto' }),
    autoReconnect: { retries: 3 },
  };
  expectTypeOf(options).toExtend<UseHeartbeatSocketOptions<ArrayBuffer>>();
  expectTypeOf(
    nats({ token: 'a', onHandshake: ({ connect_urls }) => connect_urls }),
  ).toExtend<UseHeartbeatSocketOptions>();
  expectTypeOf(mattermost({ token: () => 'a' })).toExtend<UseHeartbeatSocketOptions>();
  expectTypeOf(janus({ onHandshake() {} })).toExtend<UseHeartbeatSocketOptions>();
  expectTypeOf(homeAssistant({ token: 'a', nextId: () => 1 })).toExtend<UseHeartbeatSocketOptions>();
  expectTypeOf(
    discord({ token: 'a', intents: 513, properties: { os: '', browser: '', device: '' }, shard: [0, 1] }),
  ).toExtend<UseHeartbeatSocketOptions>();
  // @ts-expect-error: app and heartbeat have to count together
  homeAssistant({ token: 'a' });
  // @ts-expect-error: the app cannot do without the session's id
  janus({});
});
