import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { createSSRApp, defineComponent, h, nextTick, shallowRef } from 'vue';
import { renderToString } from 'vue/server-renderer';
import {
  chineseLabels,
  englishLabels,
  HeartbeatSocketStatus,
  type Phase,
  type ShownSocket,
  useHeartbeatSocket,
} from '../../src';
import { appPlugin } from '../support/app-plugin';
import { watchLeaks } from '../support/leaks';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

const plugins = () => [appPlugin(fake, { autoReconnect: { delay: 3_000 } })];

/** What is seen, and what screen readers are told. */
const seen = (wrapper: VueWrapper): string => wrapper.get('[aria-hidden="true"]').text();
const announced = (wrapper: VueWrapper): string => wrapper.get('[role="status"]').text();

/** A socket to show whose phase the test sets. */
function shownSocket(first: Phase = 'open') {
  const phase = shallowRef<Phase>(first);
  const retryAt = shallowRef<number>();
  const open = vi.fn();
  const socket: ShownSocket = { phase, status: 'OPEN', latency: undefined, retryAt, open, close() {} };
  /** Sets the phase, and lets it be rendered. */
  const set = async (next: Phase, retryInMs?: number): Promise<void> => {
    phase.value = next;
    retryAt.value = retryInMs === undefined ? undefined : Date.now() + retryInMs;
    await nextTick();
  };
  return { socket, set, open };
}

const pass = async (ms: number): Promise<void> => {
  vi.advanceTimersByTime(ms);
  await nextTick();
};

