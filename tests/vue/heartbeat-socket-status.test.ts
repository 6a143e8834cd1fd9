import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSSRApp, defineComponent, h, nextTick, shallowRef } from 'vue';
import { createHeartbeatSocket, HeartbeatSocketStatus, type ShownSocket, useHeartbeatSocket } from '../../src';
import { type FakeWebSocket, fakeWebSocket } from '../support/fake-web-socket';

let fake: FakeWebSocket;

beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeWebSocket();
});

afterEach(() => {
  vi.useRealTimers();
});

const plugins = () => [
  createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket, autoReconnect: { delay: 3_000 } }),
];

test('without a slot: a polite status text with the phase for styling', async () => {
  const wrapper = mount(HeartbeatSocketStatus, { global: { plugins: plugins() } });
  expect(wrapper.html()).toBe('<span role="status" aria-live="polite" data-phase="connecting">Connecting…</span>');
  fake.newest.accept();
  await nextTick();
  expect(wrapper.html()).toBe('<span role="status" aria-live="polite" data-phase="open">Connected</span>');
  wrapper.unmount();
});

test('with a slot: the slot alone, with a countdown', async () => {
  const wrapper = mount(HeartbeatSocketStatus, {
    global: { plugins: plugins() },
    slots: { default: '<template #default="s"><b>{{ s.phase }} {{ s.status }} {{ s.retryInMs }}</b></template>' },
  });
  fake.newest.accept();
  fake.newest.end();
  await nextTick();
  expect(wrapper.html()).toBe('<b>waiting CLOSED 3000</b>');
  vi.advanceTimersByTime(1_000);
  await nextTick();
  expect(wrapper.text()).toBe('waiting CLOSED 2000');
  vi.advanceTimersByTime(2_000);
  await nextTick();
  expect(wrapper.text()).toBe('connecting CLOSED'.replace('CLOSED', 'CONNECTING'));
  wrapper.unmount();
  expect(vi.getTimerCount()).toBe(0);
});

test('open and close from the slot work on the connection', async () => {
  const wrapper = mount(HeartbeatSocketStatus, {
    global: { plugins: plugins() },
    slots: { default: '<template #default="s"><button @click="s.close">{{ s.phase }}</button></template>' },
  });
  fake.newest.accept();
  await wrapper.find('button').trigger('click');
  expect(wrapper.text()).toBe('closed');
  wrapper.unmount();
});

test("shows a component's own connection", async () => {
  const wrapper = mount(
    defineComponent(() => {
      const socket = useHeartbeatSocket('ws://own/', { WebSocket: fake.WebSocket });
      return () => h(HeartbeatSocketStatus, { socket });
    }),
  );
  expect(wrapper.text()).toBe('Connecting…');
  fake.newest.accept();
  await nextTick();
  expect(wrapper.text()).toBe('Connected');
  wrapper.unmount();
});

test('a message renders nothing, whichever handle it shows', async () => {
  let renders = 0;
  const wrapper = mount(
    {
      template:
        '<HeartbeatSocketStatus :socket="$heartbeatSocket" v-slot="{ phase }">{{ count() }}{{ phase }}</HeartbeatSocketStatus>',
      components: { HeartbeatSocketStatus },
      methods: {
        count() {
          renders += 1;
        },
      },
    },
    { global: { plugins: plugins() } },
  );
  fake.newest.accept();
  await nextTick();
  const before = renders;
  for (let i = 0; i < 10; i += 1) {
    fake.newest.say(i);
    await nextTick();
  }
  expect(renders).toBe(before);
  wrapper.unmount();
});

test('its socket may come and go', async () => {
  const socket = shallowRef<ShownSocket>();
  const wrapper = mount(
    defineComponent(() => () => h(HeartbeatSocketStatus, socket.value ? { socket: socket.value } : {})),
  );
  expect(wrapper.text()).toBe('Not connected');
  socket.value = { phase: 'open', status: 'OPEN', latency: 5, retryAt: undefined, open() {}, close() {} };
  await nextTick();
  expect(wrapper.text()).toBe('Connected');
  wrapper.unmount();
});

test('hydrates without a mismatch: the server has rendered idle', async () => {
  const host = document.createElement('div');
  host.innerHTML = '<span role="status" aria-live="polite" data-phase="idle">Not connected</span>';
  const app = createSSRApp({ render: () => h(HeartbeatSocketStatus) });
  app.use(plugins()[0] as never);
  app.mount(host);
  expect(fake.live()).toHaveLength(1);
  await nextTick();
  expect(host.textContent).toBe('Connecting…');
  expect(host.firstElementChild?.getAttribute('data-phase')).toBe('connecting');
  app.unmount();
});
