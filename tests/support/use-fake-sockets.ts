/** Fake timers and fake sockets, made anew for each test of a file. */
import { afterEach, beforeEach, vi } from 'vitest';
import { type FakeWebSocket, fakeWebSocket } from './fake-web-socket';

/** Called once at the top of a test file. What it returns always shows the sockets of the test that runs. */
export function useFakeSockets(): FakeWebSocket {
  let fake: FakeWebSocket;
  beforeEach(() => {
    vi.useFakeTimers();
    fake = fakeWebSocket();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  return {
    get WebSocket() {
      return fake.WebSocket;
    },
    get sockets() {
      return fake.sockets;
    },
    get newest() {
      return fake.newest;
    },
    live: () => fake.live(),
  };
}