describe('without a slot', () => {
  test('the status shows the text of the phase, a text for screen readers, and the phase for styling', async () => {
    const wrapper = mount(HeartbeatSocketStatus, { global: { plugins: plugins() }, attrs: { class: 'status' } });
    expect(wrapper.element.tagName).toBe('SPAN');
    expect(wrapper.attributes()).toMatchObject({ class: 'status', 'data-phase': 'connecting' });
    expect([seen(wrapper), announced(wrapper)]).toEqual(['Connecting…', 'Connecting…']);
    expect(wrapper.get('[role="status"]').attributes('aria-live')).toBe('polite');
    expect(wrapper.get<HTMLElement>('[role="status"]').element.style.clipPath).toBe('inset(50%)');
    fake.newest.accept();
    await nextTick();
    expect(wrapper.attributes('data-phase')).toBe('open');
    expect(seen(wrapper)).toBe('Connected');
    wrapper.unmount();
  });

  test('the text that is seen changes at once, and is announced when it has lasted 2 s', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    await set('offline');
    expect(seen(wrapper)).toBe('Offline');
    await pass(1_999);
    expect(announced(wrapper)).toBe('Connected');
    await pass(1);
    expect(announced(wrapper)).toBe('Offline');
    wrapper.unmount();
  });

  test('a drop that is over within 2 s is not announced, however many there are', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    for (let i = 0; i < 5; i += 1) {
      for (const phase of ['waiting', 'connecting', 'open'] as const) {
        await set(phase);
        await pass(300);
        expect(announced(wrapper)).toBe('Connected');
      }
    }
    await pass(60_000);
    expect(announced(wrapper)).toBe('Connected');
    wrapper.unmount();
  });

  test('an outage whose phases change is announced once, and so is its end', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    const told: string[] = [];
    const region = wrapper.get('[role="status"]').element;
    const listen = async (ms: number): Promise<void> => {
      for (let at = 0; at < ms; at += 100) {
        await pass(100);
        if (region.textContent !== told.at(-1)) told.push(region.textContent);
      }
    };
    for (const ms of [1_500, 1_500, 3_000, 3_000, 20_000, 20_000]) {
      await set('connecting');
      await listen(ms);
      await set('waiting', ms);
      await listen(ms);
    }
    await set('open');
    await listen(10_000);
    expect(told).toEqual(['Connected', 'Reconnecting…', 'Connected']);
    wrapper.unmount();
  });

  test('a first attempt that fails is announced as connecting until it has failed for good', async () => {
    const { socket, set } = shownSocket('connecting');
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    await set('waiting', 10_000);
    await pass(5_000);
    expect(announced(wrapper)).toBe('Connecting…');
    await set('failed');
    await pass(5_000);
    expect(announced(wrapper)).toBe('Connection failed');
    wrapper.unmount();
  });

  test('the button to try now keeps the focus while the connection is tried, and does nothing meanwhile', async () => {
    const { socket, set, open } = shownSocket('open');
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket }, attachTo: document.body });
    await set('waiting', 10_000);
    const button = wrapper.get('button').element;
    button.focus();
    button.click();
    await set('connecting');
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    button.click();
    expect(open).toHaveBeenCalledTimes(1);
    await set('waiting', 20_000);
    expect(document.activeElement).toBe(button);
    expect(button.hasAttribute('aria-disabled')).toBe(false);
    await set('open');
    expect(wrapper.find('button').exists()).toBe(false);
    wrapper.unmount();
  });

  test('announceAfter sets how long a change must last before it is announced', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket, announceAfter: 500 } });
    await set('failed');
    await pass(500);
    expect(announced(wrapper)).toBe('Connection failed');
    await wrapper.setProps({ announceAfter: 4_000 });
    await set('open');
    await pass(3_999);
    expect(announced(wrapper)).toBe('Connection failed');
    await pass(1);
    expect(announced(wrapper)).toBe('Connected');
    wrapper.unmount();
  });

  test('a countdown to the next attempt is seen, and never announced', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    await set('waiting', 12_000);
    const counted: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      counted.push(wrapper.get('small').text());
      await pass(1_000);
      expect(announced(wrapper)).toBe(i < 1 ? 'Connected' : 'Reconnecting…');
    }
    expect(counted[0]).toBe('Next attempt in 12 s');
    expect(counted.at(-1)).toBe('Next attempt in 1 s');
    expect(new Set(counted).size).toBe(12);
    expect(wrapper.get('small').element.closest('[role="status"], [aria-live], [aria-hidden]')).toBeNull();
    await set('connecting');
    expect(wrapper.find('small').exists()).toBe(false);
    wrapper.unmount();
  });

  test.each([
    ['waiting', true],
    ['offline', true],
    ['failed', true],
    ['idle', false],
    ['connecting', false],
    ['open', false],
    ['suspect', false],
    ['closed', false],
    ['left', false],
  ] as const)('in the phase %s the button to try now is there: %s', async (phase, isThere) => {
    const { socket, open } = shownSocket(phase);
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    const button = wrapper.find('button');
    expect(button.exists()).toBe(isThere);
    if (isThere) {
      expect(button.text()).toBe('Try now');
      // In a form it must not submit.
      expect(button.attributes('type')).toBe('button');
      await button.trigger('click');
      expect(open).toHaveBeenCalledTimes(1);
    }
    wrapper.unmount();
  });

  test('the button to try now connects at once', async () => {
    const wrapper = mount(HeartbeatSocketStatus, { global: { plugins: plugins() } });
    fake.newest.accept();
    fake.newest.end();
    await nextTick();
    expect(fake.sockets).toHaveLength(1);
    await wrapper.get('button').trigger('click');
    expect(fake.sockets).toHaveLength(2);
    expect(seen(wrapper)).toBe('Connecting…');
    wrapper.unmount();
  });

  test('the button to try now keeps the focus when the countdown before it goes', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket }, attachTo: document.body });
    await set('waiting', 1_000);
    wrapper.get('button').element.focus();
    await set('failed');
    expect(document.activeElement).toBe(wrapper.get('button').element);
    wrapper.unmount();
  });

  test('the status leaves no timer and no listener behind when it is unmounted, whatever was pending', async () => {
    const leaks = watchLeaks();
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    await set('waiting', 12_000);
    expect(leaks.timers()).toBeGreaterThan(1);
    wrapper.unmount();
    expect({ timers: leaks.timers(), listeners: leaks.listeners() }).toEqual({ timers: 0, listeners: 0 });
  });
});

