/** Shared connections in components that are compiled in Vapor mode, for which Vue has no `getCurrentInstance()`. */
import { expect, test, vi } from 'vitest';
import { type App, type Component, nextTick, type Plugin, ref } from 'vue';
import * as newestVue from 'vue-newest';
import { createHeartbeatSocket } from '../../src';
import { sharedSockets } from '../support/shared-sockets';
import { useFakeSockets } from '../support/use-fake-sockets';
import KeptUser from './components/kept-user.vue';
import SocketUser from './components/socket-user.vue';

const { createVaporApp } = newestVue as unknown as {
  createVaporApp(root: Component, props?: Record<string, () => unknown>): App;
};

const fake = useFakeSockets();
const { rooms, urls, liveUrls } = sharedSockets(fake);

function mount(root: Component, props: Record<string, () => unknown>, plugins: Plugin[] = []) {
  const errors: string[] = [];
  const app = createVaporApp(root, props);
  app.config.errorHandler = (error) => errors.push((error as Error).message);
  for (const plugin of plugins) app.use(plugin);
  const element = document.createElement('div');
  app.mount(element);
  return { app, errors, element };
}

test('two Vapor apps with the plugin hold connections of their own, which end with them', () => {
  const use = rooms();
  const plugin = createHeartbeatSocket({ WebSocket: fake.WebSocket });
  const apps = [0, 1].map(() => mount(SocketUser, { use: () => () => use('a') }, [plugin]));
  expect(fake.sockets).toHaveLength(2);
  for (const { app } of apps) app.unmount();
  expect(liveUrls()).toEqual([]);
});

test('without the plugin Vapor apps share one connection, which ends after the last of them', async () => {
  const use = rooms();
  const apps = [0, 1].map(() => mount(SocketUser, { use: () => () => use('a') }));
  expect(fake.sockets).toHaveLength(1);
  for (const { app } of apps) app.unmount();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(liveUrls()).toEqual([]);
});

test('a Vapor component moves, shows nothing of the old room, and its errors are told to the app', async () => {
  const use = rooms();
  const room = ref('a');
  const own = () => {
    const socket = use(room);
    socket.on('received', ({ value }) => {
      if (value === 'bad') throw new Error('mine');
    });
    return socket;
  };
  const { app, errors, element } = mount(SocketUser, { use: () => own });
  fake.newest.accept();
  fake.newest.say('hello');
  await nextTick();
  expect(element.textContent).toContain('hello');
  room.value = 'b';
  await nextTick();
  expect(element.textContent).not.toContain('hello');
  fake.newest.accept();
  fake.newest.say('bad');
  expect([errors, urls()]).toEqual([['mine'], ['ws://server/a', 'ws://server/b']]);
  app.unmount();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(liveUrls()).toEqual([]);
});

test('a Vapor component that <KeepAlive> has put away holds nothing, also for a new argument', async () => {
  const use = rooms({ whenDeactivated: 'close', linger: 0 });
  const room = ref('a');
  const shown = ref(true);
  const { app } = mount(KeptUser, { shown: () => shown.value, use: () => () => use(room) });
  fake.newest.accept();
  shown.value = false;
  await nextTick();
  room.value = 'b';
  await nextTick();
  expect(liveUrls()).toEqual([]);
  shown.value = true;
  await nextTick();
  expect(liveUrls()).toEqual(['ws://server/b']);
  app.unmount();
  expect(liveUrls()).toEqual([]);
});
