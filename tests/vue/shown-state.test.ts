/** What a user sees of a connection, and what must not be seen any more. */
import { expect, test, vi } from 'vitest';
import { nextTick, ref } from 'vue';
import { mountSocket } from '../support/mount-socket';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

test('the countdown to the next attempt is right after the user has set the clock back by an hour', () => {
  vi.setSystemTime('2026-11-25T12:00:00Z');
  const { wrapper, socket } = mountSocket(fake, { autoReconnect: { delay: 30_000 } });
  fake.newest.end();
  const left = (): number => ((socket.retryAt.value ?? 0) - Date.now()) / 1_000;
  expect(left()).toBe(30);
  vi.advanceTimersByTime(10_000);
  vi.setSystemTime('2026-11-25T11:00:10Z');
  expect(left()).toBe(20);
  vi.advanceTimersByTime(20_000);
  expect(socket.phase.value).toBe('connecting');
  wrapper.unmount();
});

test('the last message of one room is not shown in the next', async () => {
  const url = ref<string | null>('ws://server/one');
  const { wrapper, socket } = mountSocket(fake, {}, url);
  fake.newest.accept();
  fake.newest.say('message of one');
  url.value = 'ws://server/two';
  await nextTick();
  expect(socket.data.value).toBeNull();
  expect(wrapper.text()).toBe('CONNECTING connecting null');
  fake.newest.accept();
  fake.newest.say('message of two');
  fake.newest.end();
  expect(socket.data.value).toBe('message of two');
  url.value = null;
  await nextTick();
  expect(socket.data.value).toBeNull();
  wrapper.unmount();
});

test('pending shows how many messages wait', () => {
  const { wrapper, socket } = mountSocket(fake);
  expect(socket.pending.value).toBe(0);
  socket.send('one');
  socket.send('two');
  expect(socket.pending.value).toBe(2);
  fake.newest.accept();
  expect(socket.pending.value).toBe(0);
  wrapper.unmount();
});
