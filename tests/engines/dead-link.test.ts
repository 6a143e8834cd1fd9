/** Links that die, in another browser than Chromium. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually, phase, useEngine } from '../support/engines/visit.ts';

const visit = useEngine();

/** ms. Quick to find out, so that a test need not wait long. */
const QUICK = { interval: 1_000, pongTimeout: 1_000 };

test('a silent cut is found, and the connection replaced, within the limits of the heartbeat', async () => {
  const { page, server, count, mount, opens } = await visit();
  await mount(QUICK);
  const isAnswered = () => page.evaluate(() => window.page.socket?.latency.value !== undefined);
  const times: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    await opens();
    // A connection that falls silent before any answer gives the next one more time: its server may be busy.
    await eventually(async () => expect(await isAnswered()).toBe(true));
    const cutAt = performance.now();
    server.cut();
    await eventually(() => expect(count()).toMatchObject({ live: 1, total: round + 1 }));
    times.push(Math.round(performance.now() - cutAt));
  }
  times.sort((a, b) => a - b);
  console.info(`from a silent cut to a new connection: ${times[2]} ms (${times.join(', ')})`);
  // The machine is shared: the middle one of five counts.
  expect(times[2]).toBeLessThanOrEqual(QUICK.interval + QUICK.pongTimeout + 300);
  await opens();
  expect(await page.evaluate(() => window.page.socket?.error.value?.code ?? 'no error')).toBe('no error');
  expect(count().most).toBe(1);
});

test('a component that is unmounted on a silent link leaves no socket behind, for 30 s', async () => {
  const { page, server, count, mount, unmount, opens } = await visit();
  await mount(QUICK);
  await opens();
  server.cut();
  // The heartbeat has found the silence by then, or is about to.
  await eventually(async () => expect(await phase(page)).not.toBe('open'));
  await unmount();
  const { asked } = count();
  for (let second = 0; second < 30; second += 1) {
    await sleep(1_000);
    expect(count()).toMatchObject({ live: 0, asked });
    expect(await phase(page)).toBe('left');
  }
  // The browser itself gives the old sockets up meanwhile.
  await eventually(async () => expect(await page.evaluate(() => window.page.unclosed())).toBe(0));
  expect(count()).toMatchObject({ live: 0, asked });
});

test('a server that restarts has the page back, without help and with one connection', async () => {
  const { page, server, count, mount, opens, send } = await visit();
  await mount(QUICK);
  await opens();
  await server.stop();
  await eventually(async () => expect(await phase(page)).toBe('waiting'));
  expect(await send('kept meanwhile')).toBe(false);
  await sleep(3_000);
  await server.restart();
  await opens();
  await eventually(() => expect(server.received).toEqual(['kept meanwhile']));
  expect(count()).toMatchObject({ live: 1, most: 1, total: 2 });
});
