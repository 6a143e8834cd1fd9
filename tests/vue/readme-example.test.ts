/** What the README's own examples do in an app: the snippets run as they stand there. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Component, createApp, effectScope } from 'vue';
import type { UseHeartbeatSocketReturn } from '../../src';
import { fakeWebSocket } from '../support/fake-web-socket';

const root = `${import.meta.dirname}/../../`;

/** The snippet that names this file in its first line, as a module. `WebSocket` is a fake one. */
async function importSnippet(name: string) {
  const readme = await readFile(`${root}README.md`, 'utf8');
  const code = readme.split(/^```\w*\n/m).find((block) => block.match(/^\W+([\w.]+)/)?.[1] === name) as string;
  const folder = await mkdtemp(`${root}node_modules/.readme-`);
  await writeFile(`${folder}/${name}`, code);
  const fake = fakeWebSocket();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.stubGlobal('WebSocket', fake.WebSocket);
  onTestFinished(async () => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
    await rm(folder, { recursive: true, force: true });
  });
  return { fake, exported: await import(/* @vite-ignore */ `${folder}/${name}`) };
}

/** Mounts the page of the orders. The token's endpoint answers with `status`. */
async function mountOrders(status: number) {
  const { fake, exported } = await importSnippet('Orders.vue');
  const assign = vi.fn();
  const fetch = vi.fn(async () => new Response('a token', { status }));
  vi.stubGlobal('location', { assign });
  vi.stubGlobal('fetch', fetch);
  const app = createApp(exported.default as Component);
  app.mount(document.createElement('div'));
  onTestFinished(() => app.unmount());
  return { fake, assign, fetch };
}

test('a user who is logged out sees the login page: no further token is asked for, and no socket made', async () => {
  const { fake, assign, fetch } = await mountOrders(401);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(assign.mock.calls).toEqual([['/login']]);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(fake.sockets).toEqual([]);
});

test('a user whom the server refuses with a fresh token, too, sees the login page', async () => {
  const { fake, assign, fetch } = await mountOrders(200);
  for (const attempt of [1, 2]) {
    await vi.waitFor(() => expect(fake.sockets).toHaveLength(attempt), { timeout: 20_000 });
    expect(assign).not.toHaveBeenCalled();
    fake.newest.accept();
    fake.newest.end(4401);
    await vi.advanceTimersByTimeAsync(5_000);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  expect(assign.mock.calls).toEqual([['/login']]);
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(fake.sockets).toHaveLength(2);
});

test('a user whose token cannot be had for a while is not sent away', async () => {
  const { assign, fetch } = await mountOrders(503);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(assign).not.toHaveBeenCalled();
  expect(fetch.mock.calls.length).toBeGreaterThan(3);
});

test('a server that wants a login first gets nothing else before it has acknowledged that', async () => {
  const { fake, exported } = await importSnippet('graphql.ts');
  const scope = effectScope();
  onTestFinished(() => scope.stop());
  const useGraphql = exported.useGraphql as (token: () => string) => UseHeartbeatSocketReturn;
  const { phase, send } = scope.run(() => useGraphql(() => 'secret')) as UseHeartbeatSocketReturn;
  const subscribe = { id: '1', type: 'subscribe' };
  expect(send(subscribe as never)).toBe(false);
  fake.newest.accept();
  await vi.advanceTimersByTimeAsync(0);
  const init = '{"type":"connection_init","payload":{"token":"secret"}}';
  expect([phase.value, fake.newest.protocols, fake.newest.sent]).toEqual([
    'connecting',
    ['graphql-transport-ws'],
    [init],
  ]);
  fake.newest.say('{"type":"connection_ack"}');
  await vi.advanceTimersByTimeAsync(0);
  expect([phase.value, fake.newest.sent]).toEqual(['open', [init, JSON.stringify(subscribe)]]);
});