describe('labels', () => {
  const PHASES: Phase[] = ['idle', 'connecting', 'open', 'suspect', 'waiting', 'offline', 'closed', 'failed', 'left'];

  test('the English and the Chinese labels name every phase', () => {
    expect(Object.keys(englishLabels).sort()).toEqual([...PHASES, 'retryIn', 'tryNow'].sort());
    expect(Object.keys(chineseLabels).sort()).toEqual(Object.keys(englishLabels).sort());
    for (const phase of PHASES) expect(chineseLabels[phase]).toMatch(/\p{Script=Han}/u);
  });

  test('the labels prop makes the status Chinese, and a change of language shows at once', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket } });
    await set('waiting', 5_000);
    await wrapper.setProps({ labels: chineseLabels });
    expect(seen(wrapper)).toBe('正在重新连接…');
    expect(announced(wrapper)).toBe('已连接');
    expect(wrapper.get('small').text()).toBe('5 秒后重试');
    expect(wrapper.get('button').text()).toBe('立即重试');
    wrapper.unmount();
  });

  test('some labels of the status may be replaced, and the rest stay English', async () => {
    const { socket, set } = shownSocket();
    const wrapper = mount(HeartbeatSocketStatus, { props: { socket, labels: { open: 'Live' } } });
    expect(seen(wrapper)).toBe('Live');
    await set('failed');
    expect(seen(wrapper)).toBe('Connection failed');
    wrapper.unmount();
  });
});

test("the status shows a component's own connection", async () => {
  const wrapper = mount(
    defineComponent(() => {
      const socket = useHeartbeatSocket('ws://own/', { WebSocket: fake.WebSocket });
      return () => h(HeartbeatSocketStatus, { socket });
    }),
  );
  expect(seen(wrapper)).toBe('Connecting…');
  fake.newest.accept();
  await nextTick();
  expect(seen(wrapper)).toBe('Connected');
  wrapper.unmount();
});

test('the status may be given its socket later', async () => {
  const socket = shallowRef<ShownSocket>();
  const wrapper = mount(
    defineComponent(() => () => h(HeartbeatSocketStatus, socket.value ? { socket: socket.value } : {})),
  );
  expect(seen(wrapper)).toBe('Not connected');
  socket.value = { phase: 'open', status: 'OPEN', latency: 5, retryAt: undefined, open() {}, close() {} };
  await nextTick();
  expect(seen(wrapper)).toBe('Connected');
  wrapper.unmount();
});

test('the status hydrates without a mismatch though the first attempt has failed by then', async () => {
  const host = document.createElement('div');
  host.innerHTML = await renderToString(createSSRApp({ render: () => h(HeartbeatSocketStatus) }));
  const app = createSSRApp({ render: () => h(HeartbeatSocketStatus) });
  app.use(plugins()[0] as never);
  // The app's own connection starts before the app is mounted, since it is asked for.
  expect(app.config.globalProperties.$heartbeatSocket.phase).toBe('connecting');
  fake.newest.end(1006);
  app.mount(host);
  await nextTick();
  expect(host.querySelector('small')?.textContent).toBe('Next attempt in 3 s');
  app.unmount();
});

test('the status hydrates without a mismatch from the idle status that the server has rendered', async () => {
  const host = document.createElement('div');
  host.innerHTML = await renderToString(createSSRApp({ render: () => h(HeartbeatSocketStatus) }));
  const [before] = host.children;
  expect(before?.getAttribute('data-phase')).toBe('idle');
  const app = createSSRApp({ render: () => h(HeartbeatSocketStatus) });
  app.use(plugins()[0] as never);
  app.mount(host);
  expect(fake.live()).toHaveLength(1);
  await nextTick();
  expect(host.textContent).toBe('Connecting…');
  expect(host.firstElementChild).toBe(before);
  expect(before?.getAttribute('data-phase')).toBe('connecting');
  const region = host.querySelector<HTMLElement>('[role="status"]');
  expect(region?.style.clipPath).toBe('inset(50%)');
  expect(host.querySelector('[aria-hidden]')).toBeNull();
  await pass(2_000);
  expect(region?.textContent).toBe('Connecting…');
  expect(host.querySelector('[aria-hidden]')?.textContent).toBe('Connecting…');
  app.unmount();
});
