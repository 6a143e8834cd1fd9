/** Makes scripts of the benchmark, as an app's production build would: minified, nothing for development in them. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: 'es2022',
  logLevel: 'error',
  alias: {
    'vue-heartbeat-socket': `${root}src/index.ts`,
    'vue-heartbeat-socket/heartbeats': `${root}src/heartbeats.ts`,
    'vue-heartbeat-socket/tabs': `${root}src/tabs.ts`,
  },
  define: {
    'process.env.NODE_ENV': '"production"',
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
} satisfies BuildOptions;

/** The script of a page. */
export async function bundlePage(name: string): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [`tests/bench/page/${name}.ts`],
    format: 'iife',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** A script for Node: in a file, since it gets a process of its own. */
export async function bundleScript(name: string): Promise<string> {
  const outfile = `${root}node_modules/.cache/bench/${name}.mjs`;
  mkdirSync(`${root}node_modules/.cache/bench`, { recursive: true });
  await build({
    ...COMMON,
    entryPoints: [`tests/bench/node/${name}.ts`],
    format: 'esm',
    // As for a page, Node's own modules aside: that is the code which is compared.
    platform: 'browser',
    external: ['node:*', 'jsdom', 'ws'],
    outfile,
  });
  return outfile;
}
