import { mount } from '@vue/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { type App, createApp, defineComponent, effectScope, h, nextTick, ref, render } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { appPlugin } from '../support/app-plugin';
import { watchLeaks } from '../support/leaks';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

const plugin = (options?: Parameters<typeof appPlugin>[1]) => appPlugin(fake, options);

test('the app has one connection, which templates see as $heartbeatSocket, unwrapped', async () => {
  const wrapper = mount(
    { template: '<p>{{ $heartbeatSocket.status === "OPEN" ? "open" : "not open" }} {{ $heartbeatSocket.data }}</p>' },
    { global: { plugins: [plugin()] } },
  );
  expect(wrapper.text()).toBe('not open');
  fake.newest.accept();
  fake.newest.say('hello');
  await nextTick();
  expect(wrapper.text()).toBe('open hello');
  expect(fake.sockets).toHaveLength(1);
  wrapper.unmount();
  expect(fake.live()).toHaveLength(0);
});

test("components without a url join the app's connection, and each hears its messages while the component lives", async () => {
  const heard: string[] = [];
  const shown = ref(true);
  const Part = defineComponent({
    props: { name: { type: String, required: true } },
    setup(props) {
      const { status } = useHeartbeatSocket(undefined, {
        onMessage: (_, { data }) => heard.push(`${props.name}:${data}`),
      });
      return () => h('p', status.value);
    },
  });
  const wrapper = mount(
    defineComponent(() => () => [h(Part, { name: 'a' }), shown.value ? h(Part, { name: 'b' }) : null]),
    { global: { plugins: [plugin()] } },
  );
  fake.newest.accept();
  fake.newest.say(1);
  shown.value = false;
  await nextTick();
  fake.newest.say(2);
  expect(heard).toEqual(['a:1', 'b:1', 'a:2']);
  expect(fake.sockets).toHaveLength(1);
  expect(fake.live()).toHaveLength(1);
  wrapper.unmount();
});

test('a component that joins is warned of options that only the plugin can set', () => {
  const app = createApp({ render: () => null });
  app.use(plugin({ protocols: ['a'] }));
  const scope = effectScope();
  const join = (options: Parameters<typeof useHeartbeatSocket>[1]): unknown =>
    app.runWithContext(() => scope.run(() => useHeartbeatSocket(undefined, options)));
  join({
    WebSocket: fake.WebSocket,
    onMessage() {},
    onEvent() {},
    autoReconnect: { onFailed() {} },
    buffer: { onDropped() {} },
  });
  expect(takeWarnings(/./)).toBe(0);
  join({ protocols: ['a'], heartbeat: { interval: 1 }, immediate: true });
  expect(takeWarnings(/./)).toBe(0);
  join({ serializer: 'json', protocols: ['b'] });
  join({ serializer: 'json' });
  expect(takeWarnings(/: serializer must be given to createHeartbeatSocket\(\)/)).toBe(1);
  expect(takeWarnings(/: protocols must be given to createHeartbeatSocket\(\)/)).toBe(1);
  scope.stop();
  app.mount(document.createElement('div'));
  app.unmount();
});

test('without the plugin, or where it cannot be seen, a call without a url says that it has nothing to connect to', () => {
  const scope = effectScope();
  scope.run(() => useHeartbeatSocket(undefined, { onMessage() {} }));
  expect(takeWarnings(/not installed, or cannot be seen from here/)).toBe(1);
  scope.stop();
});

test('a component that joined has a left flag of its own', () => {
  const app = createApp({ render: () => null });
  app.use(plugin());
  const scope = effectScope();
  const joined = app.runWithContext(() => scope.run(() => useHeartbeatSocket()));
  fake.newest.accept();
  scope.stop();
  expect(joined?.left.value).toBe(true);
  expect(joined?.status.value).toBe('OPEN');
  app.mount(document.createElement('div'));
  app.unmount();
  expect(joined?.status.value).toBe('CLOSED');
});

test("the plugin's options are the defaults of every useHeartbeatSocket, group by group", () => {
  const heard: string[] = [];
  const Own = defineComponent(() => {
    useHeartbeatSocket('ws://own/', { heartbeat: { message: 'mine' }, onMessage: () => heard.push('own') });
    return () => h('p');
  });
  const wrapper = mount(Own, {
    global: {
      plugins: [plugin({ heartbeat: { interval: 1_000 }, onMessage: () => heard.push('default') })],
    },
  });
  const [app, own] = fake.sockets;
  app?.accept();
  own?.accept();
  vi.advanceTimersByTime(1_000);
  expect(app?.sent).toEqual(['HeartBeat']);
  expect(own?.sent).toEqual(['mine']);
  app?.say('x');
  own?.say('x');
  expect(heard).toEqual(['default', 'own']);
  wrapper.unmount();
});

test('an option given as undefined does not hide a default of the plugin', () => {
  const Own = defineComponent(() => {
    useHeartbeatSocket('ws://own/', { heartbeat: undefined, WebSocket: undefined } as never);
    return () => h('p');
  });
  const wrapper = mount(Own, { global: { plugins: [plugin({ heartbeat: false })] } });
  expect(fake.sockets).toHaveLength(2);
  fake.newest.accept();
  vi.advanceTimersByTime(60_000);
  expect(fake.newest.sent).toEqual([]);
  wrapper.unmount();
});

