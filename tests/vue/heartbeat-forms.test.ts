/** The forms of a heartbeat that servers of other kinds need, as the composable takes them. */
import { describe, expect, test, vi } from 'vitest';
import { createApp, effectScope, inject, ref } from 'vue';
import { atLeastOnce, createHeartbeatSocket, type UseHeartbeatSocketOptions, useHeartbeatSocket } from '../../src';
import { sockJs, textPing } from '../../src/heartbeats';
import { mountSocket } from '../support/mount-socket';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

type HeartbeatGiven = UseHeartbeatSocketOptions['heartbeat'];

test('control is asked, its reply goes out, and the template does not show the ping', () => {
  const { wrapper, socket } = mountSocket(fake, {
    heartbeat: { control: (data) => (data === 'ping' ? { reply: 'pong' } : undefined) },
  });
  fake.newest.accept();
  fake.newest.say('a price');
  fake.newest.say('ping');
  expect(fake.newest.sent).toEqual(['pong']);
  expect(socket.data.value).toBe('a price');
  wrapper.unmount();
});

test("pongTimeout may be a ref, and becomes 'auto' with the next heartbeat", () => {
  // Each wait is as long as it can be.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const pongTimeout = ref<number | 'auto'>(5_000);
  const { wrapper, socket } = mountSocket(fake, { heartbeat: { pongTimeout } });
  fake.newest.accept();
  vi.advanceTimersByTime(10_000);
  fake.newest.say('HeartBeat');
  pongTimeout.value = 'auto';
  vi.advanceTimersByTime(11_000);
  expect(socket.status.value).not.toBe('OPEN');
  wrapper.unmount();
});

test('sockJs() with a session for each connection keeps what waits for the next one', async () => {
  let session = 0;
  const { wrapper, socket } = mountSocket(
    fake,
    { ...sockJs(), beforeConnect: ({ url }) => `${url}/000/${++session}/websocket` },
    'ws://server/echo',
  );
  const connects = async (): Promise<void> => {
    fake.newest.accept();
    fake.newest.say('o');
    await vi.advanceTimersByTimeAsync(0);
  };
  await vi.advanceTimersByTimeAsync(0);
  await connects();
  fake.newest.end(1006);
  socket.send('["while away"]');
  await vi.advanceTimersByTimeAsync(6_000);
  await connects();
  expect(fake.newest.url).toBe('ws://server/echo/000/2/websocket');
  expect(fake.newest.sent).toEqual(['["while away"]']);
  wrapper.unmount();
});

