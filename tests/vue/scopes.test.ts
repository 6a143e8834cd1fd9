/** The scope that owns a connection: an effect scope, a Pinia store, a component, or none. */
import { mount } from '@vue/test-utils';
import { createPinia, defineStore } from 'pinia';
import { expect, test } from 'vitest';
import { defineComponent, type EffectScope, effectScope, h, nextTick, ref, Suspense, watchEffect } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { watchLeaks } from '../support/leaks';
import { mountSocket } from '../support/mount-socket';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

/** What a scope stops when it ends: a list up to Vue 3.5, a chain from Vue 3.6 on. */
const held = (scope: EffectScope): unknown[] => {
  const { effects, deps } = scope as { effects?: unknown[]; deps?: Link };
  const chain: unknown[] = [];
  for (let link = deps; link; link = link.nextDep) chain.push(link);
  return effects ?? chain;
};

interface Link {
  readonly nextDep?: Link;
}

test('the end of an effect scope is the end of the connection that was made in it', () => {
  const scope = effectScope();
  const socket = scope.run(() => useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket }));
  fake.newest.accept();
  scope.stop();
  expect(fake.live()).toEqual([]);
  expect(socket?.left.value).toBe(true);
});

test('the connection of a Pinia store outlives the component that used the store first', () => {
  const useStore = defineStore('live', () => useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket }));
  const pinia = createPinia();
  let store!: ReturnType<typeof useStore>;
  const First = defineComponent(() => {
    store = useStore();
    return () => h('p', store.status);
  });
  const wrapper = mount(First, { global: { plugins: [pinia] } });
  fake.newest.accept();
  wrapper.unmount();
  expect(store.status).toBe('OPEN');
  expect(fake.live()).toHaveLength(1);
  store.$dispose();
  expect(fake.live()).toHaveLength(0);
  expect(store.left).toBe(true);
});

test('an effect that calls open() and close() does not depend on what they read', async () => {
  const token = ref(1);
  const language = ref('en');
  const shown = ref(true);
  let runs = 0;
  const wrapper = mount(
    defineComponent(() => {
      const { open, close } = useHeartbeatSocket(() => `ws://server/?token=${token.value}`, {
        WebSocket: fake.WebSocket,
        immediate: false,
        beforeConnect: () => void language.value,
      });
      watchEffect(() => {
        runs += 1;
        if (shown.value) open();
        else close();
      });
      return () => h('p');
    }),
  );
  fake.newest.accept();
  language.value = 'de';
  await nextTick();
  expect([runs, fake.sockets.length]).toEqual([1, 1]);
  token.value = 2;
  await nextTick();
  expect([runs, fake.sockets.length]).toEqual([1, 2]);
  shown.value = false;
  await nextTick();
  token.value = 3;
  await nextTick();
  expect([runs, fake.sockets.length]).toEqual([2, 3]);
  wrapper.unmount();
});

test('open() and close() inside a scope leave nothing in that scope', () => {
  const scope = effectScope(true);
  const size = (): number => held(scope).length;
  const socket = scope.run(() => useHeartbeatSocket(() => 'ws://server/', { WebSocket: fake.WebSocket }));
  const before = size();
  scope.run(() => {
    for (let i = 0; i < 100; i += 1) {
      socket?.close();
      socket?.open();
    }
  });
  expect(size()).toBe(before);
  scope.stop();
  expect(fake.live()).toEqual([]);
});

test('outside any scope the composable works, and says once that the caller must close() the connection', async () => {
  const { useHeartbeatSocket: fresh } = await import('../../src/vue/use-heartbeat-socket');
  const leaks = watchLeaks();
  const one = fresh('ws://server/', { WebSocket: fake.WebSocket });
  const two = fresh('ws://server/', { WebSocket: fake.WebSocket });
  expect(takeWarnings(/outside of any effect scope.*close\(\)/)).toBeLessThanOrEqual(1);
  expect(one.status.value).toBe('CONNECTING');
  one.close();
  two.close();
  expect({ timers: leaks.timers(), listeners: leaks.listeners(), live: fake.live().length }).toEqual({
    timers: 0,
    listeners: 0,
    live: 0,
  });
});

test('with autoClose: false the connection outlives its scope, and close() ends it', () => {
  const { wrapper, socket } = mountSocket(fake, { autoClose: false });
  fake.newest.accept();
  wrapper.unmount();
  expect(socket.status.value).toBe('OPEN');
  socket.close();
  expect(fake.live()).toEqual([]);
});

test('a component that is unmounted while its Suspense is pending ends its connection', async () => {
  const Pending = defineComponent({
    async setup() {
      useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket });
      await new Promise(() => {});
      return () => h('p');
    },
  });
  const wrapper = mount(defineComponent(() => () => h(Suspense, null, { default: h(Pending), fallback: h('i') })));
  expect(fake.live()).toHaveLength(1);
  wrapper.unmount();
  expect(fake.live()).toHaveLength(0);
  expect(takeWarnings(/Suspense.*experimental/)).toBeLessThanOrEqual(1);
});
