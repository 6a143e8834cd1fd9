/** `defineHeartbeatSocket`: one connection for all who ask for the same. */
import { createPinia, defineStore } from 'pinia';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import * as Vue from 'vue';
import {
  type App,
  computed,
  createApp,
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  KeepAlive,
  nextTick,
  onBeforeMount,
  ref,
  Suspense,
  watch,
} from 'vue';
import { renderToString } from 'vue/server-renderer';
import {
  acceptSharedSocketUpdate,
  createHeartbeatSocket,
  defineHeartbeatSocket,
  json,
  type SharedSocketOptions,
  type UseHeartbeatSocketReturn,
  useRequests,
  useSubscriptions,
} from '../../src';
import type { FakeSocket } from '../support/fake-web-socket';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

// biome-ignore lint/suspicious/noExplicitAny: tests send and receive anything
type Anything = any;
type AnySocket = UseHeartbeatSocketReturn<Anything, Anything>;

const usual = (more: SharedSocketOptions<Anything, Anything> = {}) => ({
  url: 'ws://server/',
  WebSocket: fake.WebSocket,
  heartbeat: false as const,
  ...more,
});

const rooms = (more: SharedSocketOptions<Anything, Anything> = {}) =>
  defineHeartbeatSocket((room: string) => usual({ url: `ws://server/${room}`, ...more }));

function inScope<T>(run: () => T) {
  const scope = effectScope(true);
  return { scope, value: scope.run(run) as T };
}

function mountApp(setup: () => unknown, install: (app: App) => void = () => {}) {
  const app = createApp({
    setup() {
      setup();
      return () => null;
    },
  });
  install(app);
  app.mount(document.createElement('div'));
  return app;
}

const urls = (): unknown[] => fake.sockets.map(({ url }) => String(url));

const live = (): FakeSocket[] => fake.live();

