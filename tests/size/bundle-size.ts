/** What an app pays for an import: bundled, minified, brotli, everything but vue counted. */
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

export interface BundleSize {
  readonly bytes: number;
  /** Minified bytes of each file, before compression. */
  readonly files: ReadonlyMap<string, number>;
}

/** `imports` as in `export … from 'entry'`. Of no app in particular, so it stands in the project's own folder. */
export async function measureSize(entry: string, imports: string): Promise<BundleSize> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${imports} from '${entry}'`, resolveDir: process.cwd() },
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
