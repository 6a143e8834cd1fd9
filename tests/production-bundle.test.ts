/** What an app gets: the package is built and installed as published, and a small app is bundled and type-checked with it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = `${root}node_modules/.cache/production-bundle/`;
const vite = `${dirname(createRequire(import.meta.url).resolve('vite/package.json'))}/bin/vite.js`;

const MAIN = `
import { createApp, h } from 'vue';
import { createHeartbeatSocket, HeartbeatSocketStatus, useHeartbeatSocket } from 'vue-heartbeat-socket';

const App = {
  setup() {
    useHeartbeatSocket();
    useHeartbeatSocket('/prices');
    return () => h(HeartbeatSocketStatus);
  },
};
createApp(App).use(createHeartbeatSocket({ url: '/live' })).mount('#app');
`;

const read = (folder: string, files: string[]): string =>
  files.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('\n');

/** The texts in the devtools' source that stand nowhere else: long enough to be found in a bundle by no accident. */
function devtoolsTexts(): string[] {
  const folder = `${root}src/vue`;
  const isDevtools = (file: string): boolean => file.startsWith('devtools/');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const elsewhere = read(
    folder,
    files.filter((file) => !isDevtools(file)),
  );
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isStringLiteral(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  for (const file of files.filter(isDevtools)) {
    visit(ts.createSourceFile(file, readFileSync(`${folder}/${file}`, 'utf8'), ts.ScriptTarget.Latest));
  }
  return [...new Set(texts)].filter((text) => text.length > 9 && !elsewhere.includes(text));
}

/** Runs `vite build` as a shell would, and gives all the code it wrote. */
function viteBuild(mode: 'production' | 'development', ...args: string[]): string {
  // Vite decides by this variable that it runs under Vitest.
  const { VITEST: _, ...env } = process.env;
  execFileSync(process.execPath, [vite, 'build', '--mode', mode, '--outDir', mode, '--logLevel', 'error', ...args], {
    cwd: app,
    env: { ...env, NODE_ENV: mode },
    stdio: 'pipe',
  });
  const files = readdirSync(`${app}${mode}`, { recursive: true, encoding: 'utf8' });
  return read(
    `${app}${mode}`,
    files.filter((file) => file.endsWith('.js')),
  );
}

beforeAll(() => {
  const installed = `${app}node_modules/vue-heartbeat-socket/`;
  rmSync(app, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  copyFileSync(`${root}package.json`, `${installed}package.json`);
  writeFileSync(`${app}package.json`, '{ "type": "module" }');
  writeFileSync(`${app}index.html`, '<div id="app"></div><script type="module" src="/main.js"></script>');
  writeFileSync(`${app}main.js`, MAIN);
  const { VITEST: _, ...env } = process.env;
  execFileSync(process.execPath, [vite, 'build', '--outDir', `${installed}dist`, '--logLevel', 'error'], {
    cwd: root,
    env: { ...env, NODE_ENV: 'production' },
    stdio: 'pipe',
  });
});

test('the devtools are in a development build, and nothing of them is in a production build', () => {
  const texts = devtoolsTexts();
  expect(texts).toEqual(expect.arrayContaining(['devtools-plugin:setup', 'Show what messages carry']));
  const development = viteBuild('development', '--minify', 'false');
  expect(texts.filter((text) => !development.includes(text))).toEqual([]);
  const production = viteBuild('production');
  expect(production).toContain('HeartBeat');
  expect(texts.filter((text) => production.includes(text))).toEqual([]);
});

test('nor in that of esbuild, minified or not', async () => {
  for (const minify of [true, false]) {
    const { outputFiles, metafile } = await build({
      entryPoints: [`${app}main.js`],
      bundle: true,
      format: 'esm',
      minify,
      define: { 'process.env.NODE_ENV': '"production"' },
      metafile: true,
      write: false,
      outfile: 'out.js',
    });
    const code = outputFiles.map(({ text }) => text).join('\n');
    expect(code).toContain('HeartBeat');
    const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
    const ours = files.filter(([file, { bytesInOutput }]) => file.includes('vue-heartbeat-socket') && bytesInOutput);
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter(([file]) => file.includes('devtools'))).toEqual([]);
    expect(devtoolsTexts().filter((text) => code.includes(text))).toEqual([]);
  }
});

test('an app that checks the types of its libraries too finds no error in them', () => {
  const tsc = (...args: string[]): string =>
    spawnSync(`${root}node_modules/.bin/tsc`, args, { encoding: 'utf8' }).stdout;
  expect(tsc('-p', `${root}src`, '--outDir', `${app}node_modules/vue-heartbeat-socket/dist`)).toBe('');
  const compilerOptions = {
    lib: ['es2022', 'dom'],
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types: [],
    noEmit: true,
  };
  writeFileSync(`${app}tsconfig.json`, JSON.stringify({ compilerOptions, files: ['app.ts'] }));
  writeFileSync(`${app}app.ts`, `export * from 'vue-heartbeat-socket';`);
  expect(tsc('-p', app)).toBe('');
});
