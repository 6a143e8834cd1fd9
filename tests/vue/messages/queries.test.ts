/** The README's recipes: queries of Pinia Colada and TanStack Query are loaded again when a connection has been away. */
import { PiniaColada, useQuery as useColadaQuery, useQueryCache } from '@pinia/colada';
import { useQueryClient, useQuery as useTanstackQuery, VueQueryPlugin } from '@tanstack/vue-query';
import { createPinia } from 'pinia';
import { expect, test, vi } from 'vitest';
import { createApp } from 'vue';
import { useHeartbeatSocket } from '../../../src';
import { useFakeSockets } from '../../support/use-fake-sockets';

const fake = useFakeSockets();

async function reconnect(): Promise<void> {
  fake.newest.end();
  await vi.advanceTimersByTimeAsync(0);
  fake.newest.accept();
  await vi.advanceTimersByTimeAsync(0);
}

test('the queries are loaded when the page first shows them, and again after each loss', async () => {
  const colada = vi.fn(async () => 'news');
  const tanstack = vi.fn(async () => 'news');
  const app = createApp({
    setup() {
      const socket = useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket, autoReconnect: { delay: 0 } });
      const cache = useQueryCache();
      const client = useQueryClient();
      useColadaQuery({ key: ['news'], query: colada });
      useTanstackQuery({ queryKey: ['news'], queryFn: tanstack });
      socket.on('opened', ({ isFirst }) => {
        if (isFirst) return;
        cache.invalidateQueries({ key: ['news'] });
        client.invalidateQueries({ queryKey: ['news'] });
      });
      return () => null;
    },
  });
  app.use(createPinia()).use(PiniaColada, {}).use(VueQueryPlugin).mount(document.createElement('div'));
  fake.newest.accept();
  await vi.advanceTimersByTimeAsync(0);
  expect([colada.mock.calls.length, tanstack.mock.calls.length]).toEqual([1, 1]);
  await reconnect();
  expect([colada.mock.calls.length, tanstack.mock.calls.length]).toEqual([2, 2]);
  await reconnect();
  expect([colada.mock.calls.length, tanstack.mock.calls.length]).toEqual([3, 3]);
  app.unmount();
});
