/** The inspector of Vue's devtools: the connections it shows, their state, and what its actions do. */
import { mount } from '@vue/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { createApp, defineComponent, effectScope, h, nextTick, ref } from 'vue';
import { defineHeartbeatSocket, useHeartbeatSocket } from '../../src';
import { appPlugin } from '../support/app-plugin';
import { devtoolsApps } from '../support/devtools-app';
import { useRecordingDevtools } from '../support/recording-devtools';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();
const devtools = useRecordingDevtools();
const { Prices, Badge, mountApp, openApp } = devtoolsApps(fake, devtools);

describe('the inspector', () => {
  test("the inspector shows the app's connection and each component's own, with secrets masked", () => {
    const { wrapper, panel } = mountApp();
    expect(panel.plugin).toMatchObject({ id: 'vue-heartbeat-socket', packageName: 'vue-heartbeat-socket' });
    expect(panel.inspectors).toHaveLength(1);
    const shown = () => panel.tree().map(({ label, tags }) => [label, ...(tags ?? []).map((tag) => tag.label)]);
    expect(shown()).toEqual([
      ['ws://app/', 'connecting', 'app'],
      ['ws://prices/?token=***', 'connecting', 'Prices'],
    ]);
    fake.sockets[0]?.accept();
    expect(shown()[0]).toEqual(['ws://app/', 'open', 'app']);
    expect(JSON.stringify(panel.tree())).not.toContain('secret');
    wrapper.unmount();
  });

  test('the inspector shows a connection from when it is made until it is left', async () => {
    const isShown = ref(true);
    const { wrapper, panel } = mountApp(defineComponent(() => () => (isShown.value ? h(Prices) : null)));
    expect(panel.tree()).toHaveLength(2);
    isShown.value = false;
    const before = panel.refreshes.tree;
    await nextTick();
    expect(panel.tree().map(({ label }) => label)).toEqual(['ws://app/']);
    expect(panel.refreshes.tree).toBeGreaterThan(before);
    isShown.value = true;
    await nextTick();
    expect(panel.tree()).toHaveLength(2);
    wrapper.unmount();
    expect(panel.tree()).toEqual([]);
  });

  test('the inspector works without the plugin too: a component makes its app known', () => {
    const wrapper = mount(Prices);
    devtools.newest.open();
    expect(devtools.newest.tree().map(({ label }) => label)).toEqual(['ws://prices/?token=***']);
    wrapper.unmount();
  });

  test('the inspector shows where a connection that has not been opened would go', () => {
    const { wrapper, panel } = mountApp(
      defineComponent(() => {
        useHeartbeatSocket('ws://later/?token=secret', { WebSocket: fake.WebSocket, immediate: false });
        useHeartbeatSocket(() => undefined, { WebSocket: fake.WebSocket });
        return () => h('p');
      }),
    );
    const shown = panel.tree().map(({ label, tags }) => [label, tags?.[0]?.label]);
    expect(shown.slice(1)).toEqual([
      ['ws://later/?token=***', 'idle'],
      ['no url', 'idle'],
    ]);
    wrapper.unmount();
  });

  test('the tree of the inspector can be filtered by url, phase and component', () => {
    const { wrapper, panel } = mountApp();
    fake.sockets[0]?.accept();
    expect(panel.tree('prices')).toHaveLength(1);
    expect(panel.tree('pRICES')).toHaveLength(1);
    expect(panel.tree('open').map(({ label }) => label)).toEqual(['ws://app/']);
    expect(panel.tree('nothing')).toEqual([]);
    wrapper.unmount();
  });

  test('the inspector shows the state of a connection', () => {
    vi.setSystemTime('2026-11-23T10:00:00Z');
    let socket!: ReturnType<typeof useHeartbeatSocket>;
    const { wrapper, panel } = mountApp(
      defineComponent({
        name: 'Room',
        setup() {
          socket = useHeartbeatSocket('ws://room/?key=secret', {
            WebSocket: fake.WebSocket,
            autoReconnect: { delay: 3_000 },
            heartbeat: { interval: 1_000 },
          });
          return () => h('p');
        },
      }),
    );
    const id = panel.tree('room')[0]?.id as string;
    socket.send('one');
    socket.send('two');
    expect(panel.state(id)).toEqual({
      phase: 'connecting',
      url: 'ws://room/?key=***',
      holders: ['Room'],
      pending: 2,
      latency: undefined,
      failures: 0,
      retryAt: undefined,
      error: undefined,
    });
    fake.newest.accept();
    vi.advanceTimersByTime(1_000);
    vi.advanceTimersByTime(25);
    fake.newest.say('HeartBeat');
    expect(panel.state(id)).toMatchObject({ phase: 'open', pending: 0, latency: expect.stringMatching(/^\d+ ms$/) });
    fake.newest.end(1006);
    expect(panel.state(id)).toMatchObject({
      phase: 'waiting',
      failures: 1,
      retryAt: '2026-11-23T10:00:04.025Z',
      error: expect.stringContaining('1006'),
    });
    wrapper.unmount();
    expect(panel.state(id)).toBeNull();
  });

  test('the devtools are told of a change again until they have read it, or nobody looks', () => {
    const { wrapper, panel, id } = openApp({ heartbeat: false, autoReconnect: false });
    const asked = (ms: number): number[] => {
      const { tree, state } = panel.refreshes;
      vi.advanceTimersByTime(ms);
      return [panel.refreshes.tree - tree, panel.refreshes.state - state];
    };
    asked(10_000);
    fake.newest.say('news');
    fake.newest.say('more news');
    expect(asked(300)).toEqual([0, 1]);
    panel.state(id);
    expect(asked(10_000)).toEqual([0, 0]);
    fake.newest.end(1006);
    expect(asked(250)).toEqual([1, 1]);
    panel.tree();
    expect(asked(10_000)).toEqual([0, 9]);
    wrapper.unmount();
  });

  test('the inspector shows who uses a connection: its owner, and the components that joined, while they live', async () => {
    const badges = ref(2);
    const { wrapper, panel } = mountApp(
      defineComponent(() => () => Array.from({ length: badges.value }, (_, key) => h(Badge, { key }))),
    );
    const id = panel.tree()[0]?.id as string;
    expect(panel.state(id)?.['holders']).toEqual(['app', 'Badge', 'Badge']);
    const before = panel.refreshes.state;
    badges.value = 1;
    await nextTick();
    expect(panel.state(id)?.['holders']).toEqual(['app', 'Badge']);
    expect(panel.refreshes.state).toBeGreaterThan(before);
    wrapper.unmount();
  });

  test('the inspector shows who holds a shared connection, and where a component has moved to', async () => {
    const room = ref('a');
    const useRoom = defineHeartbeatSocket((name: string) => ({
      url: `ws://rooms/${name}`,
      WebSocket: fake.WebSocket,
      linger: 5_000,
    }));
    const Room = defineComponent({
      name: 'Room',
      setup() {
        useRoom(room);
        return () => null;
      },
    });
    const app = createApp(() => [h(Room), h(Room)]);
    app.mount(document.createElement('div'));
    const panel = devtools.newest;
    panel.open();
    const holders = () => panel.tree().map(({ id, label }) => [label, panel.state(id)?.['holders']]);
    expect(holders()).toEqual([['ws://rooms/a', ['Room', 'Room']]]);
    for (const next of ['b', 'a', 'b']) {
      room.value = next;
      await nextTick();
    }
    expect(holders()).toEqual([
      ['ws://rooms/a', []],
      ['ws://rooms/b', ['Room', 'Room']],
    ]);
    app.unmount();
    expect(holders()).toEqual([]);
  });

  test('the inspector shows a store or any other scope as a holder without a name', () => {
    const app = createApp({ render: () => null }).use(appPlugin(fake));
    const scope = effectScope();
    app.runWithContext(() =>
      scope.run(() => {
        useHeartbeatSocket();
        useHeartbeatSocket('ws://store/', { WebSocket: fake.WebSocket });
      }),
    );
    const panel = devtools.newest;
    panel.open();
    const holders = () => panel.tree().map(({ id }) => panel.state(id)?.['holders']);
    expect(holders()).toEqual([['app', 'effect scope'], ['effect scope']]);
    scope.stop();
    expect(holders()).toEqual([['app']]);
    app.mount(document.createElement('div'));
    app.unmount();
  });

  test('each app shows its own connections, and answers no other inspector', () => {
    const first = mountApp({ render: () => null });
    const second = mountApp({ render: () => null });
    expect(devtools.panels).toHaveLength(2);
    const [shown] = first.panel.tree();
    expect(first.panel.tree('', second.panel.plugin.app)).toEqual([]);
    expect(first.panel.tree('', first.panel.plugin.app, 'pinia')).toEqual([]);
    expect(first.panel.state(shown?.id as string, second.panel.plugin.app)).toBeNull();
    expect(first.panel.state(shown?.id as string, first.panel.plugin.app, 'pinia')).toBeNull();
    expect(second.panel.tree()[0]?.id).not.toBe(shown?.id);
    // Devtools take the actions of the first app's inspector, whichever app they show.
    first.panel.action('stop')(second.panel.tree()[0]?.id as string);
    expect(fake.sockets.map(({ closedWith }) => closedWith?.[0])).toEqual([undefined, 1000]);
    first.wrapper.unmount();
    second.wrapper.unmount();
  });

  test('devtools that are opened late, or set the plugin up twice, show each connection once', () => {
    const { wrapper, panel } = mountApp();
    panel.open();
    expect([panel.inspectors.length, panel.layers.length]).toEqual([1, 1]);
    expect(panel.tree()).toHaveLength(2);
    fake.sockets[0]?.accept();
    expect(panel.events.filter(({ title }) => title === 'connecting → open')).toHaveLength(1);
    wrapper.unmount();
  });
});

