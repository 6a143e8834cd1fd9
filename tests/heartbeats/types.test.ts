/** What a preset gives fits the composable's options, alone and spread among others. */
import { expectTypeOf, test } from 'vitest';
import type { UseHeartbeatSocketOptions } from '../../src';
import { type CountingPreset, textPing } from '../../src/heartbeats';

test('a preset can be handed to the composable, alone or beside other options', () => {
  expectTypeOf(textPing()).toExtend<UseHeartbeatSocketOptions>();
  expectTypeOf<CountingPreset>().toExtend<UseHeartbeatSocketOptions>();
  const options: UseHeartbeatSocketOptions<string> = { ...textPing('a', 'b'), connectTimeout: 5_000, onMessage() {} };
  expectTypeOf(options.heartbeat).not.toBeAny();
});
