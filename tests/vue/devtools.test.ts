import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp, defineComponent, effectScope, h, nextTick, ref } from 'vue';
import { createHeartbeatSocket, type UseHeartbeatSocketOptions, useHeartbeatSocket } from '../../src';
import { type FakeWebSocket, fakeWebSocket } from '../support/fake-web-socket';
import { type RecordingDevtools, recordDevtools } from '../support/recording-devtools';

let fake: FakeWebSocket;
let devtools: RecordingDevtools;

beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeWebSocket();
  devtools = recordDevtools();
});

afterEach(() => {
  devtools.remove();
  vi.useRealTimers();
});

// biome-ignore lint/suspicious/noExplicitAny: as the plugin types a message
type Options = UseHeartbeatSocketOptions<any, any>;

const plugin = (options: Options = {}) =>
  createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket, ...options });

/** A component with a connection of its own. */
const Prices = defineComponent({
  name: 'Prices',
  props: { url: { type: String, default: 'ws://prices/?token=secret' } },
  setup(props) {
    useHeartbeatSocket(() => props.url, { WebSocket: fake.WebSocket, autoReconnect: { delay: 3_000 } });
    return () => h('p');
  },
});

/** A component that joins the app's. */
const Badge = defineComponent({
  name: 'Badge',
  setup() {
    useHeartbeatSocket();
    return () => h('i');
  },
});

/** Mounts an app with the plugin, and the devtools open. */
function mountApp(component: object = Prices, options: Options = {}) {
  const wrapper = mount(component, { global: { plugins: [plugin(options)] } });
  const panel = devtools.newest;
  panel.open();
  return { wrapper, panel };
}

/** The one connection there is, once it is open. */
function openApp(options: Options = {}) {
  const { wrapper, panel } = mountApp({ render: () => null }, options);
  fake.newest.accept();
  return { wrapper, panel, id: panel.tree()[0]?.id as string };
}

