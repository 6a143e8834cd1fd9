/** What an app does every day, in another browser than Chromium. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually, phase, useEngine } from '../support/engines/visit.ts';

const visit = useEngine();

test('a page opens its connection, and what it sends comes back', async () => {
  const { page, server, count, mount, unmount, opens, send } = await visit('echo');
  await mount();
  await opens();
  expect(await send('hello, 世界')).toBe(true);
  await eventually(async () => expect(await page.evaluate(() => window.page.received)).toEqual(['hello, 世界']));
  expect(server.received).toEqual(['hello, 世界']);
  expect(count()).toEqual({ live: 1, most: 1, total: 1, asked: 1 });
  await unmount();
  await eventually(() => expect(count().live).toBe(0));
  expect(await page.evaluate(() => window.page.diary.at(-1))).toBe('disconnected 1000 ');
});

test('1,000 messages in one burst arrive, each once and in order', async () => {
  const { page, server, mount, opens } = await visit();
  await mount();
  await opens();
  const messages = Array.from({ length: 1_000 }, (_, i) => `message ${i}`);
  server.broadcast(...messages);
  await eventually(async () => expect(await page.evaluate(() => window.page.received.length)).toBe(1_000));
  expect(await page.evaluate(() => window.page.received)).toEqual(messages);
});

test('a server that answers heartbeats of bytes is heard, and the answers are no messages', async () => {
  const { page, server, count, mount, opens } = await visit('echo');
  await mount({ interval: 300, pongTimeout: 30_000, beat: [0, 1, 254, 255] });
  await opens();
  await eventually(() => expect(server.received.length).toBeGreaterThanOrEqual(5));
  await eventually(async () => expect(await page.evaluate(() => window.page.socket?.latency.value)).toBeGreaterThan(0));
  server.broadcast('the first message');
  await eventually(async () => expect(await page.evaluate(() => window.page.received)).toEqual(['the first message']));
  expect(count()).toEqual({ live: 1, most: 1, total: 1, asked: 1 });
});

test('a server that does not answer heartbeats of bytes loses the connection', async () => {
  const { page, mount } = await visit('mute');
  await mount({ interval: 300, pongTimeout: 300, beat: [0, 1, 254, 255] });
  await eventually(async () =>
    expect(await page.evaluate(() => window.page.diary)).toContain('disconnected 1006 silence'),
  );
});

test.each([1008, 4401])('a server that closes with %i is not asked again', async (code) => {
  const { page, count, mount } = await visit(code);
  await mount();
  await eventually(async () => expect(await phase(page)).toBe('failed'));
  expect(await page.evaluate(() => window.page.socket?.error.value?.code)).toBe('final-code');
  expect(await page.evaluate(() => window.page.diary)).toContain(`disconnected ${code} as told`);
  // Longer than the first retry would wait.
  await sleep(6_000);
  expect(count()).toMatchObject({ live: 0, total: 1, asked: 1 });
});

test('a component that is mounted anew 30 times never has two connections at the server', async () => {
  const { page, count, mount, unmount, opens } = await visit();
  for (let round = 0; round < 30; round += 1) {
    await mount();
    // Each third component is gone before its connection has opened.
    if (round % 3) await opens();
    await unmount();
  }
  await mount();
  await opens();
  await sleep(500);
  expect(count()).toMatchObject({ live: 1, most: 1 });
  expect(await page.evaluate(() => window.page.unclosed())).toBe(1);
});

test('a host that the content security policy blocks is an error at once, and the page lives on', async () => {
  const { page, site, count, mount } = await visit();
  await page.goto(site.strictPage);
  // Longer than the test waits: an attempt that only its own deadline ends would be seen.
  await mount({ connectTimeout: 60_000 });
  const shown = () => page.evaluate(() => document.querySelector('#app')?.textContent ?? '');
  const error = () => page.evaluate(() => window.page.socket?.error.value?.code ?? '');
  // Chromium raises an event; Firefox throws in the constructor; WebKit throws there what it throws for a forbidden url.
  await eventually(async () => expect(['refused', 'constructor', 'url']).toContain(await error()));
  console.info(`a blocked host: error ${await error()}, phase ${await phase(page)}`);
  await eventually(async () => expect(['waiting', 'failed']).toContain(await shown()));
  expect(count().asked).toBe(0);
});
