/** The composable in a component. */
import { mount } from '@vue/test-utils';
import { expect, test, vi } from 'vitest';
import { createApp, defineComponent, effectScope, h, isReadonly, nextTick, ref, watch } from 'vue';
import { HeartbeatSocketError, type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src';
import { watchLeaks } from '../support/leaks';
import { mountSocket } from '../support/mount-socket';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

test('the composable connects within the call, and the template follows the connection', async () => {
  const { wrapper, socket } = mountSocket(fake);
  expect(wrapper.text()).toBe('CONNECTING connecting null');
  expect(socket.data.value).toBeNull();
  expect(fake.newest.protocols).toEqual([]);
  fake.newest.accept();
  fake.newest.say('hello');
  await nextTick();
  expect(wrapper.text()).toBe('OPEN open hello');
  fake.newest.end();
  await nextTick();
  expect(wrapper.text()).toBe('CLOSED waiting hello');
  expect(socket.ws.value).toBe(fake.newest);
  wrapper.unmount();
});

test('a sync watcher of the phase finds the other state up to date', () => {
  const { wrapper, socket } = mountSocket(fake);
  const seen: unknown[] = [];
  watch(
    socket.phase,
    (phase) => seen.push([phase, socket.status.value, socket.retryAt.value !== undefined, socket.failures.value]),
    { flush: 'sync' },
  );
  fake.newest.end();
  expect(seen).toEqual([['waiting', 'CLOSED', true, 1]]);
  wrapper.unmount();
});

test('all state of the composable is readonly refs', () => {
  const { wrapper, socket } = mountSocket(fake);
  const { send, open, close, on, ...state } = socket;
  expect(Object.keys(state).sort()).toEqual([
    'data',
    'error',
    'failures',
    'latency',
    'left',
    'pending',
    'phase',
    'retryAt',
    'status',
    'ws',
  ]);
  for (const value of Object.values(state)) expect(isReadonly(value)).toBe(true);
  wrapper.unmount();
});

test('unmounting closes with 1000 and sets left, and nothing connects ever again', async () => {
  const { wrapper, socket } = mountSocket(fake);
  fake.newest.accept();
  wrapper.unmount();
  expect(fake.newest.closedWith).toEqual([1000, undefined]);
  expect(socket.left.value).toBe(true);
  fake.newest.end(1006);
  socket.open();
  expect(takeWarnings(/open\(\) does nothing any more/)).toBe(1);
  window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(fake.sockets).toHaveLength(1);
  expect(socket.phase.value).toBe('left');
});

test('200 mounts and unmounts, in whatever state, leave no timer, no listener and no socket', () => {
  const leaks = watchLeaks();
  for (let i = 0; i < 200; i += 1) {
    const { wrapper } = mountSocket(fake);
    if (i % 4 > 0) fake.newest.accept();
    if (i % 4 > 1) vi.advanceTimersByTime(15_000);
    if (i % 4 > 2) fake.newest.end();
    wrapper.unmount();
  }
  expect(fake.sockets).toHaveLength(200);
  expect({ sockets: fake.live().length, timers: leaks.timers(), listeners: leaks.listeners() }).toEqual({
    sockets: 0,
    timers: 0,
    listeners: 0,
  });
});

test('a component that is unmounted on a silent link, before the late close event, never connects again', async () => {
  const { wrapper } = mountSocket(fake);
  const first = fake.newest;
  first.accept();
  vi.advanceTimersByTime(20_000);
  wrapper.unmount();
  const made = fake.sockets.length;
  await vi.advanceTimersByTimeAsync(60_000);
  first.end(1006);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fake.sockets).toHaveLength(made);
  expect(fake.live()).toEqual([]);
});

test('when the user logs out and in again, each push arrives once', async () => {
  const received: unknown[] = [];
  const loggedIn = ref(true);
  const Chat = defineComponent(() => {
    useHeartbeatSocket('ws://server/', {
      WebSocket: fake.WebSocket,
      onMessage: (_, { data }) => received.push(data),
    });
    return () => h('p');
  });
  const wrapper = mount(defineComponent(() => () => (loggedIn.value ? h(Chat) : null)));
  fake.newest.accept();
  for (let i = 0; i < 5; i += 1) {
    loggedIn.value = false;
    await nextTick();
    loggedIn.value = true;
    await nextTick();
    fake.newest.accept();
  }
  vi.advanceTimersByTime(5_000);
  expect(fake.live()).toHaveLength(1);
  for (const socket of fake.sockets) socket.say('push');
  expect(received).toEqual(['push']);
  wrapper.unmount();
});

