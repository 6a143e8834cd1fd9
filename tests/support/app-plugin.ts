/** The plugin as the tests install it: the app's connection goes to `ws://app/`, on fake sockets. */
import { createHeartbeatSocket } from '../../src';
import type { FakeWebSocket } from './fake-web-socket';

type Options = Parameters<typeof createHeartbeatSocket>[0];

export const appPlugin = (fake: FakeWebSocket, options: Options = {}): ReturnType<typeof createHeartbeatSocket> =>
  createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket, ...options });
