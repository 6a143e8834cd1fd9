/** The url and the protocols of the composable, and when it connects to a new url. */
import { flushPromises, mount } from '@vue/test-utils';
import { expect, test, vi } from 'vitest';
import { defineComponent, effectScope, h, nextTick, ref } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { mountSocket } from '../support/mount-socket';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

test('a new url closes the old socket and opens the new one in the same tick', async () => {
  const url = ref('ws://one/');
  const { wrapper, socket } = mountSocket(fake, {}, url);
  fake.newest.accept();
  url.value = 'ws://two/';
  await nextTick();
  expect(fake.sockets.map((s) => s.url)).toEqual(['ws://one/', 'ws://two/']);
  expect(fake.sockets[0]?.closedWith).toEqual([1000, undefined]);
  expect(socket.status.value).toBe('CONNECTING');
  wrapper.unmount();
});

test('the composable has no socket while the url is undefined or empty', async () => {
  const url = ref<string | undefined>(undefined);
  const { wrapper, socket } = mountSocket(fake, {}, () => url.value);
  expect(socket.phase.value).toBe('idle');
  url.value = '';
  await nextTick();
  expect(fake.sockets).toHaveLength(0);
  socket.send('kept');
  url.value = 'ws://server/';
  await nextTick();
  fake.newest.accept();
  expect(fake.newest.sent).toEqual(['kept']);
  url.value = undefined;
  await nextTick();
  expect(socket).toMatchObject({ phase: { value: 'idle' }, ws: { value: undefined } });
  wrapper.unmount();
});

test.each([
  ['open', 'ws://a/', 'ws://b/', 'ws://a/', ['ws://a/']],
  ['open', undefined, 'ws://a/', undefined, []],
  ['open', 'ws://a/', undefined, 'ws://a/', ['ws://a/']],
  // Newer than the close().
  ['close', 'ws://a/', 'ws://b/', 'ws://a/', ['ws://a/']],
] as const)(
  'after %s() between two changes of the url in one tick, from %s to %s to %s, the last url counts',
  async (command, before, between, after, live) => {
    const url = ref<string | undefined>(before);
    const { wrapper, socket } = mountSocket(fake, {}, url);
    url.value = between;
    socket[command]();
    url.value = after;
    await nextTick();
    expect(fake.live().map((one) => one.url)).toEqual(live);
    wrapper.unmount();
  },
);

test('with immediate: false, a change that leaves the url the same does not connect, and a new url does', async () => {
  const room = ref({ id: 1 });
  const { wrapper } = mountSocket(fake, { immediate: false }, () => `ws://server/${room.value.id}`);
  room.value = { id: 1 };
  await nextTick();
  expect(fake.sockets).toEqual([]);
  room.value = { id: 2 };
  await nextTick();
  expect(fake.live()).toHaveLength(1);
  wrapper.unmount();
});

test('a user who logs out, which takes the token away and closes, stays disconnected', async () => {
  const token = ref<string>('abc');
  const { wrapper, socket } = mountSocket(fake, {}, () => `ws://server/?token=${token.value}`);
  fake.newest.accept();
  token.value = '';
  socket.close();
  await nextTick();
  expect([socket.phase.value, fake.sockets.length]).toEqual(['closed', 1]);
  wrapper.unmount();
});

test('a beforeConnect that puts a token into the url makes one socket, and no other in the next tick', async () => {
  const token = ref(0);
  const { wrapper, socket } = mountSocket(
    fake,
    {
      beforeConnect: () => {
        token.value += 1;
      },
    },
    () => `ws://server/?token=${token.value}`,
  );
  await flushPromises();
  expect([token.value, fake.sockets.length, fake.newest.url]).toEqual([1, 1, 'ws://server/?token=1']);
  fake.newest.accept();
  expect(socket.phase.value).toBe('open');
  wrapper.unmount();
});

test('open() right after a change of the url, and the watcher after it, make one socket', async () => {
  const url = ref('ws://one/');
  const { wrapper, socket } = mountSocket(fake, {}, url);
  url.value = 'ws://two/';
  socket.open();
  await nextTick();
  expect(fake.sockets).toHaveLength(2);
  wrapper.unmount();
});

test('with autoConnect: false and immediate: false, a new url waits for open()', async () => {
  const url = ref('ws://one/');
  const { wrapper, socket } = mountSocket(fake, { immediate: false, autoConnect: false }, url);
  url.value = 'ws://two/';
  await nextTick();
  expect(socket.phase.value).toBe('idle');
  socket.open();
  expect(fake.newest.url).toBe('ws://two/');
  wrapper.unmount();
});

test('protocols may be a string, a list or a getter', () => {
  for (const protocols of ['v1', ['v1'], () => ['v1']]) {
    const { wrapper } = mountSocket(fake, { protocols });
    expect(fake.newest.protocols).toEqual(['v1']);
    wrapper.unmount();
  }
});

test('a url getter that gives a new but equal URL object does not undo close()', async () => {
  const tick = ref(0);
  const { wrapper, socket } = mountSocket(fake, {}, () => new URL(`ws://server/?x=${tick.value && 0}`));
  socket.close();
  tick.value += 1;
  await nextTick();
  expect(socket.phase.value).toBe('closed');
  wrapper.unmount();
});

test('a url getter that throws is reported, and the composable connects once the getter gives a url', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  const user = ref<{ id: number }>();
  const scope = effectScope();
  const url = (): string => `ws://server/${(user.value as { id: number }).id}`;
  const socket = scope.run(() => useHeartbeatSocket(url, { WebSocket: fake.WebSocket }));
  expect(socket?.phase.value).toBe('idle');
  expect(errors).toHaveBeenCalled();
  user.value = { id: 7 };
  await nextTick();
  expect(fake.newest.url).toBe('ws://server/7');
  scope.stop();
});

test('the composable warns when it is called without a url where the app has no connection to join', () => {
  const wrapper = mount(
    defineComponent(() => {
      const { phase } = useHeartbeatSocket();
      return () => h('p', phase.value);
    }),
  );
  expect(wrapper.text()).toBe('idle');
  expect(takeWarnings(/joins the connection of createHeartbeatSocket/)).toBe(1);
  wrapper.unmount();
});