test('@click="close" does not take the event for a code; a code that no socket takes throws', () => {
  const { wrapper, socket } = mountSocket(fake);
  fake.newest.accept();
  expect(() => socket.close(999)).toThrow('close: code must be 1000 or 3000 to 4999, received 999');
  expect(socket.status.value).toBe('OPEN');
  socket.close(new MouseEvent('click'));
  expect(fake.newest.closedWith).toEqual([1000, undefined]);
  expect(socket.status.value).toBe('CLOSED');
  expect(socket.ws.value).toBeUndefined();
  wrapper.unmount();
});

test('callbacks get the socket and the very event', () => {
  const onConnected = vi.fn();
  const onMessage = vi.fn();
  const onDisconnected = vi.fn();
  const { wrapper } = mountSocket(fake, { onConnected, onMessage, onDisconnected, serializer: 'json' });
  fake.newest.accept();
  fake.newest.say('{"a":1}');
  fake.newest.end(1012, 'restart');
  const ws = fake.newest;
  expect(onConnected.mock.calls).toEqual([[ws]]);
  expect(onMessage.mock.calls[0]).toEqual([ws, expect.any(MessageEvent), { a: 1 }]);
  expect(onDisconnected.mock.calls[0]).toEqual([ws, expect.any(CloseEvent)]);
  expect(onDisconnected.mock.calls[0]?.[1]).toMatchObject({ code: 1012, reason: 'restart', wasClean: true });
  wrapper.unmount();
});

test('onDisconnected gets a made CloseEvent for a socket that was abandoned', () => {
  const onDisconnected = vi.fn();
  const { wrapper } = mountSocket(fake, { onDisconnected });
  fake.newest.accept();
  vi.advanceTimersByTime(20_000);
  const [, event] = onDisconnected.mock.calls[0] as [WebSocket, CloseEvent];
  expect(event).toBeInstanceOf(CloseEvent);
  expect(event).toMatchObject({ code: 1006, reason: 'silence', wasClean: false });
  wrapper.unmount();
  expect(onDisconnected).toHaveBeenCalledTimes(1);
});

test('a sync watcher that throws breaks nothing: the socket ends with the component all the same', () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  const onConnected = vi.fn();
  const onMessage = vi.fn();
  let socket!: UseHeartbeatSocketReturn<unknown>;
  const scope = effectScope();
  scope.run(() => {
    socket = useHeartbeatSocket<unknown>('ws://server/', { WebSocket: fake.WebSocket, onConnected, onMessage });
  });
  const outer = effectScope();
  outer.run(() => {
    for (const source of [socket.status, socket.phase, socket.ws, socket.data]) {
      watch(
        source,
        () => {
          throw new Error('watcher');
        },
        { flush: 'sync' },
      );
    }
  });
  fake.newest.accept();
  fake.newest.say('hello');
  expect([onConnected.mock.calls.length, onMessage.mock.calls.length]).toEqual([1, 1]);
  expect([socket.status.value, socket.phase.value, socket.data.value]).toEqual(['OPEN', 'open', 'hello']);
  scope.stop();
  expect(fake.live()).toEqual([]);
  expect(fake.sockets).toHaveLength(1);
  expect(socket.phase.value).toBe('left');
  outer.stop();
  expect(errors).toHaveBeenCalled();
  takeWarnings(/Unhandled error/);
});

test('close(undefined, reason) keeps the reason', () => {
  const { wrapper, socket } = mountSocket(fake);
  fake.newest.accept();
  socket.close(undefined, 'bye');
  expect(fake.newest.closedWith).toEqual([1000, 'bye']);
  wrapper.unmount();
});

test('the composable throws at the call when an option is bad', () => {
  expect(() => useHeartbeatSocket('ws://server/', { heartbeat: { interval: -1 } })).toThrow(HeartbeatSocketError);
  takeWarnings(/outside/);
});

test("a callback that throws reaches the app's error handler, or onError", async () => {
  const boom = new Error('boom');
  const errorHandler = vi.fn();
  const app = createApp(
    defineComponent(() => {
      useHeartbeatSocket('ws://server/', {
        WebSocket: fake.WebSocket,
        onConnected() {
          throw boom;
        },
      });
      return () => h('p');
    }),
  );
  app.config.errorHandler = errorHandler;
  app.mount(document.createElement('div'));
  fake.newest.accept();
  expect(errorHandler).toHaveBeenCalledWith(boom, expect.anything(), expect.anything());
  app.unmount();

  const onError = vi.fn();
  const { wrapper, socket } = mountSocket(fake, {
    onError,
    onMessage() {
      throw boom;
    },
  });
  fake.newest.accept();
  fake.newest.say('hello');
  expect(onError).toHaveBeenCalledWith(fake.newest, expect.any(ErrorEvent));
  expect(onError.mock.calls[0]?.[1].error).toMatchObject({
    code: 'callback',
    cause: { name: 'Error', message: 'boom' },
  });
  expect(socket.status.value).toBe('OPEN');
  wrapper.unmount();
});
