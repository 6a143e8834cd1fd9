// @vitest-environment node
/** Hot reload with a real Vite server, a real Chromium and a real `ws` server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { createServer } from 'vite';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { TestServer } from '../support/server/test-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files of an app whose page shows its connection's status and `version`. The last file is the one that is edited. */
type HotApp = (url: string) => Record<string, string>;

const MAIN = `import { createPinia } from 'pinia';
import { createApp, h } from 'vue';
import Live from './Live.vue';
createApp({ render: () => h('main', h(Live)) }).use(createPinia()).mount('#app');
`;

const component: HotApp = (url) => ({
  'index.html': '<div id="app"></div><script type="module" src="/main.ts"></script>',
  'main.ts': MAIN,
  'Live.vue': `<script setup lang="ts">
import { useHeartbeatSocket } from 'vue-heartbeat-socket';
const version = 1;
const { status } = useHeartbeatSocket('${url}');
</script>
<template><p>{{ status }} {{ version }}</p></template>
`,
});

/** Pinia does not end the scope of a setup that it replaces, so the store ends the connection itself. */
const store: HotApp = (url) => ({
  ...component(url),
  'Live.vue': `<script setup lang="ts">
import { useLive } from './live';
const live = useLive();
</script>
<template><p>{{ live.status }} {{ live.edition }}</p></template>
`,
  'live.ts': `import { acceptHMRUpdate, defineStore } from 'pinia';
import { computed, effectScope } from 'vue';
import { useHeartbeatSocket } from 'vue-heartbeat-socket';
const version = 1;
export const useLive = defineStore('live', () => {
  const scope = effectScope();
  const { status } = scope.run(() => useHeartbeatSocket('${url}'))!;
  import.meta.hot?.dispose(() => scope.stop());
  return { status, edition: computed(() => version) };
});
if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(useLive, import.meta.hot));
`,
});

/** Two components hold one connection. The module that defines it is edited. The number that it was edited last is in its url. */
const shared: HotApp = (url) => ({
  ...component(url),
  'Live.vue': `<script setup lang="ts">
import { ref } from 'vue';
import Part from './Part.vue';
import { useLive } from './live';
const { status, on, ws } = useLive();
const version = ref('');
on('opened', () => { version.value = new URL(ws.value.url).searchParams.get('version') });
</script>
<template><p>{{ status }} {{ version }}</p><Part /></template>
`,
  'Part.vue': `<script setup lang="ts">
import { useLive } from './live';
const { phase } = useLive();
</script>
<template><p>{{ phase }}</p></template>
`,
  'live.ts': `import { acceptSharedSocketUpdate, defineHeartbeatSocket } from 'vue-heartbeat-socket';
const version = 1;
export const useLive = defineHeartbeatSocket({ url: '${url}&version=' + version });
if (import.meta.hot) import.meta.hot.accept(acceptSharedSocketUpdate({ useLive }));
`,
});

test.each([
  ['a component', component],
  ['a Pinia store', store],
  ['a shared connection', shared],
])('hot reload of %s leaves no second socket, not even for a moment', async (_, app) => {
  const folder = await mkdtemp(`${root}node_modules/.hot-reload-`);
  const server = new TestServer();
  await server.start();
  const files = Object.entries(app(`${server.url}?client=hot`));
  const [edited, source] = files.at(-1) as [string, string];
  for (const [name, text] of files) await writeFile(`${folder}/${name}`, text);
  const vite = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    cacheDir: `${folder}/.vite`,
    plugins: [vue()],
    resolve: { alias: { 'vue-heartbeat-socket': `${root}src/index.ts` } },
    server: {
      host: '127.0.0.1',
      port: 0,
      fs: { allow: [root] },
    },
  });
  await vite.listen();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
    });
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.goto(vite.resolvedUrls?.local[0] as string);
    await page.getByText('OPEN 1').waitFor();
    for (const version of [2, 3, 4]) {
      await writeFile(`${folder}/${edited}`, source.replace('version = 1', `version = ${version}`));
      // Said, not watched for: a watcher may miss what changes while it starts.
      vite.watcher.emit('change', `${folder}/${edited}`);
      await page.getByText(`OPEN ${version}`).waitFor();
    }
    await expect.poll(() => server.count('hot')).toMatchObject({ live: 1, total: 4, most: 1 });
    expect({ loads, complaints }).toEqual({ loads: 1, complaints: [] });
  } finally {
    await browser.close();
    await vite.close();
    await server.end();
    await rm(folder, { recursive: true, force: true });
  }
});
