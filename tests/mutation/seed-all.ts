/** Seeds every bug into the core as it is now, each into a text of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { nonsenseIn } from './names.ts';
import { type Bug, seed } from './seed.ts';

/** A file of the core with one bug in it. */
export interface Seeded {
  readonly what: string;
  readonly fileName: string;
  readonly text: string;
}

/** `lost` says which bugs have no place any more, or have names that the core does not know. */
export function seedAll(core: string, bugs: readonly Bug[]): { seeded: Seeded[]; lost: string[] } {
  const files = readdirSync(core)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => resolve(core, name))
    .map((path) => ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true));
  const seeded: Seeded[] = [];
  const lost: string[] = [];
  for (const bug of bugs) {
    try {
      seeded.push({ what: bug[0], ...seed(files, bug) });
    } catch (error) {
      lost.push((error as Error).message);
    }
  }
  for (const [i, problems] of nonsenseIn(seeded).entries())
    lost.push(...problems.map((problem) => `"${seeded[i]?.what}": ${problem}`));
  return { seeded, lost };
}
