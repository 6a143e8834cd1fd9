/**
 * What an app pays for `import { useHeartbeatSocket }`: bundled from dist, minified, brotli, everything but vue counted.
 * Beside it, VueUse's `useWebSocket` measured the same way, and what each of our files weighs alone.
 */
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes. Raise it only with a reason in the commit. */
const BUDGET = 5_640;

async function measure(entry: string, names: string): Promise<{ bytes: number; files: Map<string, number> }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${names} } from '${entry}'`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'esm',
    external: ['vue'],
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    write: false,
    outfile: 'out.js',
  });
  const files = new Map<string, number>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) files.set(path, bytesInOutput);
  }
  return { bytes: brotliCompressSync(outputFiles[0]?.contents ?? '').length, files };
}

const ours = await measure('./dist/index.js', 'useHeartbeatSocket');
const theirs = await measure('@vueuse/core', 'useWebSocket');

console.log('minified bytes by file, before compression');
for (const [path, bytes] of [...ours.files].sort(([, a], [, b]) => b - a)) {
  if (bytes) console.log(`${String(bytes).padStart(6)}  ${path}`);
}
console.log(`useHeartbeatSocket  ${ours.bytes} B minified + brotli (budget ${BUDGET} B)`);
console.log(`useWebSocket        ${theirs.bytes} B, measured the same way`);
if (ours.bytes > BUDGET) {
  console.error(`over the budget by ${ours.bytes - BUDGET} B`);
  process.exitCode = 1;
}
