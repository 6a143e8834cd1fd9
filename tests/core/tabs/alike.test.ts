/** All tabs need the same options, since those of the tab that holds the socket count: development says where they differ. */
import { afterEach, expect, test, vi } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { takeWarnings } from '../../support/no-warnings';
import { createWorld, type TabOptions } from '../../support/tabs';

afterEach(() => vi.unstubAllEnvs());

const heartbeat = { message: 'ping', responseMessage: 'pong' };

/** A leader and two other tabs are open, for a while. */
async function openWith(leader: TabOptions, other: TabOptions): Promise<void> {
  const world = createWorld();
  world.open(leader);
  await world.settle();
  world.open(other);
  world.open(other);
  await world.settle();
  world.socket.accept();
  await world.pass(200);
}

test.each<[string, TabOptions, TabOptions, RegExp]>([
  [
    'delivery',
    { heartbeat },
    { heartbeat, delivery: atLeastOnce() },
    /`delivery` is proven by heartbeats in this tab, and not set in the tab/,
  ],
  [
    'delivery',
    { heartbeat, delivery: atLeastOnce({ ack: () => 1 }) },
    { heartbeat, delivery: atLeastOnce() },
    /and proven by `ack` in/,
  ],
  [
    'heartbeat',
    { heartbeat: false },
    { heartbeat },
    /`heartbeat` is beats 'client', liveness 'traffic' in this tab, and off in/,
  ],
  ['handshake', { handshake: async () => undefined }, {}, /`handshake` is not set in this tab, and set in/],
  ['beforeConnect', {}, { beforeConnect: () => undefined }, /`beforeConnect` is set in this tab, and not set in/],
  [
    'binaryType',
    { binaryType: 'arraybuffer' } as never,
    {},
    /`binaryType` is 'blob' in this tab, and 'arraybuffer' in/,
  ],
])('%s differs: the tab that does not lead warns once', async (_, leader, other, warning) => {
  await openWith(leader, other);
  expect(takeWarnings(warning)).toBe(1);
});

test('the same options, in words of their own, are no difference', async () => {
  await openWith({ heartbeat, delivery: atLeastOnce() }, { heartbeat: { ...heartbeat }, delivery: atLeastOnce() });
});

test('production says nothing, on the channel or to the user', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const world = createWorld();
  world.open({ handshake: async () => undefined, heartbeat: false });
  await world.settle();
  world.open({ binaryType: 'arraybuffer' } as never);
  await world.settle();
  expect(JSON.stringify(world.tabs.said)).not.toContain('alike');
});
