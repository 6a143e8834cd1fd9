/** Frames to which Chromium denies locks: they cannot share, and are connected. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { launchChromium } from '../support/chromium.ts';

const SCRIPT = `
import { effectScope, watch } from 'vue';
import { useHeartbeatSocket } from './src/index.ts';
import { tabs, useIsLeader } from './src/tabs.ts';

effectScope(true).run(() => {
  const socket = useHeartbeatSocket('ws://' + new URLSearchParams(location.search).get('server'), { share: tabs() });
  const isLeader = useIsLeader(socket);
  watch([socket.phase, isLeader], ([phase, leads]) => (document.title = phase + ' ' + leads), { immediate: true });
  socket.on('received', ({ value }) => document.body.append(value));
  socket.send('hello');
});
`;

test('two sandboxed frames have a socket each, send and hear', async () => {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: fileURLToPath(new URL('../../', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const script = outputFiles[0]?.text ?? '';
  const frame = '<iframe sandbox="allow-scripts"></iframe>';
  const http = createServer(({ url = '/' }, response) => {
    const isFrame = url.startsWith('/frame');
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(isFrame ? `<title></title><body><script>${script}</script>` : frame + frame);
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const { port } = http.address() as AddressInfo;
  const heard: string[] = [];
  const server = new WebSocketServer({ server: http });
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      heard.push(String(data));
      socket.send(`heard ${String(data)}`);
    });
  });

  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('iframe')) one.src = `/frame?server=${location.host}`;
  });
  const frames = () => page.frames().filter((one) => one.url().includes('/frame'));
  await expect.poll(() => frames().length, { timeout: 20_000 }).toBe(2);
  for (const one of frames()) {
    await one.getByText('heard hello').waitFor();
    expect(await one.title()).toBe('open true');
    expect(
      await one.evaluate(() => navigator.locks.request('mine', () => 'granted').catch((thrown: Error) => thrown.name)),
    ).toBe('SecurityError');
  }
  expect(heard).toEqual(['hello', 'hello']);
  await browser.close();
  server.close();
  http.closeAllConnections();
  http.close();
});
