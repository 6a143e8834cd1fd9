/** The refs that show a connection: each is made when it is first asked for. */
import { expect, test, vi } from 'vitest';
import { effectScope, isReadonly, isRef, nextTick, reactive, ref, watch } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { fakeWebSocket } from '../support/fake-web-socket';
import { takeWarnings } from '../support/no-warnings';

const start = () => {
  const fake = fakeWebSocket();
  const scope = effectScope(true);
  const socket = scope.run(() => useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket }));
  if (!socket) throw new Error('no socket');
  return { fake, scope, socket };
};

test('a ref that is first asked for late shows the state of now, and follows it from then on', () => {
  const { fake, scope, socket } = start();
  fake.newest.accept();
  fake.newest.say('early');
  expect([socket.phase.value, socket.data.value]).toEqual(['open', 'early']);
  fake.newest.say('late');
  expect(socket.data.value).toBe('late');
  scope.stop();
  expect([socket.phase.value, socket.left.value]).toEqual(['left', true]);
});

test('a ref of the composable is the same one each time, so watching and comparing it works', () => {
  const { fake, scope, socket } = start();
  expect(socket.status).toBe(socket.status);
  const { status } = socket;
  const seen: unknown[] = [];
  const stop = watch(socket.status, (value) => seen.push(value), { flush: 'sync' });
  fake.newest.accept();
  expect([seen, status.value]).toEqual([['OPEN'], 'OPEN']);
  stop();
  scope.stop();
});

test('what the composable returns can be spread, put into reactive() and listed, with every ref in it', () => {
  const { scope, socket } = start();
  const copy = { ...socket };
  const names = ['status', 'data', 'ws', 'phase', 'left', 'latency', 'failures', 'retryAt', 'error', 'pending'];
  expect(Object.keys(copy).sort()).toEqual([...names, 'open', 'send', 'close', 'on'].sort());
  for (const name of names) {
    const value = copy[name as keyof typeof copy];
    expect([isRef(value), isReadonly(value), value === socket[name as keyof typeof socket]]).toEqual([
      true,
      true,
      true,
    ]);
  }
  const unwrapped = reactive(socket);
  expect(unwrapped.phase).toBe('connecting');
  scope.stop();
});

test('writing to a ref of the composable is refused with a warning, and changes nothing', () => {
  const { scope, socket } = start();
  (socket.phase as { value: string }).value = 'open';
  expect(takeWarnings(/readonly/)).toBe(1);
  expect(socket.phase.value).toBe('connecting');
  scope.stop();
  vi.restoreAllMocks();
});

test('a test may put a ref of its own into the place of one that is returned', () => {
  const { scope, socket } = start();
  const data = ref('mine');
  Object.assign(socket, { data });
  expect(socket.data).toBe(data);
  expect(socket.phase.value).toBe('connecting');
  scope.stop();
});

test('failures go back to 0 for a new url, also while the page is put away', async () => {
  const fake = fakeWebSocket();
  const scope = effectScope(true);
  const url = ref<string | undefined>('ws://server/');
  const socket = scope.run(() => useHeartbeatSocket(url, { WebSocket: fake.WebSocket }));
  const { failures, phase } = socket as NonNullable<typeof socket>;
  expect(failures.value).toBe(0);
  fake.newest.end(1000);
  expect(failures.value).toBe(1);
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  window.dispatchEvent(new Event('pagehide'));
  hidden.mockRestore();
  expect([phase.value, failures.value]).toEqual(['idle', 1]);
  url.value = undefined;
  await nextTick();
  expect([phase.value, failures.value]).toEqual(['idle', 0]);
  scope.stop();
});
