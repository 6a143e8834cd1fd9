/** `share: tabs()` in the composable, in the plugin and in a definition. Two apps on one page share as two tabs do. */
import { describe, expect, test, vi } from 'vitest';
import { type App, createApp, createSSRApp, defineComponent, effectScope, h, ref } from 'vue';
import { renderToString } from 'vue/server-renderer';
import {
  createHeartbeatSocket,
  defineHeartbeatSocket,
  type UseHeartbeatSocketReturn,
  useHeartbeatSocket,
  useRequests,
  useSubscriptions,
} from '../../src';
import { type TabsOptions, tabs, useIsLeader } from '../../src/tabs';
import type { FakeSocket } from '../support/fake-web-socket';
import { takeWarnings } from '../support/no-warnings';
import { usePageLocks } from '../support/page-locks';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();
const page = usePageLocks();

// biome-ignore lint/suspicious/noExplicitAny: tests send and receive anything
type Anything = any;

const URL_OF_ALL = 'ws://server/prices?token=secret';

const usual = () => ({ WebSocket: fake.WebSocket, heartbeat: false as const, share: tabs() });

const settle = () => vi.advanceTimersByTimeAsync(1);

interface OpenedApp {
  readonly app: App;
  readonly socket: UseHeartbeatSocketReturn<string>;
  readonly isLeader: () => boolean;
  readonly received: unknown[];
  readonly leads: boolean[];
}

function openApp(use: () => UseHeartbeatSocketReturn<string>, install: (app: App) => void = () => {}): OpenedApp {
  const received: unknown[] = [];
  const leads: boolean[] = [];
  let opened!: Pick<OpenedApp, 'socket' | 'isLeader'>;
  const root = defineComponent({
    setup() {
      const socket = use();
      const isLeader = useIsLeader(socket);
      socket.on('received', ({ value }) => received.push(value));
      socket.on('lead', (event) => leads.push(event.isLeader));
      opened = { socket, isLeader: () => isLeader.value };
      return () => h('p', `${isLeader.value}`);
    },
  });
  const app = createApp(root);
  install(app);
  app.mount(document.createElement('div'));
  return { app, ...opened, received, leads };
}

type Way = () => OpenedApp;

const WAYS: Record<string, Way> = {
  useHeartbeatSocket: () => openApp(() => useHeartbeatSocket<string>(URL_OF_ALL, usual())),
  createHeartbeatSocket: () =>
    openApp(
      () => useHeartbeatSocket<string>(),
      (app) => void app.use(createHeartbeatSocket({ url: URL_OF_ALL, ...usual() })),
    ),
  defineHeartbeatSocket: () => {
    const use = defineHeartbeatSocket<string>({ url: URL_OF_ALL, linger: 10, ...usual() });
    return openApp(use);
  },
};

const live = (): FakeSocket[] => fake.live();

