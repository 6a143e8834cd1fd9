import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, defineStore } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  computed,
  createApp,
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  isReadonly,
  KeepAlive,
  nextTick,
  onMounted,
  ref,
  Suspense,
  shallowRef,
  watch,
  watchEffect,
} from 'vue';
import { HeartbeatSocketError, type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src';
import { type FakeWebSocket, fakeWebSocket } from '../support/fake-web-socket';
import { watchLeaks } from '../support/leaks';
import { takeWarnings } from '../support/no-warnings';

let fake: FakeWebSocket;

beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeWebSocket();
});

afterEach(() => {
  vi.useRealTimers();
});

type Options = Parameters<typeof useHeartbeatSocket>[1];

/** Mounts a component that does nothing but call the composable. */
function mountSocket(options: Options = {}, url: Parameters<typeof useHeartbeatSocket>[0] = 'ws://server/') {
  let socket!: UseHeartbeatSocketReturn<unknown>;
  const wrapper = mount(
    defineComponent(() => {
      socket = useHeartbeatSocket<unknown>(url, { WebSocket: fake.WebSocket, ...options });
      return () => h('p', `${socket.status.value} ${socket.phase.value} ${socket.data.value}`);
    }),
  );
  return { wrapper, socket };
}

describe('in a component', () => {
  test('connects within the call, and follows the connection in the template', async () => {
    const { wrapper, socket } = mountSocket();
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

  test('who watches the phase synchronously finds the rest up to date', () => {
    const { wrapper, socket } = mountSocket();
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

  test('all state is readonly refs', () => {
    const { wrapper, socket } = mountSocket();
    const { send, open, close, ...state } = socket;
    expect(Object.keys(state).sort()).toEqual([
      'data',
      'error',
      'failures',
      'latency',
      'left',
      'phase',
      'retryAt',
      'status',
      'ws',
    ]);
    for (const value of Object.values(state)) expect(isReadonly(value)).toBe(true);
    wrapper.unmount();
  });

  test('unmounting leaves: closed with 1000, left set, and nothing ever again', async () => {
    const { wrapper, socket } = mountSocket();
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
      const { wrapper } = mountSocket();
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

  test('a silent link, unmounted before the late close event: no connection ever again', async () => {
    const { wrapper } = mountSocket();
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

  test('log out and log in again: each push arrives once', async () => {
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
    const { wrapper, socket } = mountSocket();
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
    const { wrapper } = mountSocket({ onConnected, onMessage, onDisconnected, serializer: 'json' });
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

  test('an abandoned socket gets a made CloseEvent', () => {
    const onDisconnected = vi.fn();
    const { wrapper } = mountSocket({ onDisconnected });
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
    const { wrapper, socket } = mountSocket();
    fake.newest.accept();
    socket.close(undefined, 'bye');
    expect(fake.newest.closedWith).toEqual([1000, 'bye']);
    wrapper.unmount();
  });

  test('a bad option throws at the call', () => {
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
    const { wrapper, socket } = mountSocket({
      onError,
      onMessage() {
        throw boom;
      },
    });
    fake.newest.accept();
    fake.newest.say('hello');
    expect(onError).toHaveBeenCalledWith(fake.newest, expect.any(ErrorEvent));
    expect(onError.mock.calls[0]?.[1].error).toMatchObject({ code: 'callback', cause: boom });
    expect(socket.status.value).toBe('OPEN');
    wrapper.unmount();
  });
});

describe('the url', () => {
  test('a new one closes the old socket and opens the new one in the same tick', async () => {
    const url = ref('ws://one/');
    const { wrapper, socket } = mountSocket({}, url);
    fake.newest.accept();
    url.value = 'ws://two/';
    await nextTick();
    expect(fake.sockets.map((s) => s.url)).toEqual(['ws://one/', 'ws://two/']);
    expect(fake.sockets[0]?.closedWith).toEqual([1000, undefined]);
    expect(socket.status.value).toBe('CONNECTING');
    wrapper.unmount();
  });

  test('undefined and the empty string mean: not now', async () => {
    const url = ref<string | undefined>(undefined);
    const { wrapper, socket } = mountSocket({}, () => url.value);
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
    '%s() between two changes of the url, in one tick: the last one counts',
    async (command, before, between, after, live) => {
      const url = ref<string | undefined>(before);
      const { wrapper, socket } = mountSocket({}, url);
      url.value = between;
      socket[command]();
      url.value = after;
      await nextTick();
      expect(fake.live().map((one) => one.url)).toEqual(live);
      wrapper.unmount();
    },
  );

  test('immediate: false stays so when what the url is made of changes, and the url does not', async () => {
    const room = ref({ id: 1 });
    const { wrapper } = mountSocket({ immediate: false }, () => `ws://server/${room.value.id}`);
    room.value = { id: 1 };
    await nextTick();
    expect(fake.sockets).toEqual([]);
    room.value = { id: 2 };
    await nextTick();
    expect(fake.live()).toHaveLength(1);
    wrapper.unmount();
  });

  test('a log-out that takes the token away and closes stays closed', async () => {
    const token = ref<string>('abc');
    const { wrapper, socket } = mountSocket({}, () => `ws://server/?token=${token.value}`);
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

  test('open() right after a change, and the watcher after it, make one socket', async () => {
    const url = ref('ws://one/');
    const { wrapper, socket } = mountSocket({}, url);
    url.value = 'ws://two/';
    socket.open();
    await nextTick();
    expect(fake.sockets).toHaveLength(2);
    wrapper.unmount();
  });

  test('autoConnect: false waits for open(), immediate: false too', async () => {
    const url = ref('ws://one/');
    const { wrapper, socket } = mountSocket({ immediate: false, autoConnect: false }, url);
    url.value = 'ws://two/';
    await nextTick();
    expect(socket.phase.value).toBe('idle');
    socket.open();
    expect(fake.newest.url).toBe('ws://two/');
    wrapper.unmount();
  });

  test('protocols: a string, a list, a getter', () => {
    for (const protocols of ['v1', ['v1'], () => ['v1']]) {
      const { wrapper } = mountSocket({ protocols });
      expect(fake.newest.protocols).toEqual(['v1']);
      wrapper.unmount();
    }
  });

  test('a getter that gives a new but equal URL object does not undo close()', async () => {
    const tick = ref(0);
    const { wrapper, socket } = mountSocket({}, () => new URL(`ws://server/?x=${tick.value && 0}`));
    socket.close();
    tick.value += 1;
    await nextTick();
    expect(socket.phase.value).toBe('closed');
    wrapper.unmount();
  });

  test('a getter that throws is reported, and means "not now" until it gives one', async () => {
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

  test('called with none at all, where the app has no connection to join, it says so', () => {
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
});

describe('scopes', () => {
  test("an effect scope: its end is the connection's", () => {
    const scope = effectScope();
    const socket = scope.run(() => useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket }));
    fake.newest.accept();
    scope.stop();
    expect(fake.live()).toEqual([]);
    expect(socket?.left.value).toBe(true);
  });

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

  test('a Pinia store: the connection outlives the component that used it first', () => {
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

  test('an effect that opens and closes depends on nothing that this reads', async () => {
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

  test('opening and closing in the hooks of a component leaves nothing in its scope', () => {
    const scope = effectScope(true);
    const size = (): number => (scope as unknown as { effects: unknown[] }).effects.length;
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

  test('outside any scope it works, and says once that the caller must close() it', async () => {
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

  test('autoClose: false outlives its scope, and close() ends it', () => {
    const { wrapper, socket } = mountSocket({ autoClose: false });
    fake.newest.accept();
    wrapper.unmount();
    expect(socket.status.value).toBe('OPEN');
    socket.close();
    expect(fake.live()).toEqual([]);
  });

  test('a pending Suspense that is unmounted', async () => {
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
});

describe('<KeepAlive>', () => {
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

  test("'stay': a deactivated component keeps its connection", async () => {
    const { wrapper, shown } = mountKept('stay');
    shown.value = false;
    await nextTick();
    expect(fake.live()).toHaveLength(1);
    wrapper.unmount();
    expect(fake.live()).toHaveLength(0);
  });

  test("'close': closed while deactivated, back when activated, gone when unmounted", async () => {
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

  test('a store outlives the component that used it first, and is not put away with it', async () => {
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

  test('outside of a component nothing is deactivated, and nobody is warned of it', () => {
    const scope = effectScope();
    scope.run(() => useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket, whenDeactivated: 'close' }));
    expect(fake.live()).toHaveLength(1);
    scope.stop();
    expect(fake.live()).toHaveLength(0);
  });
});

describe('heartbeat', () => {
  test('the message may be a ref, read anew for each beat', () => {
    const message = shallowRef('one');
    const { wrapper } = mountSocket({ heartbeat: { message, interval: 1_000 } });
    fake.newest.accept();
    vi.advanceTimersByTime(1_000);
    fake.newest.say('one');
    message.value = 'two';
    vi.advanceTimersByTime(1_000);
    expect(fake.newest.sent).toEqual(['one', 'two']);
    wrapper.unmount();
  });

  test('a scheduler stops with the component', () => {
    let ticks = 0;
    const scheduler = (beat: () => void) => {
      let timer: ReturnType<typeof setInterval> | undefined;
      return {
        isActive: ref(true),
        resume() {
          timer = setInterval(() => {
            ticks += 1;
            beat();
          }, 100);
        },
        pause: () => clearInterval(timer),
      };
    };
    const { wrapper } = mountSocket({ heartbeat: { scheduler } });
    fake.newest.accept();
    vi.advanceTimersByTime(250);
    wrapper.unmount();
    vi.advanceTimersByTime(1_000);
    expect([ticks, vi.getTimerCount()]).toEqual([2, 0]);
  });

  test("VueUse's scheduler times the beats, while the connection is open", () => {
    let beat = (): void => {};
    const pausable = { isActive: ref(true), pause: vi.fn(), resume: vi.fn() };
    const scheduler = vi.fn((callback: () => void) => {
      beat = callback;
      return pausable;
    });
    const { wrapper, socket } = mountSocket({ heartbeat: { scheduler } });
    beat();
    expect(pausable.resume).not.toHaveBeenCalled();
    fake.newest.accept();
    expect(pausable.resume).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(fake.newest.sent).toEqual([]);
    beat();
    expect(fake.newest.sent).toEqual(['HeartBeat']);
    vi.advanceTimersByTime(10_000);
    expect(socket.phase.value).toBe('waiting');
    expect(pausable.pause).toHaveBeenCalledTimes(2);
    wrapper.unmount();
  });
});
