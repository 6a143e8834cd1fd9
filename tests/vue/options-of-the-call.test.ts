/** Options as a component gives them: beside those of the plugin, and within an effect. */

import { afterEach, expect, test, vi } from 'vitest';
import { createApp, effectScope, nextTick, ref, watch, watchEffect } from 'vue';
import { createHeartbeatSocket, useHeartbeatSocket } from '../../src';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

afterEach(() => vi.useRealTimers());

test('whenHidden: stay of a component holds against the closeAfter of the plugin', async () => {
  vi.useFakeTimers();
  const { WebSocket } = fake;
  const app = createApp({ render: () => null });
  app.use(createHeartbeatSocket({ WebSocket, heartbeat: false, whenHidden: { closeAfter: 1_000 } }));
  const scope = effectScope(true);
  const { phase } = app.runWithContext(() =>
    scope.run(() => useHeartbeatSocket('ws://server/', { whenHidden: 'stay' })),
  ) as ReturnType<typeof useHeartbeatSocket>;
  fake.newest.accept();
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(phase.value).toBe('open');
  scope.stop();
});

test('an effect that calls the composable does not run again, and connect again, when the url changes', async () => {
  const { WebSocket } = fake;
  const url = ref('ws://a/');
  const message = ref('ping');
  let runs = 0;
  const scope = effectScope(true);
  scope.run(() =>
    watchEffect(() => {
      runs += 1;
      useHeartbeatSocket(url, { WebSocket, immediate: false, heartbeat: { message } });
    }),
  );
  url.value = 'ws://b/';
  await nextTick();
  expect(runs).toBe(1);
  scope.stop();
});

test('an effect that calls the composable does not run again when an option in a ref changes, which is followed', async () => {
  const { WebSocket } = fake;
  const [message, protocols] = [ref('ping'), ref('a')];
  const [interval, pongTimeout, probeTimeout] = [ref(5_000), ref(1_000), ref(1_000)];
  let runs = 0;
  const scope = effectScope(true);
  scope.run(() =>
    watchEffect(() => {
      runs += 1;
      useHeartbeatSocket('ws://a/', { WebSocket, protocols, heartbeat: { message, interval, pongTimeout } });
      useHeartbeatSocket('ws://b/', { WebSocket, heartbeat: () => ({ probeTimeout: probeTimeout.value }) });
    }),
  );
  for (const figure of [interval, pongTimeout, probeTimeout]) figure.value = 2_000;
  message.value = 'pong';
  protocols.value = 'b';
  await nextTick();
  expect(runs).toBe(1);
  scope.stop();
});

test('a component may join with protocols in a ref that somebody watches', () => {
  const { WebSocket } = fake;
  const app = createApp({ render: () => null });
  const protocols = ref(['chat']);
  const scope = effectScope(true);
  app.use(createHeartbeatSocket({ url: 'ws://server/', WebSocket, heartbeat: false, protocols: ['chat'] }));
  app.runWithContext(() =>
    scope.run(() => {
      watch(protocols, () => {});
      useHeartbeatSocket(undefined, { protocols });
    }),
  );
  expect(fake.sockets).toHaveLength(1);
  scope.stop();
});

test('a ref of the answer that is still undefined, a url that is false for now, and closeAfter: Infinity make sense', () => {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  scope.run(() => {
    const { phase } = useHeartbeatSocket(ref(false) as never, {
      WebSocket,
      heartbeat: { responseMessage: ref() as never },
      whenHidden: { closeAfter: Infinity },
    });
    expect(phase.value).toBe('idle');
  });
  scope.stop();
});
