/** When callbacks run, and what Vue gives them: never within the call, always in the app's injection context. */
import { flushPromises, mount } from '@vue/test-utils';
import { expect, test, vi } from 'vitest';
import { createApp, defineComponent, effectScope, h, type InjectionKey, inject, ref, watchEffect } from 'vue';
import { createHeartbeatSocket, useHeartbeatSocket } from '../../src/index';
import type { UseHeartbeatSocketOptions } from '../../src/vue/options';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

/** Mounts a component that calls the composable in its setup. */
const mountIn = (setup: () => unknown, provide: Record<symbol, unknown> = {}) =>
  mount(
    defineComponent({
      setup() {
        setup();
        return () => h('div');
      },
    }),
    { global: { provide } },
  );

test('a callback may use what the composable returns, however early it runs', async () => {
  const { WebSocket } = fake;
  const sent: unknown[] = [];
  const wrapper = mountIn(() => {
    const { send, status } = useHeartbeatSocket('ws://server/', {
      WebSocket,
      onEvent: ({ type }) => {
        if (type === 'attempted') sent.push(status.value, send('early'));
      },
    });
  });
  await flushPromises();
  expect(sent).toEqual(['CONNECTING', false]);
  fake.newest.accept();
  expect(fake.newest.sent).toEqual(['early']);
  wrapper.unmount();
});

test('no callback runs within the call, and each runs right after it, in order', async () => {
  const { WebSocket } = fake;
  const ran: string[] = [];
  let isWithin = false;
  const note = (name: string): void => {
    ran.push(isWithin ? `${name} within the call` : name);
  };
  const options: UseHeartbeatSocketOptions = {
    WebSocket,
    onEvent: ({ type }) => note(type),
    beforeConnect: () => note('beforeConnect'),
  };
  const scope = effectScope(true);
  scope.run(() => {
    isWithin = true;
    const { phase } = useHeartbeatSocket('ws://server/', options);
    isWithin = false;
    expect(phase.value).toBe('connecting');
  });
  expect(ran).toEqual([]);
  await Promise.resolve();
  expect(ran).toEqual(['changed', 'preparing', 'beforeConnect', 'attempted']);
  scope.stop();
});

test('the socket is there when the call returns, where there is no beforeConnect', () => {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  scope.run(() => expect(useHeartbeatSocket('ws://server/', { WebSocket }).ws.value).toBe(fake.newest));
  scope.stop();
});

test('a constructor that throws asks nobody within the call', async () => {
  class Refusing {
    constructor() {
      throw new Error('refused');
    }
  }
  const retries = vi.fn(() => false);
  const onFailed = vi.fn();
  const scope = effectScope(true);
  scope.run(() => {
    const { phase } = useHeartbeatSocket('ws://server/', {
      WebSocket: Refusing as never,
      autoReconnect: { retries, onFailed },
    });
    expect([phase.value, retries.mock.calls.length]).toEqual(['connecting', 0]);
  });
  await Promise.resolve();
  expect([retries.mock.calls.length, onFailed.mock.calls.length]).toEqual([1, 1]);
  scope.stop();
});

test('a component that is unmounted while its setup runs hears of its end after the call', async () => {
  const { WebSocket } = fake;
  const ran: string[] = [];
  let isWithin = true;
  const scope = effectScope(true);
  scope.run(() => {
    scope.stop();
    useHeartbeatSocket('ws://server/', { WebSocket, onEvent: ({ phase }) => ran.push(`${phase} ${isWithin}`) });
  });
  isWithin = false;
  await Promise.resolve();
  expect(ran).toEqual(['left false']);
  expect(fake.live()).toEqual([]);
});

test('close() right after the call makes no attempt, and spends no token', async () => {
  const { WebSocket } = fake;
  const beforeConnect = vi.fn();
  const scope = effectScope(true);
  scope.run(() => useHeartbeatSocket('ws://server/', { WebSocket, beforeConnect }).close());
  await Promise.resolve();
  expect(beforeConnect).not.toHaveBeenCalled();
  scope.stop();
});

