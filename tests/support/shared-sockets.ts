/** Definitions of shared connections, for tests that use fake sockets. */
import { type App, createApp, effectScope } from 'vue';
import { defineHeartbeatSocket, type SharedSocketOptions, type UseHeartbeatSocketReturn } from '../../src';
import type { FakeWebSocket } from './fake-web-socket';

// biome-ignore lint/suspicious/noExplicitAny: tests send and receive anything
export type Anything = any;
export type AnySocket = UseHeartbeatSocketReturn<Anything, Anything>;
export type AnyOptions = SharedSocketOptions<Anything, Anything>;

/** `usual` gives options, and `rooms` a definition with the room as its argument. */
export function sharedSockets(fake: FakeWebSocket) {
  const usual = (more: AnyOptions = {}) => ({
    url: 'ws://server/',
    WebSocket: fake.WebSocket,
    heartbeat: false as const,
    ...more,
  });
  return {
    usual,
    rooms: (more: AnyOptions = {}) =>
      defineHeartbeatSocket((room: string) => usual({ url: `ws://server/${room}`, ...more })),
    urls: (): string[] => fake.sockets.map(({ url }) => String(url)),
    liveUrls: (): string[] => fake.live().map(({ url }) => String(url)),
  };
}

export function inScope<T>(run: () => T) {
  const scope = effectScope(true);
  return { scope, value: scope.run(run) as T };
}

/** Mounts an app, and collects what its error handler is told. */
export function mountApp(setup: () => unknown, install: (app: App) => void = () => {}) {
  const errors: string[] = [];
  const app = createApp({
    setup() {
      setup();
      return () => null;
    },
  });
  app.config.errorHandler = (error) => errors.push((error as Error).message);
  install(app);
  app.mount(document.createElement('div'));
  return { app, errors };
}
