/** An option that is changed later has no effect, where it is read once. */
import { expect, test, vi } from 'vitest';
import { createRenderer, effectScope, type RendererOptions } from 'vue';
import { createHeartbeatSocket, useHeartbeatSocket } from '../../src';
import { useFakeSockets } from '../support/use-fake-sockets';
import { type Anything, attacked, endsWithTheTest } from './support/connections';

const fake = useFakeSockets();
endsWithTheTest();

/** Options of which each part is changed later. */
const changeable = (): { options: Record<string, Anything>; calls: string[]; change: () => void } => {
  const calls: string[] = [];
  const say =
    (text: string) =>
    (value: unknown): unknown => {
      calls.push(text);
      return value;
    };
  const options: Record<string, Anything> = {
    WebSocket: fake.WebSocket,
    serializer: { read: say('read'), write: say('write') },
    heartbeat: { message: 'ping', interval: 1_000, pongTimeout: 500, liveness: 'traffic' },
    autoReconnect: { delay: 10, retries: -1, finalCodes: [4999], onFailed: say('onFailed') },
    buffer: { limit: 2, overflow: 'drop-oldest', onDropped: say('onDropped') },
    whenHidden: { closeAfter: 50 },
    connectTimeout: 1_000,
    beforeConnect: say('beforeConnect'),
    handshake: say('handshake'),
    ...Object.fromEntries(['onConnected', 'onDisconnected', 'onMessage', 'onSend'].map((name) => [name, say(name)])),
  };
  // What `beforeConnect` gives is what it is given: `{ url }` among others.
  const wrong = say('wrong');
  const change = (): void => {
    const { autoReconnect, heartbeat, buffer, serializer, whenHidden } = options;
    autoReconnect.finalCodes.push(1006, 4000);
    Object.assign(autoReconnect, { delay: 1e6, retries: 0, finalCodes: new Set(), onFailed: wrong });
    Object.assign(heartbeat, { message: {}, interval: 1e6, pongTimeout: 1e6, liveness: 'response' });
    Object.assign(buffer, { limit: 0, overflow: 'drop-newest', onDropped: wrong });
    Object.assign(serializer, { read: wrong, write: wrong });
    whenHidden.closeAfter = 0;
    for (const name of Object.keys(options)) {
      if (typeof options[name] === 'function') options[name] = name === 'WebSocket' ? class {} : wrong;
    }
    Object.assign(options, {
      heartbeat: false,
      autoReconnect: false,
      buffer: {},
      serializer: 'json',
      connectTimeout: 1,
    });
  };
  return { options, calls, change };
};

/** Plays a connection whose options have changed. */
async function play(calls: string[], socket: Anything): Promise<void> {
  await vi.advanceTimersByTimeAsync(100);
  fake.newest.accept();
  await vi.advanceTimersByTimeAsync(0);
  fake.newest.say('hello');
  socket.send('first');
  expect([socket.phase.value, socket.data.value, fake.newest.sent]).toEqual(['open', 'hello', ['first']]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fake.newest.sent).toContain('ping');
  fake.newest.end(1006);
  for (const text of ['a', 'b', 'c']) socket.send(text);
  expect([socket.phase.value, socket.pending.value]).toEqual(['waiting', 2]);
  await vi.advanceTimersByTimeAsync(10);
  expect(fake.live()).toHaveLength(1);
  fake.newest.accept();
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.newest.sent).toEqual(['b', 'c']);
  fake.newest.end(4999);
  expect(socket.phase.value).toBe('failed');
  expect(calls).not.toContain('wrong');
  expect(new Set(calls).size).toBe(10);
}

test('a list, a group, a serializer or a callback that is replaced after the call has no effect', async () => {
  const { options, calls, change } = changeable();
  const { socket } = attacked('development', options);
  change();
  await play(calls, socket);
});

test('options of the plugin that are changed after it was installed have no effect', async () => {
  const { options, calls, change } = changeable();
  const nothing = (): null => null;
  const { createApp } = createRenderer({
    createComment: () => ({}),
    insert: nothing,
    remove: nothing,
  } as unknown as RendererOptions);
  const app = createApp({ render: nothing });
  app.use(createHeartbeatSocket({ url: 'ws://server/', ...options } as Anything));
  change();
  app.mount({} as Anything);
  await play(calls, handleOf(app));
  app.unmount();
});

/** The app's own connection, with its refs. */
function handleOf(app: Anything): Anything {
  return app.runWithContext(() => effectScope(true).run(() => useHeartbeatSocket()));
}
