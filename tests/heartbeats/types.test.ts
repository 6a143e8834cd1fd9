/** What a preset gives fits the composable's options, alone and spread among others. */
import { expectTypeOf, test } from 'vitest';
import type { UseHeartbeatSocketOptions } from '../../src';
import * as presets from '../../src/heartbeats';
import type { CountingPreset } from '../../src/heartbeats/preset';

const { textPing } = presets;

test('a preset can be handed to the composable, alone or beside other options', () => {
  type Made = ReturnType<(typeof presets)[keyof typeof presets]>;
  expectTypeOf<Made>().toExtend<UseHeartbeatSocketOptions>();
  expectTypeOf<CountingPreset>().toExtend<UseHeartbeatSocketOptions>();
  const options: UseHeartbeatSocketOptions<string> = { ...textPing('a', 'b'), connectTimeout: 5_000, onMessage() {} };
  expectTypeOf(options.heartbeat).not.toBeAny();
});
