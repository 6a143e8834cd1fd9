/** Seeds every bug into the core as it is now, each into a text of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { createNameCheck } from './names.ts';
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
  const unknownNames = createNameCheck(files);
  const seeded: Seeded[] = [];
  const lost: string[] = [];
  for (const bug of bugs) {
    const [what] = bug;
    try {
      const { fileName, text } = seed(files, bug);
      seeded.push({ what, fileName, text });
      lost.push(...unknownNames(fileName, text).map((problem) => `"${what}": ${problem}`));
    } catch (error) {
      lost.push((error as Error).message);
    }
  }
  return { seeded, lost };
}
