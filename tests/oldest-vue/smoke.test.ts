/** On the oldest Vue that the package says it works with. `vue` is that one here, in the library's files too. */
import { expect, test, vi } from 'vitest';
import * as Vue from 'vue';
import manifest from '../../package.json';
import { createHeartbeatSocket, HeartbeatSocketStatus, useHeartbeatSocket } from '../../src';
import { useFakeSockets } from '../support/use-fake-sockets';

const { createApp, createSSRApp, defineComponent, h, KeepAlive, nextTick, ref, Suspense } = Vue;

/** What compilers use, and Vue's types leave out. */
const { withAsyncContext } = Vue as unknown as {
  withAsyncContext<T>(start: () => Promise<T>): [Promise<T>, restore: () => void];
};

const fake = useFakeSockets();

function mountApp(setup: () => () => Vue.VNode | null): { app: Vue.App; root: HTMLElement } {
  const root = document.createElement('div');
  const app = createApp(defineComponent(setup));
  app.use(createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket }));
  app.mount(root);
  return { app, root };
}

test('it is the lower end of the peer range', () => {
  expect(manifest.peerDependencies.vue.split(' || ')[0]).toBe(`^${Vue.version}`);
});

test('state in a template, a new url, and the end with the component', async () => {
  const url = ref('ws://one/');
  const { app, root } = mountApp(() => {
    const { status, data } = useHeartbeatSocket(url, { WebSocket: fake.WebSocket });
    return () => h('p', [`${status.value} ${data.value} `, h(HeartbeatSocketStatus)]);
  });
  expect(root.textContent).toMatch(/^CONNECTING null Connecting/);
  fake.newest.accept();
  fake.newest.say('hello');
  await nextTick();
  expect(root.textContent).toMatch(/^OPEN hello/);
  url.value = 'ws://two/';
  await nextTick();
  expect(fake.live().map((socket) => socket.url)).toEqual(['ws://app/', 'ws://two/']);
  app.unmount();
  expect(fake.live()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('open() and close() in the setup of a page that a server renders, with a window or without', async () => {
  const { renderToString } = await import('vue-oldest/server-renderer');
  for (const page of [window, undefined]) {
    vi.stubGlobal('window', page);
    const Page = defineComponent(() => {
      const { phase, open, close } = useHeartbeatSocket('ws://server/', {
        WebSocket: fake.WebSocket,
        immediate: false,
      });
      open();
      close();
      const app = useHeartbeatSocket();
      return () => h('p', `${phase.value} ${app.phase.value}`);
    });
    const app = createSSRApp(Page).use(createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket }));
    expect(await renderToString(app as never)).toBe('<p>closed idle</p>');
    vi.unstubAllGlobals();
  }
  expect(fake.sockets).toHaveLength(0);
});

test('a kept-alive component that is deactivated', async () => {
  const shown = ref(true);
  const Kept = defineComponent(() => {
    const { open } = useHeartbeatSocket('ws://kept/', { WebSocket: fake.WebSocket, whenDeactivated: 'close' });
    return () => h('button', { onClick: open });
  });
  const { app } = mountApp(() => () => h(KeepAlive, null, () => (shown.value ? h(Kept) : null)));
  expect(fake.live()).toHaveLength(2);
  shown.value = false;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  shown.value = true;
  await nextTick();
  expect(fake.live()).toHaveLength(2);
  app.unmount();
  expect(fake.live()).toEqual([]);
});

test('an async setup that goes on when its component is gone opens nothing, and hears nothing', async () => {
  let resume = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    resume = resolve;
  });
  const heard: unknown[] = [];
  const url = ref('ws://own/');
  let asked = 0;
  const Late = defineComponent({
    // As <script setup> is compiled: Vue's scope is back after the await.
    async setup() {
      const [done, restore] = withAsyncContext(() => waiting);
      await done;
      restore();
      useHeartbeatSocket(() => `${url.value}${asked++}`, { WebSocket: fake.WebSocket });
      useHeartbeatSocket(undefined, { onMessage: (_, { data }) => heard.push(data) });
      return () => h('p');
    },
  });
  const shown = ref(true);
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const { app } = mountApp(
    () => () => (shown.value ? h(Suspense, null, { default: h(Late), fallback: h('i') }) : null),
  );
  const { newest } = fake;
  newest.accept();
  shown.value = false;
  await nextTick();
  resume();
  await vi.advanceTimersByTimeAsync(10);
  expect(fake.live()).toEqual([newest]);
  const before = asked;
  url.value = 'ws://other/';
  await nextTick();
  expect(asked).toBe(before);
  newest.say('hello');
  expect(heard).toEqual([]);
  app.unmount();
});