test('heartbeat: false switches off a scheduler of the plugin', () => {
  const scheduler = vi.fn(() => ({ isActive: ref(false), pause() {}, resume() {} }));
  const Own = defineComponent(() => {
    useHeartbeatSocket('ws://own/', { heartbeat: false });
    return () => h('p');
  });
  const wrapper = mount(Own, { global: { plugins: [plugin({ heartbeat: { scheduler } })] } });
  expect(scheduler).toHaveBeenCalledTimes(1);
  wrapper.unmount();
});

test('two apps with the same plugin never share a connection, and each app ends its own', () => {
  const leaks = watchLeaks();
  const shared = plugin();
  const apps = [1, 2].map(() => {
    const app = createApp({ render: () => null });
    app.use(shared);
    app.mount(document.createElement('div'));
    return app;
  });
  expect(fake.live()).toHaveLength(2);
  apps[0]?.unmount();
  expect(fake.live()).toHaveLength(1);
  apps[1]?.unmount();
  expect({ live: fake.live().length, timers: leaks.timers(), listeners: leaks.listeners() }).toEqual({
    live: 0,
    timers: 0,
    listeners: 0,
  });
});

test("the app's own connection ends with the app, though components close their own themselves", () => {
  const leaks = watchLeaks();
  const app = createApp({ render: () => null });
  app.use(plugin({ autoClose: false }));
  app.mount(document.createElement('div'));
  fake.newest.accept();
  app.unmount();
  expect({ live: fake.live().length, timers: leaks.timers(), listeners: leaks.listeners() }).toEqual({
    live: 0,
    timers: 0,
    listeners: 0,
  });
});

describe('errors', () => {
  test("errors of the plugin's callbacks reach the app's error handler", () => {
    const boom = new Error('boom');
    const app = createApp({ render: () => null });
    const errorHandler = vi.fn();
    app.config.errorHandler = errorHandler;
    app.use(
      plugin({
        onConnected() {
          throw boom;
        },
      }),
    );
    app.mount(document.createElement('div'));
    fake.newest.accept();
    expect(errorHandler).toHaveBeenCalledWith(boom, null, 'vue-heartbeat-socket');
    app.unmount();
  });

  test('a bad option of the plugin throws when the plugin is installed', () => {
    const app = createApp({ render: () => null });
    expect(() => app.use(plugin({ connectTimeout: -1 }))).toThrow('connectTimeout must be');
  });
});

describe('when the connection of the app starts', () => {
  test('it starts before the first component is set up, and a second mount does not start another one', async () => {
    const phases: string[] = [];
    const app = createApp(
      defineComponent(() => {
        phases.push(useHeartbeatSocket().phase.value);
        return () => null;
      }),
    );
    app.use(plugin());
    expect(fake.sockets).toHaveLength(0);
    const host = document.createElement('div');
    expect(app.mount(host)).toBe(app._instance?.proxy);
    expect([phases, fake.sockets.length]).toEqual([['connecting'], 1]);
    app.mount(host);
    takeWarnings(/already been mounted/);
    expect(fake.sockets).toHaveLength(1);
    app.unmount();
  });

  test('before the app is mounted, it starts when a component, a store or code of the app asks for it', () => {
    const asks: ((app: App) => unknown)[] = [
      (app) => app.runWithContext(() => effectScope().run(() => useHeartbeatSocket())),
      (app) => app.config.globalProperties.$heartbeatSocket,
      (app) => {
        // As libraries show a dialog in the context of an app.
        const Dialog = defineComponent(() => {
          const { status } = useHeartbeatSocket();
          return () => h('p', status.value);
        });
        const dialog = h(Dialog);
        dialog.appContext = app._context;
        render(dialog, document.createElement('div'));
      },
    ];
    for (const ask of asks) {
      const before = fake.sockets.length;
      const app = createApp({ render: () => null }).use(plugin());
      ask(app);
      expect(fake.sockets).toHaveLength(before + 1);
      app.mount(document.createElement('div'));
      expect(fake.sockets).toHaveLength(before + 1);
      app.unmount();
    }
    expect(fake.live()).toEqual([]);
  });

  test('with immediate: false it waits for open()', () => {
    const app = createApp({ render: () => null }).use(plugin({ immediate: false }));
    app.mount(document.createElement('div'));
    expect(fake.sockets).toHaveLength(0);
    app.config.globalProperties.$heartbeatSocket.open();
    expect(fake.sockets).toHaveLength(1);
    app.unmount();
  });

  test('a url that asks the connection of the app for its status is reported, and makes no further connection', () => {
    const app = createApp({ render: () => null });
    const errorHandler = vi.fn();
    app.config.errorHandler = errorHandler;
    app.use(plugin({ url: () => app.config.globalProperties.$heartbeatSocket.status }));
    app.mount(document.createElement('div'));
    const [[error]] = errorHandler.mock.calls as [[Error]];
    expect(error.message).toBe('option: url must not join the connection that it is for');
    expect(app.config.globalProperties.$heartbeatSocket.phase).toBe('idle');
    app.unmount();
  });

  test('a test may put a mock in the place of $heartbeatSocket', () => {
    const template = '<p>{{ $heartbeatSocket.status }}</p>';
    const mocks = { $heartbeatSocket: { status: 'mocked' } };
    const wrapper = mount({ template }, { global: { plugins: [plugin()], mocks } });
    expect(wrapper.text()).toBe('mocked');
    wrapper.unmount();
    const app = createApp({ template }).use(plugin());
    Object.assign(app.config.globalProperties, mocks);
    const host = document.createElement('div');
    app.mount(host);
    expect(host.textContent).toBe('mocked');
    app.unmount();
  });
});
