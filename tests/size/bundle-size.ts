/** What an app pays for an import: bundled, minified, brotli, everything but vue counted. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { build } from 'esbuild';

const compress = promisify(brotliCompress);

export interface BundleSize {
  readonly text: string;
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
  const { text = '' } = outputFiles[0] ?? {};
  return { text, bytes: (await compress(text)).length, files };
}

/** Short texts that brotli cannot make smaller, each of another length. */
const PADDINGS = Array.from({ length: 48 }, (_, at) => {
  const hashes = Array.from({ length: 6 }, (_, part) => createHash('sha512').update(`${at} ${part}`).digest('base64'));
  return hashes.join('').slice(0, 10 * (at + 1));
});

/**
 * The bytes of a bundle as a mean over paddings that stand behind it. Brotli makes the same piece of code up to 60 B smaller or larger,
 * depending on what else is in the bundle, so a single difference of two bundles says little.
 */
export async function meanBytes({ text }: BundleSize): Promise<number> {
  const sizes = await Promise.all(PADDINGS.map(async (padding) => (await compress(`${text};"${padding}"`)).length));
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}
