/** The seven rules on the composable, with real mount and unmount. The engine's own are in tests/core/rule-*.test.ts. */
import { expect, test, vi } from 'vitest';
import { nextTick, ref } from 'vue';
import { watchLeaks } from '../support/leaks';
import { mountSocket } from '../support/mount-socket';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

const page = (type: string): boolean => window.dispatchEvent(new Event(type));

test('rule 1: there is at most one live socket, whatever the user asks for', async () => {
  const url = ref('ws://server/');
  const { wrapper, socket } = mountSocket(fake, {}, url);
  fake.newest.accept();
  socket.open();
  socket.open();
  page('online');
  url.value = 'ws://other/';
  await nextTick();
  expect(fake.live()).toEqual([fake.newest]);
  const stale = fake.sockets[0];
  stale?.accept();
  stale?.say('stale');
  stale?.end(4401);
  expect(socket).toMatchObject({ status: { value: 'CONNECTING' }, data: { value: null } });
  wrapper.unmount();
  expect(fake.live()).toEqual([]);
});

test('rule 2: there is at most one timer, and no timer call for 2,000 messages', () => {
  const { wrapper } = mountSocket(fake);
  expect(vi.getTimerCount()).toBe(1);
  fake.newest.accept();
  const arm = vi.spyOn(globalThis, 'setTimeout');
  const clear = vi.spyOn(globalThis, 'clearTimeout');
  for (let i = 0; i < 2_000; i += 1) fake.newest.say(i);
  expect([arm.mock.calls.length, clear.mock.calls.length]).toEqual([0, 0]);
  for (const act of [
    () => vi.advanceTimersByTime(15_000),
    () => fake.newest.end(),
    () => page('offline'),
    () => page('online'),
  ]) {
    act();
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  }
  wrapper.unmount();
  expect(vi.getTimerCount()).toBe(0);
});

test('rule 3: a silent socket is abandoned at once, and its late close event changes nothing', () => {
  const { wrapper, socket } = mountSocket(fake);
  fake.newest.accept();
  const old = fake.newest;
  old.say('hello');
  vi.advanceTimersByTime(20_000 + 100);
  expect(old.closedWith).toEqual([]);
  expect(fake.sockets).toHaveLength(2);
  fake.newest.accept();
  old.end(1006);
  expect(socket.status.value).toBe('OPEN');
  wrapper.unmount();
});

test('rule 4: after unmounting there is no socket, no timer, no listener and no attempt', async () => {
  const leaks = watchLeaks();
  let finish = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { wrapper, socket } = mountSocket(fake, { beforeConnect: () => waiting });
  wrapper.unmount();
  finish();
  await vi.advanceTimersByTimeAsync(60_000);
  socket.open();
  expect(takeWarnings(/open\(\) does nothing any more/)).toBe(1);
  for (const type of ['online', 'pageshow', 'resume', 'visibilitychange']) page(type);
  expect(socket).toMatchObject({ phase: { value: 'left' }, left: { value: true } });
  expect({ made: fake.sockets.length, timers: leaks.timers(), listeners: leaks.listeners() }).toEqual({
    made: 0,
    timers: 0,
    listeners: 0,
  });
});

test('rule 5: a closed connection is opened by open() or a new url alone', async () => {
  const url = ref('ws://server/');
  const { wrapper, socket } = mountSocket(fake, {}, url);
  fake.newest.accept();
  socket.close();
  fake.newest.end(1006);
  page('online');
  vi.advanceTimersByTime(60_000);
  expect([socket.phase.value, fake.sockets.length]).toEqual(['closed', 1]);
  socket.open();
  expect(socket.phase.value).toBe('connecting');
  socket.close();
  url.value = 'ws://other/';
  await nextTick();
  expect(socket.phase.value).toBe('connecting');
  wrapper.unmount();
});

test('rule 6: a component whose callbacks all throw keeps its connection, and still ends it', () => {
  const boom = (): never => {
    throw new Error('boom');
  };
  const { wrapper, socket } = mountSocket(fake, {
    onConnected: boom,
    onMessage: boom,
    onSend: boom,
    onDisconnected: boom,
    onError: boom,
  });
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  fake.newest.accept();
  fake.newest.say('hello');
  expect(socket.send('x')).toBe(true);
  expect(socket.status.value).toBe('OPEN');
  fake.newest.end();
  expect(socket.phase.value).toBe('waiting');
  wrapper.unmount();
  expect(fake.live()).toEqual([]);
  expect(errors).toHaveBeenCalledTimes(4);
});

test('rule 7: onDisconnected runs once for each socket that was open', () => {
  const onDisconnected = vi.fn();
  const { wrapper, socket } = mountSocket(fake, { onDisconnected });
  fake.newest.accept();
  fake.newest.say('hello');
  vi.advanceTimersByTime(20_100);
  fake.newest.accept();
  socket.open();
  fake.newest.accept();
  fake.newest.end(1012);
  socket.open();
  wrapper.unmount();
  expect(onDisconnected.mock.calls.map(([, { code, reason }]) => `${code} ${reason}`)).toEqual([
    '1006 silence',
    '1000 ',
    '1012 ',
  ]);
});
