/** What an app pays for an import: bundled, minified, brotli, everything but vue counted. */
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

export interface BundleSize {
  readonly bytes: number;
  /** Minified bytes of each file, before compression. */
  readonly files: ReadonlyMap<string, number>;
}

/** What an app imports, by the entry that it imports it from, as in `export … from 'entry'`. */
export type Imports = Readonly<Record<string, string>>;

/** Measures an app that does nothing but import. Of no app in particular, so it stands in the project's own folder. */
export async function measureSize(imports: Imports): Promise<BundleSize> {
  const contents = Object.entries(imports)
    .map(([entry, names]) => `export ${names} from '${entry}';`)
    .join('\n');
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'esm',
    external: ['vue'],
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    write: false,
    // It warns of each import that it leaves out.
    logLevel: 'error',
    outfile: 'out.js',
  });
  const files = new Map<string, number>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) files.set(path, bytesInOutput);
  }
  return { bytes: brotliCompressSync(outputFiles[0]?.contents ?? '').length, files };
}