describe('actions', () => {
  test('the actions of the inspector close a connection and open it again', () => {
    const { wrapper, panel, id } = openApp();
    panel.action('stop')(id);
    expect(panel.state(id)?.['phase']).toBe('closed');
    expect(fake.newest.closedWith?.[0]).toBe(1000);
    panel.action('play_arrow')(id);
    expect(panel.state(id)?.['phase']).toBe('connecting');
    expect(fake.sockets).toHaveLength(2);
    wrapper.unmount();
  });

  test('the action that drops the link closes the socket, and the connection comes back by itself', () => {
    const { wrapper, panel, id } = openApp({ autoReconnect: { delay: 3_000 } });
    const [first] = fake.sockets;
    panel.action('link_off')(id);
    expect(first?.closedWith?.[0]).toBe(4999);
    first?.end(4999);
    expect(panel.state(id)).toMatchObject({ phase: 'waiting', failures: 1 });
    vi.advanceTimersByTime(3_000);
    fake.newest.accept();
    expect(panel.state(id)?.['phase']).toBe('open');
    expect(fake.live()).toHaveLength(1);
    wrapper.unmount();
  });

  test('the actions of the inspector do nothing to a connection that has gone, or has no socket', () => {
    const { wrapper, panel, id } = openApp();
    panel.action('stop')(id);
    panel.action('link_off')(id);
    wrapper.unmount();
    for (const icon of ['play_arrow', 'stop', 'link_off']) panel.action(icon)(id);
    expect(fake.sockets).toHaveLength(1);
    expect(fake.live()).toHaveLength(0);
  });
});

test('in a page without devtools nothing is kept, and no global is set', async () => {
  devtools.remove();
  const globals = Object.getOwnPropertyNames(globalThis).length;
  const isShown = ref(false);
  const wrapper = mount(
    defineComponent(() => () => (isShown.value ? h(Prices) : h(Badge))),
    { global: { plugins: [appPlugin(fake)] } },
  );
  fake.newest.accept();
  expect(Object.getOwnPropertyNames(globalThis)).toHaveLength(globals);
  expect(devtools.panels).toEqual([]);
  // Devtools that come later show what is made from then on.
  devtools.restart();
  isShown.value = true;
  await nextTick();
  devtools.newest.open();
  expect(devtools.newest.tree().map(({ label }) => label)).toEqual(['ws://prices/?token=***']);
  wrapper.unmount();
});
