/** Connections that components share, by the log of a real server. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { type App, createApp, defineComponent, h, nextTick, type Ref, ref, shallowReactive } from 'vue';
import { defineHeartbeatSocket, type UseHeartbeatSocketReturn } from '../../src';
import { createChance } from '../soak/chance';
import { sleep, until } from './mount-socket';

let url: string;
let apps: App[] = [];

beforeEach(async () => {
  url = await commands.startServer();
});

afterEach(async () => {
  for (const app of apps) app.unmount();
  apps = [];
  await commands.endServer(url);
});

/** An app that shows the components of a list. */
function mountList(): Set<ReturnType<typeof defineComponent>> {
  const shown = shallowReactive(new Set<ReturnType<typeof defineComponent>>());
  const app = createApp(() => [...shown].map((part) => h(part)));
  app.mount(document.createElement('div'));
  apps.push(app);
  return shown;
}

const part = (use: () => UseHeartbeatSocketReturn<unknown>) =>
  defineComponent(() => {
    const { status } = use();
    return () => h('p', status.value);
  });

test('five components hold one connection, and each hears its messages', async () => {
  const use = defineHeartbeatSocket({ url: `${url}?client=a` });
  const heard: string[] = [];
  const shown = mountList();
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    shown.add(
      part(() => {
        const socket = use();
        socket.on('received', ({ value }) => heard.push(`${name} ${value}`));
        return socket;
      }),
    );
  }
  await until(async () => (await commands.countOf(url, 'a')).live === 1, 'a connection');
  await commands.broadcast(url, 'hello');
  await until(() => heard.length === 5, 'a message for each');
  expect(heard).toEqual(['a hello', 'b hello', 'c hello', 'd hello', 'e hello']);
  expect(await commands.countOf(url, 'a')).toMatchObject({ total: 1, most: 1 });
  shown.clear();
  await until(async () => (await commands.countOf(url, 'a')).live === 0, 'the end of the linger');
});

test('a change of route and back within the linger keeps the socket', async () => {
  const use = defineHeartbeatSocket({ url: `${url}?client=a`, linger: 1_500 });
  const shown = mountList();
  const route = part(use);
  shown.add(route);
  await until(async () => (await commands.countOf(url, 'a')).live === 1, 'a connection');
  shown.delete(route);
  await sleep(100);
  shown.add(part(use));
  await sleep(1_600);
  expect(await commands.countOf(url, 'a')).toMatchObject({ live: 1, total: 1 });
});

test('10,000 random mounts, unmounts and logins over 10 definitions: one socket for each, and none at the end', async () => {
  const random = createChance(7);
  const chance = (below: number): number => Math.floor(random.between(0, below));
  const users = ['ann', 'bob', 'eve'];
  const user: Ref<string> = ref('ann');
  const uses = Array.from({ length: 10 }, (_, number) =>
    defineHeartbeatSocket((name: string) => ({ url: `${url}?client=${number}-${name}`, linger: 100 })),
  );
  const shown = mountList();
  const parts: ReturnType<typeof defineComponent>[] = [];
  for (let step = 0; step < 10_000; step += 1) {
    const what = chance(400);
    if (what === 0) user.value = users[chance(users.length)] as string;
    else if (what < 201 && parts.length < 60) {
      const use = uses[chance(uses.length)] as (typeof uses)[number];
      const own = part(() => use(chance(2) ? user : () => user.value));
      parts.push(own);
      shown.add(own);
    } else if (parts.length) {
      for (const gone of parts.splice(chance(parts.length), 1)) shown.delete(gone);
    }
    if (chance(3) === 0) await nextTick();
    if (chance(20) === 0) await sleep(chance(40));
  }
  shown.clear();
  const counts = async () =>
    Promise.all(uses.flatMap((_, number) => users.map((name) => commands.countOf(url, `${number}-${name}`))));
  await until(async () => (await counts()).every(({ live }) => live === 0), 'no connection');
  const all = await counts();
  expect(Math.max(...all.map(({ most }) => most))).toBe(1);
  expect(Math.min(...all.map(({ total }) => total))).toBeGreaterThan(0);
  console.info(`${all.reduce((sum, { total }) => sum + total, 0)} connections for 30 keys`);
});
