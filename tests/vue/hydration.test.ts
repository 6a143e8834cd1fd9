/** A page that the server has rendered, and state that comes from the server. */
import { mount } from '@vue/test-utils';
import { createPinia, defineStore } from 'pinia';
import { expect, test } from 'vitest';
import { computed, createSSRApp, defineComponent, h, nextTick, onMounted } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

test.each([
  { words: 'that allows for it', immediate: true, rendered: '<p data-allow-mismatch="text">CLOSED</p>' },
  { words: 'that connects when it is mounted', immediate: false, rendered: '<p>CLOSED</p>' },
])('a template $words shows the status without a hydration mismatch', async ({ immediate, rendered }) => {
  const Page = defineComponent(() => {
    const { status, open } = useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket, immediate });
    if (!immediate) onMounted(open);
    return () => h('p', status.value);
  });
  const host = document.createElement('div');
  host.innerHTML = rendered;
  const app = createSSRApp(Page);
  app.mount(host);
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  app.unmount();
});

test('a Pinia store that is hydrated from the server keeps its own state', () => {
  const useStore = defineStore('live', () => useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket }));
  const pinia = createPinia();
  pinia.state.value = { live: { status: 'CLOSED', phase: 'idle', data: null, left: false } };
  let store!: ReturnType<typeof useStore>;
  const Page = defineComponent(() => {
    store = useStore();
    return () => h('p', store.status);
  });
  const wrapper = mount(Page, { global: { plugins: [pinia] } });
  takeWarnings(/readonly/);
  expect(store.status).toBe('CONNECTING');
  wrapper.unmount();
  store.$dispose();
});

test('a Pinia store that gives its state out through computed is hydrated without a word', () => {
  const useStore = defineStore('live', () => {
    const { status, send } = useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket });
    return { status: computed(() => status.value), send };
  });
  const pinia = createPinia();
  pinia.state.value = { live: { status: 'CLOSED' } };
  let store!: ReturnType<typeof useStore>;
  const Page = defineComponent(() => {
    store = useStore();
    return () => h('p', store.status);
  });
  const wrapper = mount(Page, { global: { plugins: [pinia] } });
  expect(store.status).toBe('CONNECTING');
  wrapper.unmount();
  store.$dispose();
});
