import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { playgroundServer } from './server-plugin.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Turns the library's Vite config into the page's, where a command is about the page: `vite`, `vite build --mode playground`
 * and `vite preview --mode playground`. Without effect on the library's build and on tests.
 */
export function playground(): Plugin[] {
  const page: Plugin = {
    name: 'playground',
    config(config) {
      config.root = here('.');
      // A static page that works in any folder of any host.
      config.base = './';
      // In place of the library's, not merged with it: a page bundles vue.
      config.build = { outDir: here('../dist-playground'), emptyOutDir: true };
    },
  };
  const { VITEST } = process.env;
  return [page, playgroundServer()].map((plugin) => ({
    ...plugin,
    apply: (_config, { command, mode }) => !VITEST && (command === 'serve' || mode === 'playground'),
  }));
}