describe.each(Object.keys(WAYS))('by %s', (way) => {
  const open = WAYS[way] as Way;

  test('two apps have one socket, each hears all and sends, and when the first is gone the second connects', async () => {
    const [first, second] = [open(), open()];
    await settle();
    expect(fake.sockets).toHaveLength(1);
    fake.newest.accept();
    await settle();
    expect([first, second].map(({ socket }) => socket.phase.value)).toEqual(['open', 'open']);
    expect([first, second].map(({ isLeader }) => isLeader())).toEqual([true, false]);
    fake.newest.say('price');
    await settle();
    for (const { socket, received } of [first, second]) {
      expect(received).toEqual(['price']);
      expect(socket.data.value).toBe('price');
      expect(socket.ws.value).toBeUndefined();
    }
    expect(second.socket.pending.value).toBe(0);
    expect(second.socket.send('order')).toBe(true);
    expect(second.socket.pending.value).toBe(1);
    await settle();
    expect(second.socket.pending.value).toBe(0);
    expect(fake.newest.sent).toEqual(['order']);

    first.app.unmount();
    await vi.advanceTimersByTimeAsync(20);
    expect(fake.sockets).toHaveLength(2);
    expect(live()).toHaveLength(1);
    expect(fake.sockets[0]?.closedWith?.[0]).toBe(1000);
    expect(second.isLeader()).toBe(true);
    expect(second.leads).toEqual([true]);
    fake.newest.accept();
    await settle();
    expect(second.socket.phase.value).toBe('open');
    expect(first.socket.left.value).toBe(true);

    second.app.unmount();
    await vi.advanceTimersByTimeAsync(20);
    expect(live()).toEqual([]);
    expect(page.count()).toEqual({ locks: 0, channels: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('close() and open() in one app are for both', async () => {
    const [first, second] = [open(), open()];
    await settle();
    fake.newest.accept();
    await settle();
    second.socket.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([first, second].map(({ socket }) => socket.phase.value)).toEqual(['closed', 'closed']);
    expect(live()).toEqual([]);
    first.socket.open();
    await settle();
    expect(live()).toHaveLength(1);
    fake.newest.accept();
    await settle();
    expect([first, second].map(({ socket }) => socket.phase.value)).toEqual(['open', 'open']);
    for (const { app } of [first, second]) app.unmount();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.count()).toEqual({ locks: 0, channels: 0 });
  });

  test('each way out leaves no lock and no channel: before the socket is open, after close(), after a final code', async () => {
    for (const end of ['opening', 'close', 'final'] as const) {
      const both = [open(), open()] as const;
      await settle();
      if (end !== 'opening') fake.newest.accept();
      await settle();
      if (end === 'close') both[1].socket.close();
      else if (end === 'final') fake.newest.end(4401);
      await settle();
      for (const { app } of both) app.unmount();
      await vi.advanceTimersByTimeAsync(1_000);
      expect({ end, ...page.count(), live: live().length, timers: vi.getTimerCount() }).toEqual({
        end,
        ...{ locks: 0, channels: 0, live: 0, timers: 0 },
      });
    }
  });
});

test('no name of a lock or of a channel shows a part of the url', async () => {
  const { app } = openApp(() => useHeartbeatSocket<string>(URL_OF_ALL, usual()));
  await settle();
  expect(page.names.size).toBeGreaterThan(0);
  for (const name of page.names) expect(name).not.toMatch(/secret|token|prices|server/);
  app.unmount();
});

test('the names of locks and channels carry the version of the protocol: tabs of two versions do not fight for one lock', async () => {
  const opened = [tabs(), tabs({ name: 'mine' })].map((share) =>
    openApp(() => useHeartbeatSocket<string>(URL_OF_ALL, { ...usual(), share })),
  );
  await settle();
  for (const name of page.names) expect(name).toMatch(/^vue-heartbeat-socket 1 (name mine|[0-9a-f]{16})( |$)/);
  for (const { app } of opened) app.unmount();
});

test('tabs with one name share, whatever the url; with another name they do not', async () => {
  const named = (url: string, name: string) => () =>
    useHeartbeatSocket<string>(url, { ...usual(), share: tabs({ name }) });
  const opened = [
    named('ws://server/?token=a', 'x'),
    named('ws://server/?token=b', 'x'),
    named('ws://server/?token=a', 'y'),
  ];
  const apps = opened.map((use) => openApp(use));
  await settle();
  expect(fake.sockets.map(({ url }) => `${url}`)).toEqual(['ws://server/?token=a', 'ws://server/?token=a']);
  expect(apps.map(({ isLeader }) => isLeader())).toEqual([true, false, true]);
  for (const { app } of apps) app.unmount();
});

test('a new url shares with the tabs of that url, and leaves those of the old one', async () => {
  const url = ref('ws://server/a');
  const mover = openApp(() => useHeartbeatSocket<string>(url, usual()));
  const stays = openApp(() => useHeartbeatSocket<string>('ws://server/b', usual()));
  await settle();
  for (const socket of fake.sockets) socket.accept();
  await settle();
  url.value = 'ws://server/b';
  await vi.advanceTimersByTimeAsync(10);
  expect(live().map((socket) => `${socket.url}`)).toEqual(['ws://server/b']);
  expect([mover, stays].map(({ socket }) => socket.phase.value)).toEqual(['open', 'open']);
  expect([mover, stays].map(({ isLeader }) => isLeader())).toEqual([false, true]);
  expect(mover.leads).toEqual([true, false]);
  for (const { app } of [mover, stays]) app.unmount();
  await vi.advanceTimersByTimeAsync(20);
  expect(page.count()).toEqual({ locks: 0, channels: 0 });
});

test('useIsLeader is right also where it is called late, and follows no more once its scope has ended', async () => {
  const scope = effectScope();
  const socket = scope.run(() => useHeartbeatSocket<string>(URL_OF_ALL, usual())) as UseHeartbeatSocketReturn<string>;
  await settle();
  const late = effectScope();
  const isLeader = late.run(() => useIsLeader(socket));
  expect(isLeader?.value).toBe(true);
  late.stop();
  scope.stop();
  expect(isLeader?.value).toBe(true);
  await settle();
  expect(page.count()).toEqual({ locks: 0, channels: 0 });
});

test('useIsLeader follows a caller that moves to a connection which another tab holds, and back', async () => {
  const use = defineHeartbeatSocket((room: string) => ({ url: `ws://server/${room}`, linger: 10_000, ...usual() }));
  const stays = openApp(() => useHeartbeatSocket<string>('ws://server/b', usual()));
  await settle();
  const room = ref('a');
  const mover = openApp(() => use(room));
  await settle();
  expect([stays, mover].map(({ isLeader }) => isLeader())).toEqual([true, true]);
  room.value = 'b';
  await settle();
  expect([stays, mover].map(({ isLeader }) => isLeader())).toEqual([true, false]);
  room.value = 'a';
  await settle();
  expect([stays, mover].map(({ isLeader }) => isLeader())).toEqual([true, true]);
  for (const { app } of [stays, mover]) app.unmount();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(page.count()).toEqual({ locks: 0, channels: 0 });
});

test('useIsLeader of a connection that tabs do not share is false', async () => {
  const scope = effectScope();
  scope.run(() => {
    const socket = useHeartbeatSocket(URL_OF_ALL, { WebSocket: fake.WebSocket });
    expect(useIsLeader(socket).value).toBe(false);
  });
  fake.newest.accept();
  scope.stop();
});

test('on a server nothing is shared: no lock, no channel, no socket', async () => {
  const Page = defineComponent(() => {
    const socket = useHeartbeatSocket(URL_OF_ALL, usual());
    const isLeader = useIsLeader(socket);
    socket.open();
    return () => h('p', `${socket.phase.value} ${isLeader.value}`);
  });
  expect(await renderToString(createSSRApp(Page))).toBe('<p>idle false</p>');
  await settle();
  expect(page.count()).toEqual({ locks: 0, channels: 0 });
  expect(fake.sockets).toEqual([]);
});

describe('where tabs cannot share', () => {
  test('without Web Locks each has a socket of its own, and development warns once', async () => {
    Reflect.deleteProperty(navigator, 'locks');
    const apps = [
      openApp(() => useHeartbeatSocket(URL_OF_ALL, usual())),
      openApp(() => useHeartbeatSocket(URL_OF_ALL, usual())),
    ];
    await settle();
    expect(live()).toHaveLength(2);
    for (const socket of fake.sockets) socket.accept();
    await settle();
    expect(apps.map(({ socket }) => socket.phase.value)).toEqual(['open', 'open']);
    expect(apps.map(({ isLeader }) => isLeader())).toEqual([false, false]);
    expect(takeWarnings(/tabs\(\) shares nothing here/)).toBe(1);
    for (const { app } of apps) app.unmount();
    expect(live()).toEqual([]);
  });

  test('a page to which the browser denies locks has a socket of its own', async () => {
    page.deny();
    const apps = [
      openApp(() => useHeartbeatSocket(URL_OF_ALL, usual())),
      openApp(() => useHeartbeatSocket(URL_OF_ALL, usual())),
    ];
    await settle();
    expect(live()).toHaveLength(2);
    for (const socket of fake.sockets) socket.accept();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(live()).toHaveLength(2);
    expect(apps.map(({ socket }) => socket.phase.value)).toEqual(['open', 'open']);
    fake.sockets[0]?.say('for the first');
    await settle();
    expect(apps.map(({ received }) => received)).toEqual([['for the first'], []]);
    for (const { app } of apps) app.unmount();
    await settle();
    expect(live()).toEqual([]);
    expect(page.count()).toEqual({ locks: 0, channels: 0 });
  });
});

describe('in development what makes no sense throws, and names the option', () => {
  test.each([
    ['true', true],
    ['a text', 'tabs'],
    ['tabs itself, which was not called', tabs],
    ['an object', {}],
    ['an object whose connect is a number', { connect: 5 }],
  ])('share: %s', (_, share) => {
    const scope = effectScope();
    const given = { WebSocket: fake.WebSocket, share: share as never };
    expect(() => scope.run(() => useHeartbeatSocket(URL_OF_ALL, given))).toThrow(/share must be what tabs\(\) gives/);
    const plugin = createHeartbeatSocket({ url: URL_OF_ALL, ...given });
    expect(() => createApp({}).use(plugin)).toThrow(/share must be what tabs\(\) gives/);
    scope.stop();
  });

  test.each(['', 5, null, {}])('name: %j', (name) => {
    expect(() => tabs({ name } as unknown as TabsOptions)).toThrow(/tabs: name must be a text/);
  });

  test('no options object', () => {
    expect(() => tabs('name' as never)).toThrow(/tabs: options must be an object/);
    expect(() => tabs(null as never)).toThrow(/tabs: options must be an object/);
  });
});

describe('what components of several tabs want of one server', () => {
  const json = () => ({ ...usual(), serializer: 'json' as const });

  test('each tab gets the answers to its own questions, and for the other tabs they are messages', async () => {
    const open = () => {
      const heard: unknown[] = [];
      const scope = effectScope();
      const request = scope.run(() => {
        const socket = useHeartbeatSocket<Anything, Anything>(URL_OF_ALL, json());
        const ask = useRequests(socket, 'id');
        socket.on('received', ({ value }) => heard.push(value));
        return ask;
      }) as ReturnType<typeof useRequests>;
      return { scope, request, heard };
    };
    const [first, second] = [open(), open()];
    await settle();
    fake.newest.accept();
    await settle();
    const answers = [first.request({ q: 1 }), second.request({ q: 2 })];
    await settle();
    const questions = fake.newest.sent.map((text) => JSON.parse(String(text)) as { id: number; q: number });
    expect(new Set(questions.map(({ id }) => id)).size).toBe(2);
    for (const { id, q } of questions) fake.newest.say(JSON.stringify({ id, answer: q }));
    await settle();
    expect(await Promise.all(answers)).toMatchObject([{ answer: 1 }, { answer: 2 }]);
    expect([first.heard, second.heard]).toMatchObject([[{ answer: 2 }], [{ answer: 1 }]]);
    for (const { scope } of [first, second]) scope.stop();
  });

  test('the server hears of the first tab that wants a topic, and of the last', async () => {
    let again = (): void => {};
    const open = () => {
      const scope = effectScope();
      scope.run(() => {
        const socket = useHeartbeatSocket<Anything, Anything>(URL_OF_ALL, json());
        const subscribe = useSubscriptions(socket, {
          subscribe: (topic: string) => ({ op: 'subscribe', topic }),
          unsubscribe: (topic: string) => ({ op: 'unsubscribe', topic }),
          topicOf: (message) => message.topic,
        });
        subscribe('btc', () => {});
        again = () => subscribe.again('btc');
      });
      return scope;
    };
    const keeper = effectScope();
    keeper.run(() => useHeartbeatSocket<Anything, Anything>(URL_OF_ALL, json()));
    const scopes = [open(), open()];
    await settle();
    fake.newest.accept();
    await settle();
    const said = () => fake.newest.sent.map((text) => JSON.parse(String(text)).op);
    expect(said()).toEqual(['subscribe']);
    // Whoever asks for the topic anew does so for all tabs, though another one wants it as well.
    again();
    await settle();
    expect(said()).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
    fake.newest.sent.splice(1);
    scopes[0]?.stop();
    await settle();
    expect(said()).toEqual(['subscribe']);
    scopes[1]?.stop();
    await settle();
    expect(said()).toEqual(['subscribe', 'unsubscribe']);
    keeper.stop();
    await settle();
    expect(page.count()).toEqual({ locks: 0, channels: 0 });
  });
});
