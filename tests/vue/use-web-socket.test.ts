/** What code written for VueUse's `useWebSocket` relies on: the same call works here, by types and at run time. */
import { mount } from '@vue/test-utils';
import { type UseWebSocketOptions, type UseWebSocketReturn, useWebSocket } from '@vueuse/core';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { defineComponent, h, nextTick, ref } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

beforeEach(() => {
  vi.stubGlobal('WebSocket', fake.WebSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Every option that VueUse documents, as it documents it. */
const documented = {
  onConnected: vi.fn((ws: WebSocket) => void ws),
  onDisconnected: vi.fn((ws: WebSocket, event: CloseEvent) => void [ws, event]),
  onError: vi.fn((ws: WebSocket, event: Event) => void [ws, event]),
  onMessage: vi.fn((ws: WebSocket, event: MessageEvent) => void [ws, event]),
  heartbeat: { message: 'ping', responseMessage: 'pong', pongTimeout: 1_000 },
  autoReconnect: { retries: 3, delay: 1_000, onFailed: vi.fn() },
  immediate: true,
  autoConnect: true,
  autoClose: true,
  protocols: ['soap'],
} satisfies UseWebSocketOptions;

describe('types', () => {
  test('the options of useWebSocket are options of useHeartbeatSocket', () => {
    expectTypeOf<typeof documented>().toExtend<NonNullable<Parameters<typeof useHeartbeatSocket>[1]>>();
    expectTypeOf<UseWebSocketOptions>().toExtend<NonNullable<Parameters<typeof useHeartbeatSocket>[1]>>();
  });

  test('what useHeartbeatSocket returns can stand where the return value of useWebSocket stood', () => {
    expectTypeOf(useHeartbeatSocket<string>('')).toExtend<UseWebSocketReturn<string>>();
    expectTypeOf<Parameters<typeof useWebSocket>[0]>().toExtend<
      NonNullable<Parameters<typeof useHeartbeatSocket>[0]> | undefined
    >();
    takeWarnings(/outside/);
  });

  test('ReturnType<typeof useHeartbeatSocket> is the type of what the call gives', () => {
    type Socket = ReturnType<typeof useHeartbeatSocket>;
    let socket: Socket | undefined;
    socket = useHeartbeatSocket('');
    socket = useHeartbeatSocket<{ a: number }>('', { onMessage() {} });
    const made = useHeartbeatSocket('');
    const all: Socket[] = [made];
    const options: Parameters<typeof useHeartbeatSocket>[1] = { serializer: 'json' };
    all.push(useHeartbeatSocket('', options), useHeartbeatSocket('', { serializer: 'json' }));
    for (const one of all) expectTypeOf(one.send).toBeCallableWith({ a: 1 });
    expectTypeOf(socket).toExtend<Socket>();
    takeWarnings(/outside/);
  });

  test('useHeartbeatSocket takes a type for what is read together with a serializer of the caller', () => {
    const socket = useHeartbeatSocket<{ price: number }>('', {
      serializer: {
        read: (text: string) => JSON.parse(text),
        write: (value: { buy: string }) => JSON.stringify(value),
      },
      heartbeat: { responseMessage: (data: string) => data.startsWith('pong') },
    });
    expectTypeOf(socket.data.value).toEqualTypeOf<{ price: number } | null>();
    takeWarnings(/outside/);
  });

  test('the serializer gives data and send() their types', () => {
    const json = useHeartbeatSocket<{ a: number }>('', { serializer: 'json' });
    expectTypeOf(json.data.value).toEqualTypeOf<{ a: number } | null>();
    const own = useHeartbeatSocket('', {
      serializer: { read: (raw: string) => Number(raw), write: (value: number) => `${value}` },
    });
    expectTypeOf(own.data.value).toEqualTypeOf<number | null>();
    expectTypeOf(own.send).parameter(0).toEqualTypeOf<number>();
    takeWarnings(/outside/);
  });
});

/** The same user code, once with each. */
const both = [
  ['useWebSocket', useWebSocket],
  ['useHeartbeatSocket', useHeartbeatSocket as unknown as typeof useWebSocket],
] as const;

describe.each(both)('the same code with %s', (name, use) => {
  const mountUser = (options: UseWebSocketOptions, url: Parameters<typeof useWebSocket>[0] = 'ws://server/') => {
    let socket!: UseWebSocketReturn<unknown>;
    const wrapper = mount(
      defineComponent(() => {
        socket = use<unknown>(url, options);
        return () => h('p', socket.status.value);
      }),
    );
    return { wrapper, socket };
  };

  test(`${name} connects within the call, and the constructor gets (url, protocols)`, () => {
    const { wrapper, socket } = mountUser(documented);
    expect([socket.status.value, socket.data.value]).toEqual(['CONNECTING', null]);
    expect([fake.newest.url, fake.newest.protocols]).toEqual(['ws://server/', ['soap']]);
    expect(socket.ws.value).toBe(fake.newest);
    wrapper.unmount();
    const bare = mountUser({});
    expect(fake.newest.protocols).toEqual([]);
    bare.wrapper.unmount();
  });

  test(`${name} calls back, buffers and sends, and keeps answers to its heartbeat out of data`, () => {
    vi.clearAllMocks();
    const { wrapper, socket } = mountUser(documented);
    expect(socket.send('buffered')).toBe(false);
    expect(socket.send('refused', false)).toBe(false);
    fake.newest.accept();
    expect(documented.onConnected.mock.calls).toEqual([[fake.newest]]);
    expect(socket.send('direct')).toBe(true);
    expect(fake.newest.sent).toEqual(['buffered', 'direct']);
    fake.newest.say('hello');
    fake.newest.say('pong');
    expect(socket.data.value).toBe('hello');
    expect(documented.onMessage.mock.calls.map(([ws, { data }]) => [ws === socket.ws.value, data])).toEqual([
      [true, 'hello'],
    ]);
    wrapper.unmount();
  });

  test(`${name} keeps ws on a remote close, calls onDisconnected with the very event, and retries after the delay`, () => {
    vi.clearAllMocks();
    const { wrapper, socket } = mountUser(documented);
    fake.newest.accept();
    const first = fake.newest;
    first.end(1011, 'oops');
    expect(socket.status.value).toBe('CLOSED');
    expect(socket.ws.value).toBe(first);
    expect(documented.onDisconnected.mock.calls[0]?.[1]).toMatchObject({ code: 1011, reason: 'oops' });
    vi.advanceTimersByTime(999);
    expect(fake.sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(fake.sockets).toHaveLength(2);
    wrapper.unmount();
  });

  test(`${name} gives the retries made to retries() and the next one to delay(), and calls onFailed`, () => {
    const retries = vi.fn((retried: number) => retried < 2);
    const delay = vi.fn((retry: number) => retry * 10);
    const onFailed = vi.fn();
    const { wrapper } = mountUser({ autoReconnect: { retries, delay, onFailed } });
    for (let i = 0; i < 3; i += 1) {
      fake.newest.end();
      vi.advanceTimersByTime(100);
    }
    expect(retries.mock.calls.map(([retried]) => retried)).toEqual([0, 1, 2]);
    expect(delay.mock.calls.map(([retry]) => retry)).toEqual([1, 2]);
    expect(onFailed).toHaveBeenCalledTimes(1);
    wrapper.unmount();
  });

  test(`close() of ${name} sets CLOSED at once, closes with 1000 and clears ws, and open() opens again`, () => {
    const { wrapper, socket } = mountUser({});
    fake.newest.accept();
    socket.close();
    expect([socket.status.value, socket.ws.value]).toEqual(['CLOSED', undefined]);
    expect(fake.newest.closedWith).toEqual([1000, undefined]);
    socket.open();
    expect([socket.status.value, fake.sockets.length]).toEqual(['CONNECTING', 2]);
    wrapper.unmount();
  });

  test(`${name} closes the old socket and opens the new one in the tick in which the url changes`, async () => {
    const url = ref<string | undefined>('ws://one/');
    const { wrapper } = mountUser({}, url);
    fake.newest.accept();
    url.value = 'ws://two/';
    await nextTick();
    expect(fake.sockets.map((socket) => [socket.url, socket.readyState])).toEqual([
      ['ws://one/', 2],
      ['ws://two/', 0],
    ]);
    wrapper.unmount();
  });

  test(`${name} with immediate: false waits for open(), and unmounting closes`, () => {
    const { wrapper, socket } = mountUser({ immediate: false });
    expect([socket.status.value, fake.sockets.length]).toEqual(['CLOSED', 0]);
    socket.open();
    fake.newest.accept();
    wrapper.unmount();
    expect(fake.newest.closedWith?.[0]).toBe(1000);
  });

  test(`${name} unmounted between the heartbeat's end and the late close event leaves ${name === 'useWebSocket' ? 'a socket that nobody closes' : 'no socket'}`, () => {
    const { wrapper } = mountUser({ heartbeat: { message: 'ping', pongTimeout: 1_000 }, autoReconnect: true });
    fake.newest.accept();
    vi.advanceTimersByTime(11_050);
    const first = fake.sockets[0];
    wrapper.unmount();
    const made = fake.sockets.length;
    first?.end(1006);
    vi.advanceTimersByTime(60_000);
    // The one difference that matters: VueUse opens a socket that nobody will close.
    expect(fake.sockets.length - made).toBe(name === 'useWebSocket' ? 1 : 0);
  });
});
