import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import * as newestCompiler from 'vue-newest/compiler-sfc';
import { playground } from './playground/page-plugin.ts';
import { browserProject } from './tests/support/browser.ts';
import type { EngineName } from './tests/support/engines/engine.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const library = { find: /^vue-heartbeat-socket$/, replacement: here('src/index.ts') };
const subpaths = { find: /^vue-heartbeat-socket\/(.*)/, replacement: `${here('src')}/$1.ts` };

/** The newest Vue in the builds for bundlers: those for Node have no Vapor. */
const newestVue = [
  library,
  subpaths,
  { find: /^vue(-newest)?$/, replacement: here('node_modules/vue-newest/dist/vue.esm-bundler.js') },
  { find: /^vue\/(.*)/, replacement: 'vue-newest/$1' },
  {
    find: /^@vue\/(reactivity|runtime-\w+|server-renderer|shared)$/,
    replacement: `${here('node_modules/vue-newest/node_modules/@vue')}/$1/dist/$1.esm-bundler.js`,
  },
  {
    find: '@vue/test-utils',
    replacement: here('node_modules/@vue/test-utils/dist/vue-test-utils.esm-bundler.mjs'),
  },
];

type TestOptions = NonNullable<Extract<TestProjectConfiguration, { test?: unknown }>['test']>;

/** ms. Generous: a slow machine is no fault of the code. What must be fast is measured in the benchmark. */
const PATIENCE = 120_000;

/** ms. Of tests that wait for much themselves. */
const LONG_PATIENCE = 300_000;

/**
 * Projects whose tests compute for most of their time run first, on both cores of a small machine. Vitest alone would leave one core idle.
 * The others wait for real sockets and pages. They follow with as many workers as Vitest chooses, and those in a page of Vitest's own after
 * those that open their own.
 */
const computing = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 1 } };
const waiting = { sequence: { groupOrder: 2 } };
const inOwnPage = { sequence: { groupOrder: 3 } };

/** What all projects have. A poll that has a limit of its own is about that limit. */
const common = (name: string, include: string[], rest: TestOptions) => ({
  name,
  include,
  environment: 'node' as const,
  testTimeout: PATIENCE,
  hookTimeout: PATIENCE,
  expect: { poll: { timeout: 20_000 } },
  setupFiles: ['tests/support/no-warnings.ts'],
  ...rest,
});

const project = (name: string, include: string[], rest: TestOptions, alias?: Record<string, string>) => ({
  extends: true as const,
  test: common(name, include, rest),
  ...(alias && { resolve: { alias } }),
});

/** The tests of `tests/engines/` in a browser that Debian has. */
const engineProject = (engine: EngineName) =>
  project(engine, ['tests/engines/**/*.test.ts'], { ...waiting, provide: { engine } });

/** Tests with real servers, most of whose time is a silence that they wait for: so they run all at the same time. */
const ALL_AT_ONCE = { maxConcurrency: 100 };

export default defineConfig({
  plugins: [vue(), playground()],
  resolve: { alias: [library, subpaths] },
  build: {
    target: 'es2022',
    minify: false,
    lib: {
      entry: { index: here('src/index.ts'), tabs: here('src/tabs.ts'), heartbeats: here('src/heartbeats.ts') },
      formats: ['es'],
    },
    rolldownOptions: {
      external: ['vue', '@vueuse/core'],
      // An inlined constant leaves an import without names behind, and bundlers warn of each.
      optimization: { inlineConst: false },
      // One file for each source file: a bundler then drops what an app does not import, down to the imports from vue.
      output: { preserveModules: true, preserveModulesRoot: here('src'), entryFileNames: '[name].js' },
    },
  },
  test: {
    projects: [
      project('core', ['tests/{core,heartbeats,playground,bench,mutation}/**/*.test.ts', 'tests/*.test.ts'], computing),
      project('vue', ['tests/{vue,users}/**/*.test.ts'], { ...computing, environment: 'jsdom' }),
      project(
        'oldest-vue',
        ['tests/oldest-vue/**/*.test.ts'],
        // What imports vue by itself must import the same one.
        { ...computing, environment: 'jsdom', server: { deps: { inline: [/@vueuse/] } } },
        { vue: 'vue-oldest' },
      ),
      {
        // The plugin of the others compiles with another Vue.
        extends: false,
        plugins: [vue({ compiler: newestCompiler as never })],
        resolve: { alias: newestVue },
        test: common('newest-vue', ['tests/{vue,newest-vue}/**/*.test.ts'], {
          ...computing,
          environment: 'jsdom',
          // What imports vue by itself must import the same one.
          server: { deps: { inline: [/node_modules\/(@vue|@vueuse|@pinia|@tanstack|vue-newest|pinia)\//] } },
        }),
      },
      project('attack', ['tests/attack/**/*.test.ts'], computing),
      project('interop-npm', ['tests/interop/npm/**/*.test.ts'], { ...computing, ...ALL_AT_ONCE }),
      project('interop', ['tests/interop/**/*.test.ts'], { ...waiting, ...ALL_AT_ONCE }),
      // Pages wait for some of their time. With more of them at once each is so slow that what it is about comes too late.
      project('pages', ['tests/{pages,soak}/**/*.test.ts'], {
        ...waiting,
        maxConcurrency: 6,
        testTimeout: LONG_PATIENCE,
      }),
      project('browser', ['tests/browser/**/*.test.ts'], { ...inOwnPage, browser: await browserProject() }),
      project('slow-pages', ['tests/pages/**/*.slow.ts'], { ...waiting, testTimeout: LONG_PATIENCE }),
      project('slow-attack', ['tests/attack/**/*.slow.ts'], { ...waiting, testTimeout: LONG_PATIENCE }),
      project('slow', ['tests/browser/**/*.slow.ts'], {
        ...waiting,
        testTimeout: LONG_PATIENCE,
        browser: await browserProject(),
      }),
      engineProject('firefox'),
      engineProject('webkit'),
    ],
  },
});
