/** A server that renders with Vue in a process that has a window: a mock for another library. */
import { expect, test, vi } from 'vitest';
import { createSSRApp, defineComponent, h, nextTick, onServerPrefetch, ref } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { createHeartbeatSocket, HeartbeatSocketStatus, useHeartbeatSocket } from '../../src';
import { appPlugin } from '../support/app-plugin';
import { watchLeaks } from '../support/leaks';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

const STATUS =
  '<span data-phase="idle"><span>Not connected</span><span role="status" aria-live="polite"></span></span>';

const Page = defineComponent({
  setup() {
    const own = useHeartbeatSocket('ws://own/', { WebSocket: fake.WebSocket });
    const joined = useHeartbeatSocket();
    own.open();
    joined.open();
    return { own: own.phase, joined: joined.phase };
  },
  render() {
    const { own, joined, $heartbeatSocket } = this;
    return [h('p', `${own} ${joined} ${$heartbeatSocket.status}`), h(HeartbeatSocketStatus)];
  },
});

test('a server that has a window renders CLOSED and idle, and leaves no socket, timer or listener', async () => {
  const leaks = watchLeaks();
  for (let page = 0; page < 3; page += 1) {
    const html = await renderToString(createSSRApp(Page).use(appPlugin(fake)));
    expect(html).toBe(`<!--[--><p>idle idle CLOSED</p>${STATUS}<!--]-->`);
  }
  expect({ sockets: fake.sockets.length, timers: leaks.timers(), listeners: leaks.listeners() }).toEqual({
    sockets: 0,
    timers: 0,
    listeners: 0,
  });
});

test('a server that has a window connects nothing when a url changes while it renders', async () => {
  const app = ref('ws://app/');
  const own = ref('ws://own/');
  const Changing = defineComponent(() => {
    useHeartbeatSocket();
    useHeartbeatSocket(own, { WebSocket: fake.WebSocket });
    onServerPrefetch(async () => {
      app.value += 'new';
      own.value += 'new';
      await nextTick();
    });
    return () => h('p');
  });
  await renderToString(createSSRApp(Changing).use(appPlugin(fake, { url: app })));
  expect(fake.sockets).toHaveLength(0);
});

test('a server connects nothing for code that asks outside of components while it renders', async () => {
  const Asking = defineComponent(() => {
    onServerPrefetch(async () => {
      await nextTick();
      expect(app.config.globalProperties.$heartbeatSocket.phase).toBe('idle');
      app.config.globalProperties.$heartbeatSocket.open();
      app.runWithContext(() => useHeartbeatSocket('ws://own/', { WebSocket: fake.WebSocket, autoClose: false }).open());
    });
    return () => h('p');
  });
  const app = createSSRApp(Asking).use(appPlugin(fake));
  await renderToString(app);
  expect(fake.sockets).toHaveLength(0);
});

test('a url getter that asks the page is not called on a server', async () => {
  const url = vi.fn(() => `${location.origin}/live`);
  const Asking = defineComponent(() => {
    useHeartbeatSocket(url);
    useHeartbeatSocket();
    return () => h('p');
  });
  expect(await renderToString(createSSRApp(Asking).use(createHeartbeatSocket({ url })))).toBe('<p></p>');
  expect(url).not.toHaveBeenCalled();
});

test('a hundred pages that a server renders at once share nothing', async () => {
  const heard: unknown[][] = [];
  const pages = Array.from({ length: 100 }, (_, page) => {
    const mine: unknown[] = [];
    heard.push(mine);
    const Sending = defineComponent(() => {
      const { send, data } = useHeartbeatSocket(undefined, {
        onEvent: (event) => event.type === 'buffered' && mine.push(event.data),
      });
      onServerPrefetch(async () => {
        await nextTick();
        send(`secret ${page}`);
      });
      return () => h('p', `${data.value}`);
    });
    return renderToString(createSSRApp(Sending).use(appPlugin(fake)));
  });
  expect(new Set(await Promise.all(pages))).toEqual(new Set(['<p>null</p>']));
  expect(heard).toEqual(heard.map((_, page) => [`secret ${page}`]));
  expect(fake.sockets).toHaveLength(0);
});
