import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
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

/** ms. Generous: a slow machine is no fault of the code. What must be fast is measured in the benchmark. */
const PATIENCE = 120_000;

/** Of each project. A poll that has a limit of its own is about that limit. */
const patient = { hookTimeout: PATIENCE, expect: { poll: { timeout: 20_000 } } } as const;

/**
 * Projects whose tests compute for most of their time run first, on both cores of a small machine. Vitest alone would leave one core idle.
 * The others wait for real sockets and pages. They follow with as many workers as Vitest chooses, and those in a page of Vitest's own after
 * those that open their own.
 */
const computing = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 1 } } as const;
const waiting = { sequence: { groupOrder: 2 } } as const;

/** The tests of `tests/engines/` in a browser that Debian has. */
const engineProject = (engine: EngineName) => ({
  extends: true as const,
  test: {
    name: engine,
    include: ['tests/engines/**/*.test.ts'],
    provide: { engine },
    environment: 'node' as const,
    testTimeout: PATIENCE,
    ...patient,
    ...waiting,
    setupFiles: ['tests/support/no-warnings.ts'],
  },
});

/** Tests with real servers, most of whose time is a silence that they wait for: so they run all at the same time. */
const interopProject = (name: string, include: string, group: object) => ({
  extends: true as const,
  test: {
    name,
    include: [include],
    maxConcurrency: 100,
    environment: 'node' as const,
    testTimeout: PATIENCE,
    ...patient,
    ...group,
    setupFiles: ['tests/support/no-warnings.ts'],
  },
});

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
      {
        extends: true,
        test: {
          name: 'core',
          include: ['tests/{core,heartbeats,playground,bench,mutation}/**/*.test.ts', 'tests/*.test.ts'],
          environment: 'node',
          testTimeout: PATIENCE,
          ...patient,
          ...computing,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'vue',
          include: ['tests/{vue,users}/**/*.test.ts'],
          environment: 'jsdom',
          testTimeout: PATIENCE,
          ...patient,
          ...computing,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        resolve: { alias: { vue: 'vue-oldest' } },
        test: {
          name: 'oldest-vue',
          include: ['tests/oldest-vue/**/*.test.ts'],
          environment: 'jsdom',
          testTimeout: PATIENCE,
          ...patient,
          ...computing,
          setupFiles: ['tests/support/no-warnings.ts'],
          // What imports vue by itself must import the same one.
          server: { deps: { inline: [/@vueuse/] } },
        },
      },
      {
        // The plugin of the others compiles with another Vue.
        extends: false,
        plugins: [vue({ compiler: newestCompiler as never })],
        resolve: { alias: newestVue },
        test: {
          name: 'newest-vue',
          include: ['tests/{vue,newest-vue}/**/*.test.ts'],
          environment: 'jsdom',
          testTimeout: PATIENCE,
          ...patient,
          ...computing,
          setupFiles: ['tests/support/no-warnings.ts'],
          // What imports vue by itself must import the same one.
          server: { deps: { inline: [/node_modules\/(@vue|@vueuse|@pinia|@tanstack|vue-newest|pinia)\//] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: ['tests/{pages,soak}/**/*.test.ts'],
          // Pages wait for some of their time. With more of them at once each is so slow that what it is about comes too late.
          maxConcurrency: 6,
          environment: 'node',
          testTimeout: 300_000,
          ...patient,
          ...waiting,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'attack',
          include: ['tests/attack/**/*.test.ts'],
          environment: 'node',
          testTimeout: PATIENCE,
          ...patient,
          ...computing,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      interopProject('interop', 'tests/interop/**/*.test.ts', waiting),
      interopProject('interop-npm', 'tests/interop/npm/**/*.test.ts', computing),
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: PATIENCE,
          ...patient,
          sequence: { groupOrder: 3 },
          setupFiles: ['tests/support/no-warnings.ts'],
          browser: await browserProject(),
        },
      },
      {
        extends: true,
        test: {
          name: 'slow-pages',
          include: ['tests/pages/**/*.slow.ts'],
          environment: 'node',
          testTimeout: 300_000,
          ...patient,
          ...waiting,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'slow-attack',
          include: ['tests/attack/**/*.slow.ts'],
          environment: 'node',
          testTimeout: 300_000,
          ...patient,
          ...waiting,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['tests/browser/**/*.slow.ts'],
          testTimeout: 240_000,
          ...patient,
          ...waiting,
          setupFiles: ['tests/support/no-warnings.ts'],
          browser: await browserProject(),
        },
      },
      engineProject('firefox'),
      engineProject('webkit'),
    ],
  },
});
