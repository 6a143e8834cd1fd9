import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { playground } from './playground/page-plugin.ts';
import { browserProject } from './tests/support/browser.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** ms. Generous: a slow machine is no fault of the code. What must be fast is measured in the benchmark. */
const PATIENCE = 60_000;

export default defineConfig({
  plugins: [vue(), playground()],
  resolve: { alias: { 'vue-heartbeat-socket': here('src/index.ts') } },
  build: {
    target: 'es2022',
    minify: false,
    lib: { entry: here('src/index.ts'), formats: ['es'] },
    rolldownOptions: {
      external: ['vue', '@vueuse/core'],
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
          include: ['tests/{core,playground,bench,mutation}/**/*.test.ts', 'tests/*.test.ts'],
          environment: 'node',
          testTimeout: PATIENCE,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'vue',
          include: ['tests/vue/**/*.test.ts'],
          environment: 'jsdom',
          testTimeout: PATIENCE,
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
          setupFiles: ['tests/support/no-warnings.ts'],
          // What imports vue by itself must import the same one.
          server: { deps: { inline: [/@vueuse/] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: ['tests/{pages,soak}/**/*.test.ts'],
          // Pages wait for most of their time.
          maxConcurrency: 16,
          environment: 'node',
          testTimeout: PATIENCE,
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: PATIENCE,
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
          setupFiles: ['tests/support/no-warnings.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['tests/browser/**/*.slow.ts'],
          testTimeout: 240_000,
          setupFiles: ['tests/support/no-warnings.ts'],
          browser: await browserProject(),
        },
      },
    ],
  },
});
