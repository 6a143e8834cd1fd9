// @vitest-environment node
/** Hot reload with a real Vite server, a real Chromium and a real `ws` server. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { createServer } from 'vite';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { TestServer } from '../support/server/test-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const component = (url: string): string => `<script setup lang="ts">
import { useHeartbeatSocket } from 'vue-heartbeat-socket';
const version = 1;
const { status } = useHeartbeatSocket('${url}?client=hot');
</script>
<template><p>{{ status }} {{ version }}</p></template>
`;

test('hot reload of a component leaves no second socket, not even for a moment', async () => {
  const folder = await mkdtemp(`${root}node_modules/.hot-reload-`);
  const server = new TestServer();
  await server.start();
  await writeFile(`${folder}/index.html`, '<div id="app"></div><script type="module" src="/main.ts"></script>');
  await writeFile(
    `${folder}/main.ts`,
    "import { createApp, h } from 'vue';\nimport Live from './Live.vue';\ncreateApp({ render: () => h('main', h(Live)) }).mount('#app');\n",
  );
  await writeFile(`${folder}/Live.vue`, component(server.url));
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
    await page.goto(vite.resolvedUrls?.local[0] as string);
    await page.getByText('OPEN 1').waitFor();
    for (const version of [2, 3, 4]) {
      const source = await readFile(`${folder}/Live.vue`, 'utf8');
      await writeFile(`${folder}/Live.vue`, source.replace(/version = \d/, `version = ${version}`));
      // Said, not watched for: a watcher may miss what changes while it starts.
      vite.watcher.emit('change', `${folder}/Live.vue`);
      await page.getByText(`OPEN ${version}`).waitFor();
    }
    await expect.poll(() => server.count('hot')).toMatchObject({ live: 1, total: 4, most: 1 });
  } finally {
    await browser.close();
    await vite.close();
    await server.end();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
