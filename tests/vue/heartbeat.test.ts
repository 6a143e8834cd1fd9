/** The heartbeat's message and scheduler, as the composable takes them. */
import { expect, test, vi } from 'vitest';
import { ref, shallowRef } from 'vue';
import { mountSocket } from '../support/mount-socket';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

test('the heartbeat message may be a ref, which is read anew for each beat', () => {
  const message = shallowRef('one');
  const { wrapper } = mountSocket(fake, { heartbeat: { message, interval: 1_000 } });
  fake.newest.accept();
  vi.advanceTimersByTime(1_000);
  fake.newest.say('one');
  message.value = 'two';
  vi.advanceTimersByTime(1_000);
  expect(fake.newest.sent).toEqual(['one', 'two']);
  wrapper.unmount();
});

test('the scheduler of the beats stops with the component', () => {
  let ticks = 0;
  const scheduler = (beat: () => void) => {
    let timer: ReturnType<typeof setInterval> | undefined;
    return {
      isActive: ref(true),
      resume() {
        timer = setInterval(() => {
          ticks += 1;
          beat();
        }, 100);
      },
      pause: () => clearInterval(timer),
    };
  };
  const { wrapper } = mountSocket(fake, { heartbeat: { scheduler } });
  fake.newest.accept();
  vi.advanceTimersByTime(250);
  wrapper.unmount();
  vi.advanceTimersByTime(1_000);
  expect([ticks, vi.getTimerCount()]).toEqual([2, 0]);
});

test("VueUse's scheduler times the beats, while the connection is open", () => {
  let beat = (): void => {};
  const pausable = { isActive: ref(true), pause: vi.fn(), resume: vi.fn() };
  const scheduler = vi.fn((callback: () => void) => {
    beat = callback;
    return pausable;
  });
  const { wrapper, socket } = mountSocket(fake, { heartbeat: { scheduler } });
  beat();
  expect(pausable.resume).not.toHaveBeenCalled();
  fake.newest.accept();
  expect(pausable.resume).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(fake.newest.sent).toEqual([]);
  beat();
  expect(fake.newest.sent).toEqual(['HeartBeat']);
  vi.advanceTimersByTime(10_000);
  expect(socket.phase.value).toBe('waiting');
  expect(pausable.pause).toHaveBeenCalledTimes(2);
  wrapper.unmount();
});

test('the interval of the heartbeat may be a ref or a getter: the next heartbeat goes by it', () => {
  const interval = ref(10_000);
  const { wrapper } = mountSocket(fake, { heartbeat: { interval, pongTimeout: () => 2 * interval.value } });
  fake.newest.accept();
  const beats = (): number => fake.newest.sent.length;
  interval.value = 2_000;
  vi.advanceTimersByTime(10_000);
  expect(beats()).toBe(1);
  fake.newest.say('HeartBeat');
  vi.advanceTimersByTime(2_000);
  expect(beats()).toBe(2);
  vi.advanceTimersByTime(4_000);
  expect(fake.sockets[0]?.closedWith).toEqual([]);
  wrapper.unmount();
});

test('a getter of the interval that throws, or gives no number, leaves the default in force', () => {
  const onError = vi.fn();
  const { wrapper } = mountSocket(fake, {
    onError,
    heartbeat: {
      interval: () => {
        throw new Error('no interval');
      },
      pongTimeout: () => Number.NaN,
    },
  });
  fake.newest.accept();
  vi.advanceTimersByTime(10_000);
  expect(fake.newest.sent).toEqual(['HeartBeat']);
  vi.advanceTimersByTime(8_900);
  expect(fake.newest.closedWith).toBeUndefined();
  expect(onError.mock.calls[0]?.[1].error.code).toBe('callback');
  wrapper.unmount();
});