test('inject() works in each callback and at each attempt, not only the first time', async () => {
  const { WebSocket } = fake;
  const key: InjectionKey<string> = Symbol('user');
  const seen: Record<string, (string | undefined)[]> = {};
  const ask = (name: string): void => {
    seen[name] ??= [];
    seen[name].push(inject(key, undefined));
  };
  const wrapper = mountIn(
    () => {
      const { send, error } = useHeartbeatSocket('ws://server/', {
        WebSocket,
        beforeConnect: () => ask('beforeConnect'),
        handshake: () => ask('handshake'),
        onConnected: () => ask('onConnected'),
        onMessage: () => ask('onMessage'),
        onSend: () => ask('onSend'),
        onDisconnected: () => ask('onDisconnected'),
        onEvent: () => ask('onEvent'),
        autoReconnect: {
          delay: () => {
            ask('delay');
            return 100;
          },
        },
      });
      sendNow = () => send('x');
      expect(error.value).toBeUndefined();
    },
    { [key as symbol]: 'me' },
  );
  for (let round = 0; round < 3; round += 1) {
    await flushPromises();
    fake.newest.accept();
    await flushPromises();
    fake.newest.say('hello');
    sendNow();
    fake.newest.end();
    vi.advanceTimersByTime(100);
  }
  const names = [
    'beforeConnect',
    'delay',
    'handshake',
    'onConnected',
    'onDisconnected',
    'onEvent',
    'onMessage',
    'onSend',
  ];
  expect(Object.keys(seen).sort()).toEqual(names);
  for (const name of names) {
    expect([name, new Set(seen[name])]).toEqual([name, new Set(['me'])]);
    expect(seen[name]?.length).toBeGreaterThanOrEqual(3);
  }
  wrapper.unmount();
});

let sendNow = (): unknown => undefined;

test("inject() works in the callbacks of the plugin's own connection", async () => {
  const { WebSocket } = fake;
  const key: InjectionKey<string> = Symbol('user');
  const seen: unknown[] = [];
  const app = createApp({ render: () => null });
  app.provide(key, 'me');
  app.use(createHeartbeatSocket({ url: 'ws://server/', WebSocket, beforeConnect: () => void seen.push(inject(key)) }));
  app.mount(document.createElement('div'));
  await flushPromises();
  fake.newest.end();
  vi.advanceTimersByTime(5_000);
  await flushPromises();
  expect(seen).toEqual(['me', 'me']);
  app.unmount();
});

test('a room that changes in the same tick as the call is the one that is connected', async () => {
  const { WebSocket } = fake;
  const room = ref('a');
  const scope = effectScope(true);
  scope.run(() =>
    useHeartbeatSocket(() => `ws://server/${room.value}`, { WebSocket, beforeConnect: ({ url }) => `${url}?token` }),
  );
  room.value = 'b';
  await flushPromises();
  expect(fake.live().map(({ url }) => url)).toEqual(['ws://server/b?token']);
  scope.stop();
});

test('a callback that sends at each event, from the first on, does not freeze the page', async () => {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  scope.run(() => {
    const { send } = useHeartbeatSocket('ws://server/', {
      WebSocket,
      onEvent: () => void send('x'),
      buffer: { limit: 0, onDropped: (data) => void send(data as string) },
    });
    send('first');
  });
  await flushPromises();
  expect(fake.sockets).toHaveLength(1);
  scope.stop();
  expect(takeWarnings(/callbacks run without end/)).toBeGreaterThan(0);
});

test('an effect that sends does not run again, and send again, when the room changes', async () => {
  const { WebSocket } = fake;
  const room = ref('a');
  const message = ref('hello');
  let runs = 0;
  const scope = effectScope(true);
  scope.run(() => {
    const { send } = useHeartbeatSocket(() => `ws://server/${room.value}`, { WebSocket });
    watchEffect(() => {
      runs += 1;
      send(message.value);
    });
  });
  room.value = 'b';
  await flushPromises();
  expect(runs).toBe(1);
  scope.stop();
});
