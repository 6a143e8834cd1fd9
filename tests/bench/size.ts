/** Size: what the import that a user makes adds to an app that has vue. */
import { measureSize } from '../size/bundle-size.ts';
import { CONTESTANTS, OURS } from './contestants.ts';

/** Bytes, minified and brotli. */
export type SizeResult = Record<string, number>;

/** Of ours, what is published, unless said otherwise. */
export async function measureSizes(ours = './dist/index.js'): Promise<SizeResult> {
  const sizes: SizeResult = {};
  for (const { name, package: own, entry = name === OURS ? ours : own, imports } of CONTESTANTS) {
    sizes[name] = entry && imports ? (await measureSize({ [entry]: imports })).bytes : 0;
  }
  return sizes;
}
