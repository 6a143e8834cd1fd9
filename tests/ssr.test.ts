import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSSRApp, defineComponent, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { createHeartbeatSocket, HeartbeatSocketStatus, useHeartbeatSocket } from '../src';
import { recordDevtools } from './support/recording-devtools';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
  ['without a window', false],
  ['with a window that is a mock', true],
])('on a server %s it renders, connects nothing, and leaves no timer', async (_, hasWindow) => {
  const devtools = recordDevtools();
  const WebSocket = vi.fn();
  const addEventListener = vi.fn();
  if (hasWindow) vi.stubGlobal('window', { WebSocket, addEventListener, navigator: {}, document: {} });
  vi.stubGlobal('WebSocket', WebSocket);
  let phase = '';
  const App = defineComponent(() => {
    const socket = useHeartbeatSocket(() => 'ws://server/', { WebSocket });
    phase = socket.phase.value;
    socket.open();
    expect(socket.send('x', false)).toBe(false);
    return () => [h('p', socket.status.value), h(HeartbeatSocketStatus)];
  });
  const app = createSSRApp(App);
  app.use(createHeartbeatSocket({ url: '/live' }));
  const html = await renderToString(app);
  expect(html).toBe(
    '<!--[--><p>CLOSED</p><span data-phase="idle"><span>Not connected</span>' +
      '<span role="status" aria-live="polite"></span></span><!--]-->',
  );
  expect(phase).toBe('idle');
  expect(WebSocket).not.toHaveBeenCalled();
  expect(addEventListener).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  expect(devtools.panels).toEqual([]);
  devtools.remove();
  vi.unstubAllGlobals();
});
