/** A connection under <KeepAlive>: what whenDeactivated does. */
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, defineStore } from 'pinia';
import { expect, test } from 'vitest';
import { createApp, defineComponent, effectScope, h, KeepAlive, nextTick, ref } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

const mountKept = (whenDeactivated: 'stay' | 'close') => {
  const shown = ref(true);
  const Kept = defineComponent(() => {
    useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket, whenDeactivated });
    return () => h('p');
  });
  const wrapper = mount(defineComponent(() => () => h(KeepAlive, null, () => (shown.value ? h(Kept) : null))));
  fake.newest.accept();
  return { wrapper, shown };
};

test("with whenDeactivated: 'stay' a deactivated component keeps its connection", async () => {
  const { wrapper, shown } = mountKept('stay');
  shown.value = false;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  wrapper.unmount();
  expect(fake.live()).toHaveLength(0);
});

test("with whenDeactivated: 'close' a deactivated component is disconnected, and connects again when it is activated", async () => {
  const { wrapper, shown } = mountKept('close');
  shown.value = false;
  await nextTick();
  expect(fake.newest.closedWith).toEqual([1000, 'deactivated']);
  window.dispatchEvent(new Event('online'));
  expect(fake.live()).toHaveLength(0);
  shown.value = true;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  wrapper.unmount();
  await flushPromises();
  expect(fake.live()).toHaveLength(0);
  expect(fake.sockets).toHaveLength(2);
});

test('the connection of a store stays open when the component that used the store first is deactivated', async () => {
  const useLive = defineStore('live', () =>
    useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket, whenDeactivated: 'close' }),
  );
  const shown = ref(true);
  const Kept = defineComponent(() => {
    const live = useLive();
    return () => h('p', live.status);
  });
  const wrapper = mount(
    defineComponent(() => () => h(KeepAlive, null, () => (shown.value ? h(Kept) : null))),
    { global: { plugins: [createPinia()] } },
  );
  fake.newest.accept();
  shown.value = false;
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  wrapper.unmount();
  fake.newest.end();
});

test('outside of a component whenDeactivated does nothing, and nobody is warned of it', () => {
  const scope = effectScope();
  scope.run(() => useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket, whenDeactivated: 'close' }));
  expect(fake.live()).toHaveLength(1);
  scope.stop();
  expect(fake.live()).toHaveLength(0);
});

test('in a store that a router guard uses first whenDeactivated does nothing, and nobody is warned of it', () => {
  const boom = new Error('boom');
  const useLive = defineStore('live', () =>
    useHeartbeatSocket('ws://server/', {
      WebSocket: fake.WebSocket,
      whenDeactivated: 'close',
      onConnected() {
        throw boom;
      },
    }),
  );
  const pinia = createPinia();
  const app = createApp({ render: () => null }).use(pinia);
  const live = app.runWithContext(() => useLive(pinia));
  fake.newest.accept();
  expect(fake.live()).toHaveLength(1);
  expect(takeWarnings(/^boom$/)).toBe(1);
  live.$dispose();
  expect(fake.live()).toHaveLength(0);
});