describe('a heartbeat that is a function', () => {
  test('is called in the injection context of the app', () => {
    const app = createApp({ render: () => null });
    app.provide('tenant', 'acme');
    const seen: unknown[] = [];
    app.use(
      createHeartbeatSocket({
        url: 'ws://localhost/',
        WebSocket: fake.WebSocket,
        heartbeat() {
          seen.push(inject('tenant'));
          return {};
        },
      }),
    );
    app.mount(document.createElement('div'));
    app.unmount();
    expect(seen).toEqual(['acme']);
  });

  test('what it gives is checked in development, and the default holds', () => {
    const handled = vi.fn();
    const app = createApp({
      setup() {
        useHeartbeatSocket('ws://localhost/', { WebSocket: fake.WebSocket, heartbeat: () => ({ interval: -1 }) });
        return () => null;
      },
    });
    app.config.errorHandler = handled;
    app.mount(document.createElement('div'));
    fake.newest.accept();
    expect(handled.mock.lastCall?.[0]).toMatchObject({
      code: 'option',
      message: 'option: heartbeat.interval must be a number of ms, 1 or more, received -1',
    });
    vi.advanceTimersByTime(10_000);
    expect(fake.newest.sent).toEqual(['HeartBeat']);
    app.unmount();
  });

  test.each([
    [{ beats: 'server' as const }, "heartbeat.beats: 'client', or atLeastOnce({ ack }), received 'server'"],
    [false, 'a heartbeat, or atLeastOnce({ ack }), received heartbeat: false'],
  ])('that can prove no delivery is refused in development, as an object is: %j', (heartbeat, sentence) => {
    const handled = vi.fn();
    const app = createApp({
      setup() {
        useHeartbeatSocket('ws://localhost/', {
          WebSocket: fake.WebSocket,
          delivery: atLeastOnce(),
          heartbeat: () => heartbeat,
        });
        return () => null;
      },
    });
    app.config.errorHandler = handled;
    app.mount(document.createElement('div'));
    fake.newest.accept();
    expect(handled.mock.lastCall?.[0]).toMatchObject({ message: `option: delivery must have ${sentence}` });
    app.unmount();
  });

  test('may be the plugin’s, and a component’s own options stand over it', () => {
    const heartbeat = vi.fn(() => textPing().heartbeat);
    const app = createApp({
      setup() {
        useHeartbeatSocket('ws://localhost/other', { WebSocket: fake.WebSocket, heartbeat: { message: 'own' } });
        return () => null;
      },
    });
    app.use(createHeartbeatSocket({ url: 'ws://localhost/', WebSocket: fake.WebSocket, heartbeat }));
    app.mount(document.createElement('div'));
    expect(fake.sockets).toHaveLength(2);
    for (const socket of fake.sockets) socket.accept();
    vi.advanceTimersByTime(10_000);
    expect(fake.sockets.map(({ sent }) => sent).sort()).toEqual([['own'], ['ping']]);
    app.unmount();
  });

  describe('of the plugin', () => {
    /** What the socket of a component sends within 20 s, whose app has such a heartbeat. */
    const sentBy = (own: HeartbeatGiven, plugin: HeartbeatGiven = () => textPing().heartbeat): unknown[] => {
      const { WebSocket } = fake;
      const app = createApp({
        setup() {
          useHeartbeatSocket('ws://localhost/other', { WebSocket, heartbeat: own });
          return () => null;
        },
      });
      app.use(createHeartbeatSocket({ WebSocket, heartbeat: plugin }));
      app.mount(document.createElement('div'));
      fake.newest.accept();
      for (let second = 0; second < 20; second += 1) {
        const count = fake.newest.sent.length;
        vi.advanceTimersByTime(1_000);
        // The answer, with which the next one is due an interval later.
        if (fake.newest.sent.length > count) fake.newest.say(fake.newest.sent.at(-1) === 'ping' ? 'pong' : 'any');
      }
      app.unmount();
      return fake.newest.sent;
    };

    test('is on as it is configured where a component says true', () => {
      expect(new Set(sentBy(true))).toEqual(new Set(['ping']));
      expect(new Set(sentBy(undefined))).toEqual(new Set(['ping']));
    });

    test('is beaten in the time of a component that gives its own', () => {
      const sent = sentBy({ interval: 3_000 });
      expect(new Set(sent)).toEqual(new Set(['ping']));
      expect(sent.length).toBeGreaterThan(4);
    });

    test('does not forbid proof of delivery to a component with a heartbeat that can give it', () => {
      const app = createApp({ render: () => null });
      const handled = vi.fn();
      app.config.errorHandler = handled;
      app.use(createHeartbeatSocket({ WebSocket: fake.WebSocket, heartbeat: () => ({ beats: 'server' }) }));
      const scope = effectScope();
      const options = { heartbeat: { beats: 'client', message: 'own' }, delivery: atLeastOnce() } as const;
      app.runWithContext(() => scope.run(() => useHeartbeatSocket('ws://localhost/', options)));
      fake.newest.accept();
      vi.advanceTimersByTime(10_000);
      expect([handled.mock.calls, fake.newest.sent]).toEqual([[], ['own']]);
      scope.stop();
    });

    test('is off where a component says false', () => {
      expect(sentBy(false)).toEqual([]);
    });

    test('that says false is on where a component says true, or gives its own', () => {
      expect(new Set(sentBy(true, () => false))).toEqual(new Set(['HeartBeat']));
      expect(new Set(sentBy(true, false))).toEqual(new Set(['HeartBeat']));
      expect(new Set(sentBy({ message: 'own' }, () => false))).toEqual(new Set(['own']));
    });

    test('is not asked where a component says false', () => {
      const plugin = vi.fn(() => true);
      sentBy(false, plugin);
      expect(plugin).not.toHaveBeenCalled();
    });

    test('is not asked where a component gives a function of its own', () => {
      const plugin = vi.fn(() => textPing().heartbeat);
      expect(new Set(sentBy(() => ({ message: 'own' }), plugin))).toEqual(new Set(['own']));
      expect(plugin).not.toHaveBeenCalled();
    });

    test('that is an object stands behind what a component gives', () => {
      const { heartbeat } = textPing();
      expect(new Set(sentBy(true, heartbeat))).toEqual(new Set(['ping']));
      expect(sentBy({ interval: 3_000 }, heartbeat).length).toBeGreaterThan(4);
    });
  });
});