describe('the inspector', () => {
  test("shows the app's connection and each component's own, with secrets masked", () => {
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

  test('a connection appears when it is made, and disappears when it is left', async () => {
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

  test('works without the plugin too: a component makes its app known', () => {
    const wrapper = mount(Prices);
    devtools.newest.open();
    expect(devtools.newest.tree().map(({ label }) => label)).toEqual(['ws://prices/?token=***']);
    wrapper.unmount();
  });

  test('a connection that has not been asked to connect shows where it would go', () => {
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

  test('the tree can be filtered by url, phase and component', () => {
    const { wrapper, panel } = mountApp();
    fake.sockets[0]?.accept();
    expect(panel.tree('prices')).toHaveLength(1);
    expect(panel.tree('pRICES')).toHaveLength(1);
    expect(panel.tree('open').map(({ label }) => label)).toEqual(['ws://app/']);
    expect(panel.tree('nothing')).toEqual([]);
    wrapper.unmount();
  });

  test('the state of a connection', () => {
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
      buffered: 2,
      latency: undefined,
      failures: 0,
      retryAt: undefined,
      error: undefined,
    });
    fake.newest.accept();
    vi.advanceTimersByTime(1_000);
    vi.advanceTimersByTime(25);
    fake.newest.say('HeartBeat');
    expect(panel.state(id)).toMatchObject({ phase: 'open', buffered: 0, latency: expect.stringMatching(/^\d+ ms$/) });
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

  test('what the devtools did not read they are told of again, until they have or nobody looks', () => {
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

  test('who uses a connection: its owner, and those that joined while they live', async () => {
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

  test('a store or any other scope is a holder without a name', () => {
    const app = createApp({ render: () => null }).use(plugin());
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

  test('each app is asked for its own, and answers no other inspector', () => {
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
  test('close, and open again', () => {
    const { wrapper, panel, id } = openApp();
    panel.action('stop')(id);
    expect(panel.state(id)?.['phase']).toBe('closed');
    expect(fake.newest.closedWith?.[0]).toBe(1000);
    panel.action('play_arrow')(id);
    expect(panel.state(id)?.['phase']).toBe('connecting');
    expect(fake.sockets).toHaveLength(2);
    wrapper.unmount();
  });

  test('drop the link: the socket is closed, and the connection comes back by itself', () => {
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

  test('on what has gone, or has no socket, they do nothing', () => {
    const { wrapper, panel, id } = openApp();
    panel.action('stop')(id);
    panel.action('link_off')(id);
    wrapper.unmount();
    for (const icon of ['play_arrow', 'stop', 'link_off']) panel.action(icon)(id);
    expect(fake.sockets).toHaveLength(1);
    expect(fake.live()).toHaveLength(0);
  });
});

describe('the timeline', () => {
  const titles = (events: { title: string; subtitle: string }[]): string[][] =>
    events.map(({ title, subtitle }) => [title, subtitle.replace(' · ws://app/', '')]);

  test('each event with its cause, those of one socket as a group', () => {
    vi.setSystemTime('2026-11-23T10:00:00Z');
    const { wrapper, panel } = openApp({ autoReconnect: { delay: 3_000 }, heartbeat: { interval: 1_000 } });
    expect(panel.layers.map(({ id }) => id)).toEqual(['vue-heartbeat-socket']);
    vi.advanceTimersByTime(1_000);
    fake.newest.say('HeartBeat');
    fake.newest.say('news');
    fake.newest.end(1012, 'restart');
    vi.advanceTimersByTime(3_000);
    expect(titles(panel.events)).toEqual([
      ['connecting → open', 'opened'],
      ['beat', 'deadline'],
      ['answered', 'message'],
      ['received', 'message'],
      ['open → waiting', 'ended'],
      ['ended', 'ended'],
      ['erred', 'ended'],
      ['waiting → connecting', 'deadline'],
      ['attempted', 'deadline'],
    ]);
    const [opened, , , , , ended, erred, , attempted] = panel.events;
    expect(opened?.subtitle).toBe('opened · ws://app/');
    expect(opened?.time).toBe(Date.parse('2026-11-23T10:00:00Z'));
    expect(ended).toMatchObject({ logType: 'warning', data: { code: 1012, reason: 'restart', cause: 'ended' } });
    expect(erred).toMatchObject({ logType: 'error', data: { error: expect.stringContaining('1012') } });
    expect(attempted?.data).toMatchObject({ url: 'ws://app/', phase: 'connecting' });
    expect(attempted?.groupId).not.toBe(opened?.groupId);
    wrapper.unmount();
    expect(titles(panel.events).slice(-2)).toEqual([
      ['connecting → left', 'leave'],
      ['ended', 'leave'],
    ]);
  });

  describe('what messages carry', () => {
    /** The payloads of what comes after the setting is switched on. */
    const carried = (...messages: unknown[]): unknown[] => {
      const { wrapper, panel } = openApp();
      panel.set('payloads', true);
      for (const message of messages) fake.newest.say(message);
      wrapper.unmount();
      return panel.events.filter(({ title }) => title === 'received').map(({ data }) => data['data']);
    };

    test('is not shown unless the plugin is told to, and then from then on', () => {
      const { wrapper, panel } = openApp();
      fake.newest.say('a secret');
      fake.newest.say(new ArrayBuffer(16));
      expect(JSON.stringify(panel.events)).not.toContain('secret');
      expect(panel.events.slice(-2).map(({ data }) => data['data'])).toEqual(['text of 8 characters', '16 bytes']);
      // Another plugin's setting of the same name.
      panel.set('payloads', true, 'pinia');
      panel.set('other', true);
      fake.newest.say('a secret');
      expect(JSON.stringify(panel.events)).not.toContain('secret');
      panel.set('payloads', true);
      fake.newest.say('a secret');
      expect(panel.events.at(-1)?.data['data']).toBe('a secret');
      panel.set('payloads', false);
      fake.newest.say('a secret');
      expect(panel.events.at(-1)?.data['data']).toBe('text of 8 characters');
      wrapper.unmount();
    });

    test('a setting from an earlier visit counts', () => {
      devtools.remove();
      devtools = recordDevtools({ payloads: true });
      const { wrapper, panel } = openApp();
      expect(panel.plugin.settings['payloads']).toMatchObject({ type: 'boolean', defaultValue: false });
      fake.newest.say('hello');
      expect(panel.events.at(-1)?.data['data']).toBe('hello');
      wrapper.unmount();
    });

    test('is cut at 2 KB', () => {
      const [whole, long, chinese, mixed] = carried(
        'x'.repeat(2_048),
        'x'.repeat(2_049),
        '断'.repeat(1_000),
        `xx${'断'.repeat(1_000)}`,
      );
      expect(whole).toBe('x'.repeat(2_048));
      expect(long).toBe(`${'x'.repeat(2_048)}… (2049 characters)`);
      // Three bytes each: 682 fit, and none is cut in two.
      expect(chinese).toBe(`${'断'.repeat(682)}… (1000 characters)`);
      expect(mixed).toBe(`xx${'断'.repeat(682)}… (1002 characters)`);
    });

    test('is shown as digits where it is bytes', () => {
      const view = new DataView(Uint8Array.of(9, 1, 2, 255, 9).buffer, 1, 3);
      const [buffer, part, long, blob] = carried(
        Uint8Array.of(0, 16, 255).buffer,
        view,
        new Uint8Array(1_025).buffer,
        new Blob(['abc']),
      );
      expect(buffer).toBe('0010ff');
      expect(part).toBe('0102ff');
      expect(long).toBe(`${'00'.repeat(1_024)}… (1025 bytes)`);
      expect(blob).toBe('Blob of 3 bytes');
    });

    test('does not leak through the error of a parser that quotes it', () => {
      const onError = vi.fn();
      const { wrapper, panel, id } = openApp({ serializer: 'json', onError });
      fake.newest.say('secret');
      expect(onError).toHaveBeenCalledTimes(1);
      expect(panel.events.at(-1)?.data['error']).toBe('serializer');
      expect(panel.state(id)?.['error']).toBe('serializer');
      panel.set('payloads', true);
      fake.newest.say('secret');
      expect(panel.events.at(-1)?.data['error']).toMatch(/secret|JSON/);
      expect(panel.state(id)?.['error']).toMatch(/secret|JSON/);
      wrapper.unmount();
    });
  });
});

test('in a page without devtools nothing is kept, and no global is set', async () => {
  devtools.remove();
  const globals = Object.getOwnPropertyNames(globalThis).length;
  const isShown = ref(false);
  const wrapper = mount(
    defineComponent(() => () => (isShown.value ? h(Prices) : h(Badge))),
    { global: { plugins: [plugin()] } },
  );
  fake.newest.accept();
  expect(Object.getOwnPropertyNames(globalThis)).toHaveLength(globals);
  expect(devtools.panels).toEqual([]);
  // Devtools that come later show what is made from then on.
  devtools = recordDevtools();
  isShown.value = true;
  await nextTick();
  devtools.newest.open();
  expect(devtools.newest.tree().map(({ label }) => label)).toEqual(['ws://prices/?token=***']);
  wrapper.unmount();
});
