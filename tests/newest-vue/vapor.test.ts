/** In components that are compiled in Vapor mode. For them Vue has no `getCurrentInstance()` and no `globalProperties`. */
import { createPinia, defineStore } from 'pinia';
import { expect, test, vi } from 'vitest';
import {
  type App,
  type Component,
  createApp,
  effectScope,
  getCurrentInstance,
  h,
  KeepAlive,
  nextTick,
  type Plugin,
  ref,
  shallowRef,
  type VNode,
  version,
} from 'vue';
import * as newestVue from 'vue-newest';
import manifest from '../../package.json';
import { createHeartbeatSocket, type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';
import AppConnection from './components/app-connection.vue';
import GlobalProperty from './components/global-property.vue';
import KeptUser from './components/kept-user.vue';
import SocketUser from './components/socket-user.vue';

/** What Vue has for Vapor, in the types of the Vue that the other tests run on. */
const { createVaporApp, vaporInteropPlugin } = newestVue as unknown as {
  createVaporApp(root: Component, props?: Record<string, () => unknown>): App;
  vaporInteropPlugin: Plugin;
};

const fake = useFakeSockets();

type Use = () => Pick<UseHeartbeatSocketReturn, 'status' | 'data'>;

const own = (options: Parameters<typeof useHeartbeatSocket>[1] = {}) =>
  useHeartbeatSocket('ws://own/', { WebSocket: fake.WebSocket, ...options });

const mount = (app: App): HTMLElement => {
  const root = document.createElement('div');
  app.mount(root);
  return root;
};

/** A component in a <KeepAlive>. It is deactivated while `shown` is false. */
const mountKept = (use: Use, plugins: Plugin[] = []) => {
  const shown = ref(true);
  const app = createVaporApp(KeptUser, { shown: () => shown.value, use: () => use });
  for (const plugin of plugins) app.use(plugin);
  mount(app);
  fake.newest.accept();
  return { app, shown };
};

test('the package takes this release candidate', () => {
  expect(version).toMatch(/^3\.6\.0-/);
  expect(manifest.peerDependencies.vue.split(' || ')).toContain('^3.6.0-0');
});

test('a Vapor component shows its connection, which ends with it', async () => {
  const instances: unknown[] = [];
  const use: Use = () => {
    instances.push(getCurrentInstance());
    return own();
  };
  const app = createVaporApp(SocketUser, { use: () => use });
  const root = mount(app);
  expect(instances).toEqual([null]);
  expect(root.textContent).toBe('CONNECTING ');
  fake.newest.accept();
  fake.newest.say('hello');
  await nextTick();
  expect(root.textContent).toBe('OPEN hello');
  app.unmount();
  expect(fake.newest.closedWith?.[0]).toBe(1000);
  expect(fake.live()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a Vapor component that is deactivated keeps its connection', async () => {
  const { app, shown } = mountKept(() => own());
  shown.value = false;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  app.unmount();
  expect(fake.live()).toEqual([]);
});

test("with whenDeactivated: 'close' a deactivated Vapor component is disconnected, and connects again", async () => {
  const { app, shown } = mountKept(() => own({ whenDeactivated: 'close' }));
  shown.value = false;
  await nextTick();
  expect(fake.newest.closedWith).toEqual([1000, 'deactivated']);
  expect(fake.live()).toEqual([]);
  shown.value = true;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  app.unmount();
  expect(fake.live()).toEqual([]);
  expect(fake.sockets).toHaveLength(2);
});

test("a Vapor component in the <KeepAlive> of one that is not is disconnected, with whenDeactivated: 'close'", async () => {
  const shown = ref(true);
  const use: Use = () => own({ whenDeactivated: 'close' });
  const user = (): VNode | null => (shown.value ? h(SocketUser, { use }) : null);
  const app = createApp(() => h(KeepAlive, null, user)).use(vaporInteropPlugin);
  app.mount(document.createElement('div'));
  shown.value = false;
  await nextTick();
  expect(fake.live()).toEqual([]);
  shown.value = true;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  app.unmount();
  expect(fake.live()).toEqual([]);
});

test('the connection of a store stays open when the Vapor component that used the store first is deactivated', async () => {
  const useLive = defineStore('live', () => own({ whenDeactivated: 'close' }));
  const use = (): ReturnType<Use> => {
    const live = useLive();
    return { status: shallowRef(live.status), data: shallowRef(live.data) };
  };
  const { app, shown } = mountKept(use, [createPinia()]);
  shown.value = false;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  app.unmount();
  fake.newest.end();
});

test('the connection of an effect scope inside of a Vapor component stays open when the component is deactivated', async () => {
  const { app, shown } = mountKept(() => effectScope().run(() => own({ whenDeactivated: 'close' })) as ReturnType<Use>);
  shown.value = false;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  app.unmount();
  expect(fake.live()).toEqual([]);
});

test.each<[name: string, plugins: Plugin[]]>([
  ['without the plugin', []],
  ['with the plugin', [createHeartbeatSocket()]],
])('what a callback of a Vapor component throws reaches the error handler of the app, %s', (_, plugins) => {
  const boom = new Error('boom');
  const use: Use = () =>
    own({
      onMessage() {
        throw boom;
      },
      onDisconnected() {
        throw boom;
      },
    });
  const errorHandler = vi.fn();
  const app = createVaporApp(SocketUser, { use: () => use });
  app.config.errorHandler = errorHandler;
  for (const plugin of plugins) app.use(plugin);
  mount(app);
  fake.newest.accept();
  fake.newest.say('one');
  expect(errorHandler).toHaveBeenCalledTimes(1);
  fake.newest.say('two');
  expect(errorHandler).toHaveBeenCalledTimes(2);
  app.unmount();
  expect(errorHandler).toHaveBeenCalledTimes(3);
  for (const [error] of errorHandler.mock.calls) expect(error).toBe(boom);
});

test('a Vapor component joins the connection of the app, and shows it in <HeartbeatSocketStatus>', async () => {
  const app = createVaporApp(AppConnection);
  app.use(createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket }));
  // <HeartbeatSocketStatus> is no Vapor component.
  app.use(vaporInteropPlugin);
  const root = mount(app);
  expect(root.textContent).toBe('CONNECTING connecting');
  fake.newest.accept();
  await nextTick();
  expect(root.textContent).toBe('OPEN open');
  app.unmount();
  expect(fake.live()).toEqual([]);
});

test('$heartbeatSocket is not there in the template of a Vapor component', () => {
  const app = createVaporApp(GlobalProperty);
  app.use(createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket }));
  expect(mount(app).textContent).toBe('none');
  expect(takeWarnings(/"\$heartbeatSocket" was accessed during render but is not defined/)).toBe(1);
  app.unmount();
});