describe('all who call the composable', () => {
  test('hold one connection: five components, one socket, and none a second after the last has left', async () => {
    const use = defineHeartbeatSocket(usual());
    const scopes = Array.from({ length: 5 }, () => inScope(use));
    expect(fake.sockets).toHaveLength(1);
    fake.newest.accept();
    expect(scopes.map(({ value }) => value.phase.value)).toEqual(Array(5).fill('open'));
    for (const { scope } of scopes) scope.stop();
    await vi.advanceTimersByTimeAsync(999);
    expect(live()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(live()).toHaveLength(0);
  });

  test('have the same socket after a change of route and back within the linger', async () => {
    const use = defineHeartbeatSocket(usual({ linger: 5_000 }));
    const first = inScope(use);
    fake.newest.accept();
    first.scope.stop();
    await vi.advanceTimersByTimeAsync(4_999);
    const second = inScope(use);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([fake.sockets.length, live().length]).toEqual([1, 1]);
    second.scope.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(live()).toHaveLength(0);
    inScope(use).scope.stop();
    expect(fake.sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(5_000);
  });

  test('with linger 0 end it at once, and with Infinity it stays', async () => {
    const once = inScope(defineHeartbeatSocket(usual({ linger: 0 })));
    once.scope.stop();
    expect(live()).toHaveLength(0);
    const use = defineHeartbeatSocket(usual({ linger: Infinity }));
    const app = mountApp(() => effectScope(true).run(() => inScope(use).scope.stop()));
    fake.newest.accept();
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(live()).toHaveLength(1);
    app.unmount();
    expect(live()).toHaveLength(0);
  });

  test('close it for everyone, and open it for everyone', () => {
    const use = defineHeartbeatSocket(usual());
    const [a, b] = [inScope(use), inScope(use)];
    fake.newest.accept();
    a.value.close();
    expect([b.value.phase.value, live().length]).toEqual(['closed', 0]);
    b.value.open();
    expect([a.value.phase.value, fake.sockets.length]).toEqual(['connecting', 2]);
    for (const { scope } of [a, b]) scope.stop();
  });

  test('have a leave flag and listeners of their own', () => {
    const heard: string[] = [];
    const listen = (name: string) => () => {
      const socket = use();
      socket.on('received', ({ value }) => heard.push(`${name}: ${value}`));
      return socket;
    };
    const use = defineHeartbeatSocket(usual());
    const [a, b] = [inScope(listen('a')), inScope(listen('b'))];
    fake.newest.accept();
    fake.newest.say('one');
    a.scope.stop();
    fake.newest.say('two');
    expect(heard).toEqual(['a: one', 'b: one', 'b: two']);
    expect([a.value.left.value, b.value.left.value]).toEqual([true, false]);
    expect([a.value.send('x'), b.value.send('y'), fake.newest.sent]).toEqual([false, true, ['y']]);
    expect([a.value.phase.value, a.value.data.value]).toEqual(['idle', null]);
    b.scope.stop();
  });

  test('hear of a connection that is open already, in the next microtask', async () => {
    const use = defineHeartbeatSocket(usual());
    const heard: unknown[] = [];
    const early = inScope(() => use().on('opened', ({ isFirst }) => heard.push(['early', isFirst])));
    fake.newest.accept();
    const late = inScope(() => use().on('opened', ({ isFirst }) => heard.push(['late', isFirst])));
    expect(heard).toEqual([['early', true]]);
    await nextTick();
    expect(heard).toEqual([
      ['early', true],
      ['late', true],
    ]);
    for (const { scope } of [early, late]) scope.stop();
  });

  test('of two definitions with the same url hold two connections', () => {
    const both = [inScope(defineHeartbeatSocket(usual())), inScope(defineHeartbeatSocket(usual()))];
    expect(fake.sockets).toHaveLength(2);
    for (const { scope } of both) scope.stop();
  });
});

describe('arguments', () => {
  test('tell connections apart, as JSON', () => {
    const use = defineHeartbeatSocket(({ room }: { room: string }, page: number) =>
      usual({ url: `ws://server/${room}/${page}` }),
    );
    const all = [
      inScope(() => use({ room: 'a' }, 1)),
      inScope(() => use({ room: 'a' }, 1)),
      inScope(() => use({ room: 'a' }, 2)),
    ];
    expect(urls()).toEqual(['ws://server/a/1', 'ws://server/a/2']);
    for (const { scope } of all) scope.stop();
  });

  test('may change: the caller moves, and nothing of the old room reaches it', async () => {
    const use = rooms();
    const room = ref('a');
    const heard: unknown[] = [];
    const { scope, value: socket } = inScope(() => {
      const own = use(room);
      own.on('received', ({ value }) => heard.push(value));
      own.on('opened', () => heard.push('opened'));
      return own;
    });
    const [first] = fake.sockets as [FakeSocket];
    first.accept();
    first.say('in a');
    expect([socket.data.value, socket.phase.value]).toEqual(['in a', 'open']);
    room.value = 'b';
    // Before the next tick.
    expect([socket.data.value, socket.phase.value, socket.ws.value]).toEqual([null, 'idle', undefined]);
    first.say('late in a');
    await nextTick();
    expect(urls()).toEqual(['ws://server/a', 'ws://server/b']);
    expect([socket.data.value, socket.phase.value]).toEqual([null, 'connecting']);
    fake.newest.accept();
    fake.newest.say('in b');
    expect(heard).toEqual(['opened', 'in a', 'opened', 'in b']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live().map(({ url }) => String(url))).toEqual(['ws://server/b']);
    scope.stop();
  });

  test('that change together open one connection, not one for each', async () => {
    const use = defineHeartbeatSocket((a: string, b: string) => usual({ url: `ws://server/${a}/${b}` }));
    const [a, b] = [ref('1'), ref('1')];
    const { scope } = inScope(() => use(a, () => b.value));
    a.value = '2';
    b.value = '2';
    await nextTick();
    expect(urls()).toEqual(['ws://server/1/1', 'ws://server/2/2']);
    scope.stop();
  });

  test('that change there and back keep the socket', async () => {
    const use = rooms();
    const room = ref('a');
    const { scope, value: socket } = inScope(() => use(room));
    fake.newest.accept();
    room.value = 'b';
    room.value = 'a';
    await nextTick();
    expect([fake.sockets.length, socket.phase.value]).toEqual([1, 'open']);
    scope.stop();
  });

  test('that have changed hold for what is sent in the same tick', () => {
    const use = rooms();
    const room = ref('a');
    const { scope, value: socket } = inScope(() => use(room));
    fake.newest.accept();
    room.value = 'b';
    expect(socket.send('for b')).toBe(false);
    expect(urls()).toEqual(['ws://server/a', 'ws://server/b']);
    fake.newest.accept();
    expect(fake.sockets.map(({ sent }) => sent)).toEqual([[], ['for b']]);
    scope.stop();
  });

  test('show in a template and in a computed the state of the new room, and never that of the old one', async () => {
    const use = rooms();
    const room = ref('a');
    const seen: string[] = [];
    const { scope } = inScope(() => {
      const { data } = use(room);
      const line = computed(() => `${room.value}: ${data.value}`);
      watch(line, (now) => seen.push(now), { flush: 'sync' });
    });
    fake.newest.accept();
    fake.newest.say('x');
    room.value = 'b';
    await nextTick();
    fake.newest.accept();
    fake.newest.say('y');
    expect(seen.filter((line) => line === 'b: x' || line === 'a: y')).toEqual([]);
    expect(seen.at(-1)).toBe('b: y');
    scope.stop();
  });

  test('that give no url mean "not now"', async () => {
    const use = defineHeartbeatSocket((room: string | undefined) =>
      usual({ url: room === undefined ? undefined : `ws://server/${room}` }),
    );
    const room = ref<string>();
    const { scope, value: socket } = inScope(() => use(room));
    expect([fake.sockets.length, socket.phase.value]).toEqual([0, 'idle']);
    room.value = 'a';
    await nextTick();
    expect(urls()).toEqual(['ws://server/a']);
    scope.stop();
  });

  test('without JSON are refused', () => {
    const use = defineHeartbeatSocket((_: unknown) => usual());
    expect(() => inScope(() => use(Symbol('x')))).toThrow('option: an argument of a shared connection must have JSON');
    expect(() => inScope(() => use(1n))).toThrow('option: an argument of a shared connection must have JSON');
    expect(() => inScope(() => use(() => () => {}))).toThrow('must have JSON');
  });
});

describe('what belongs to a caller moves along', () => {
  test('a request under way rejects, and the next one asks the new room', async () => {
    const use = rooms({ serializer: 'json' });
    const room = ref('a');
    const { scope, value } = inScope(() => {
      const socket: AnySocket = use(room);
      return { socket, request: useRequests(socket, 'id') };
    });
    fake.newest.accept();
    const first = value.request({ ask: 1 });
    room.value = 'b';
    await expect(first).rejects.toMatchObject({ code: 'left' });
    const second = value.request({ ask: 2 });
    fake.newest.accept();
    const { id } = JSON.parse(fake.newest.sent[0] as string);
    fake.newest.say(JSON.stringify({ id, answer: 2 }));
    expect(await second).toEqual({ id, answer: 2 });
    scope.stop();
  });

  test('subscriptions end in the old room and begin in the new one', async () => {
    const use = rooms({ serializer: 'json' });
    const room = ref('a');
    const handled: unknown[] = [];
    const { scope } = inScope(() => {
      const socket: AnySocket = use(room);
      const subscribe = useSubscriptions(socket, {
        subscribe: (topic: string) => ({ sub: topic }),
        unsubscribe: (topic: string) => ({ unsub: topic }),
        topicOf: ({ topic }: Anything) => topic,
      });
      subscribe('news', ({ text }: Anything) => handled.push(text));
    });
    const [first] = fake.sockets as [FakeSocket];
    first.accept();
    room.value = 'b';
    await nextTick();
    fake.newest.accept();
    first.say('{"topic":"news","text":"old"}');
    fake.newest.say('{"topic":"news","text":"new"}');
    expect(first.sent).toEqual(['{"sub":"news"}', '{"unsub":"news"}']);
    expect([fake.newest.sent, handled]).toEqual([['{"sub":"news"}'], ['new']]);
    scope.stop();
  });
});

describe('apps', () => {
  test('have connections of their own, which end with the app, and the plugin gives the defaults', () => {
    const use = defineHeartbeatSocket({ url: 'ws://server/', heartbeat: false });
    const install = (app: App): void => void app.use(createHeartbeatSocket({ WebSocket: fake.WebSocket }));
    const apps = [mountApp(() => use(), install), mountApp(() => [use(), use()], install)];
    expect(fake.sockets).toHaveLength(2);
    for (const app of apps) app.unmount();
    expect(live()).toHaveLength(0);
  });

  test('calls outside of any app share one set, apart from that of an app', async () => {
    const use = defineHeartbeatSocket(usual());
    const outside = [inScope(use), inScope(use)];
    const app = mountApp(() => use());
    expect(fake.sockets).toHaveLength(2);
    app.unmount();
    for (const { scope } of outside) scope.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live()).toHaveLength(0);
  });

  test('a hundred requests that a server renders at once share nothing, and nothing connects', async () => {
    const use = defineHeartbeatSocket((user: number) => usual({ url: `ws://server/${user}` }));
    const page = (user: number): Promise<string> =>
      renderToString(
        createSSRApp({
          setup() {
            const { status, phase } = use(user);
            return () => h('p', `${status.value} ${phase.value}`);
          },
        }),
      );
    const pages = await Promise.all(Array.from({ length: 100 }, (_, user) => page(user)));
    expect(new Set(pages)).toEqual(new Set(['<p>CLOSED idle</p>']));
    expect([fake.sockets.length, vi.getTimerCount()]).toEqual([0, 0]);
  });

  test('a component that is gone before its async setup goes on holds nothing', async () => {
    const use = defineHeartbeatSocket(usual());
    const shown = ref(true);
    let goOn = (): void => {};
    const Late = defineComponent({
      async setup() {
        const waiting = new Promise<void>((resolve) => {
          goOn = resolve;
        });
        // As the compiler writes an await. Vue's types leave it out.
        const { withAsyncContext } = Vue as unknown as { withAsyncContext<T>(run: () => T): [T, () => void] };
        const [awaited, restore] = withAsyncContext(() => waiting);
        await awaited;
        restore();
        use();
        return () => null;
      },
    });
    const app = createApp(() => h(Suspense, null, { default: () => (shown.value ? h(Late) : h('p')) }));
    app.mount(document.createElement('div'));
    shown.value = false;
    await nextTick();
    goOn();
    await nextTick();
    await nextTick();
    expect(fake.sockets).toHaveLength(0);
    app.unmount();
  });

  test('a store holds it until its $dispose()', async () => {
    const use = defineHeartbeatSocket(usual());
    const useStore = defineStore('live', () => ({ phase: use().phase }));
    const pinia = createPinia();
    const app = mountApp(
      () => useStore(),
      (own) => own.use(pinia),
    );
    fake.newest.accept();
    expect(useStore(pinia).phase).toBe('open');
    useStore(pinia).$dispose();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live()).toHaveLength(0);
    app.unmount();
  });

  test('in <KeepAlive> a deactivated component holds it, or lets it go if the definition says so', async () => {
    for (const whenDeactivated of ['stay', 'close'] as const) {
      const use = defineHeartbeatSocket(usual({ whenDeactivated }));
      const shown = ref(true);
      const Part = defineComponent({
        setup() {
          const { phase } = use();
          return () => h('p', phase.value);
        },
      });
      const app = createApp(() => h(KeepAlive, null, { default: () => (shown.value ? h(Part) : null) }));
      const before = fake.sockets.length;
      const root = document.createElement('div');
      app.mount(root);
      fake.newest.accept();
      shown.value = false;
      await nextTick();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(live()).toHaveLength(whenDeactivated === 'stay' ? 1 : 0);
      shown.value = true;
      await nextTick();
      if (whenDeactivated === 'close') fake.newest.accept();
      await nextTick();
      expect([root.textContent, fake.sockets.length - before]).toEqual(['open', whenDeactivated === 'stay' ? 1 : 2]);
      app.unmount();
      expect(live()).toHaveLength(0);
    }
  });

  test('a url that asks for its own connection is reported', () => {
    const errors: unknown[] = [];
    const use: () => AnySocket = defineHeartbeatSocket(usual({ url: () => `ws://server/${use().status.value}` }));
    const app = createApp({
      setup() {
        use();
        return () => null;
      },
    });
    app.config.errorHandler = (error) => errors.push((error as Error).message);
    app.mount(document.createElement('div'));
    expect(errors).toContain('option: url must not join the connection that it is for');
    expect(live()).toHaveLength(0);
    app.unmount();
  });

  test('after a hot reload all callers move to the new definition, and the old connection ends at once', async () => {
    const before = rooms();
    const after = rooms({ protocols: 'v2' });
    const room = ref('a');
    const callers = [inScope(() => before(room)), inScope(() => before('a'))];
    fake.newest.accept();
    acceptSharedSocketUpdate({ useRoom: before, useOther: before })({ useRoom: after });
    expect([fake.sockets.length, live().length, fake.newest.protocols]).toEqual([2, 1, ['v2']]);
    // A module that was not loaded anew still has the old composable.
    callers.push(inScope(() => before('a')));
    expect(fake.sockets).toHaveLength(2);
    room.value = 'b';
    await nextTick();
    expect([urls().at(-1), fake.newest.protocols]).toEqual(['ws://server/b', ['v2']]);
    for (const { scope } of callers) scope.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live()).toHaveLength(0);
  });

  test('a linger that makes no sense throws in development', () => {
    expect(() => inScope(defineHeartbeatSocket(usual({ linger: -1 })))).toThrow(
      'option: linger must be a number of ms, 0 or more, received -1',
    );
  });

  test('one view that takes the place of another has the same socket', async () => {
    const use = defineHeartbeatSocket(usual());
    const shown = ref('a');
    const Part = (name: string) =>
      defineComponent({
        name,
        setup() {
          use();
          onBeforeMount(() => {});
          return () => h('p', name);
        },
      });
    const parts: Record<string, ReturnType<typeof Part>> = { a: Part('first'), b: Part('second') };
    const app = createApp(() => h(parts[shown.value] as ReturnType<typeof Part>));
    app.mount(document.createElement('div'));
    fake.newest.accept();
    shown.value = 'b';
    await nextTick();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([fake.sockets.length, live().length]).toEqual([1, 1]);
    app.unmount();
    expect(live()).toHaveLength(0);
  });
});

test('the types of arguments and messages are inferred', () => {
  interface Price {
    value: number;
  }
  const usePrices = defineHeartbeatSocket<Price>({ url: '/prices', serializer: 'json' });
  expectTypeOf<ReturnType<typeof usePrices>>().toEqualTypeOf<UseHeartbeatSocketReturn<Price, unknown>>();
  expectTypeOf<Parameters<typeof usePrices>>().toEqualTypeOf<[]>();
  const schema = {
    '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value: value as Price }) },
  } as const;
  const useChecked = defineHeartbeatSocket({ url: '/prices', serializer: json(schema) });
  expectTypeOf<ReturnType<typeof useChecked>['data']['value']>().toEqualTypeOf<Price | null>();
  const useRoom = defineHeartbeatSocket((room: string, page: number) => ({ url: `/rooms/${room}/${page}` }));
  expectTypeOf(useRoom).parameter(0).toEqualTypeOf<import('vue').MaybeRefOrGetter<string>>();
  expectTypeOf(useRoom).parameter(1).toEqualTypeOf<import('vue').MaybeRefOrGetter<number>>();
  // @ts-expect-error a room is a text
  void (() => useRoom(1, 1));
});
