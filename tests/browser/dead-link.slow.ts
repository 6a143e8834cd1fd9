/** A minute of watching: Chromium fires `close` on a dead link 60 s after `close()`. */
import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { mountSocket, opens, sleep, until } from './mount-socket';

const heartbeat = { interval: 1_000, pongTimeout: 1_000 };

test.concurrent('the late close event of an abandoned socket changes nothing', async () => {
  const server = await commands.startServer();
  const ended: string[] = [];
  const page = mountSocket(`${server}?client=late`, {
    heartbeat,
    onDisconnected: (_, { code, reason }) => ended.push(`${code} ${reason}`),
  });
  await opens(page);
  const old = page.socket.ws.value as WebSocket;
  let closedAfter = 0;
  const cutAt = performance.now();
  old.addEventListener('close', () => {
    closedAfter = performance.now() - cutAt;
  });
  await commands.cut(server);
  await until(() => page.socket.ws.value !== old && page.socket.status.value === 'OPEN', 'a new connection');
  const backAfter = performance.now() - cutAt;
  const current = page.socket.ws.value;
  await until(() => closedAfter > 0, 'the late close event', 100_000);
  await sleep(2_000);
  console.info(
    `back after ${Math.round(backAfter)} ms; the old socket's close event came after ${Math.round(closedAfter)} ms`,
  );
  expect(closedAfter).toBeGreaterThan(backAfter + 30_000);
  expect(page.socket.ws.value).toBe(current);
  expect(page.socket).toMatchObject({ status: { value: 'OPEN' }, failures: { value: 0 }, error: { value: undefined } });
  expect(ended).toEqual(['1006 silence']);
  expect(await commands.countOf(server, 'late')).toMatchObject({ total: 2 });
  page.unmount();
  await commands.endServer(server);
});

test.concurrent('unmounted before the late close event: no connection ever again', async () => {
  const server = await commands.startServer();
  const page = mountSocket(`${server}?client=gone`, { heartbeat });
  await opens(page);
  const old = page.socket.ws.value as WebSocket;
  let closed = false;
  old.addEventListener('close', () => {
    closed = true;
  });
  await commands.cut(server);
  await until(() => page.socket.phase.value === 'waiting' || page.socket.ws.value !== old, 'silence found');
  page.unmount();
  // An attempt that was given up with the component may still be on its way to the server.
  await sleep(2_000);
  const { asked } = await commands.countOf(server, 'gone');
  await until(() => closed, 'the late close event', 100_000);
  await sleep(5_000);
  expect((await commands.countOf(server, 'gone')).asked).toBe(asked);
  expect(page.socket).toMatchObject({ phase: { value: 'left' }, ws: { value: undefined } });
  await commands.endServer(server);
});
