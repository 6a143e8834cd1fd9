/** The code in a page of the documentation. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Snippet {
  /** The name of its file. */
  readonly name: string;
  readonly code: string;
}

/** The fenced blocks of Vue and TypeScript. Each names its file in a comment on its first line. */
export const snippetsOf = (page: string): Snippet[] =>
  [...page.matchAll(/^```(vue|ts)\n(.*\n)([\s\S]*?)^```$/gm)].map(([, language, first = '', rest]) => ({
    name: first.match(/^(?:\/\/|<!--) (\w+\.(?:vue|ts))\b/)?.[1] ?? `unnamed.${language}: ${first}`,
    code: first + rest,
  }));

/** What the compiler says about snippets that are files beside each other. `folder`: a name for where they are kept meanwhile. */
export function compile(snippets: readonly Snippet[], folder: string): string {
  const path = `${root}node_modules/.cache/${folder}/`;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const { name, code } of snippets) writeFileSync(path + name, code);
  const config = {
    extends: '../../../tsconfig.json',
    // An app that Vite serves has `import.meta.hot`.
    compilerOptions: { types: ['node', 'vite/client'] },
    files: snippets.map(({ name }) => name),
    include: [],
    vueCompilerOptions: { strictTemplates: true },
  };
  writeFileSync(`${path}tsconfig.json`, JSON.stringify(config));
  const vueTsc = createRequire(import.meta.url).resolve('vue-tsc/bin/vue-tsc.js');
  try {
    execFileSync(process.execPath, [vueTsc, '--noEmit', '-p', path], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (thrown) {
    const { message, stdout, stderr } = thrown as Error & { stdout?: string; stderr?: string };
    return `${message}\n${stdout}${stderr}`;
  }
}
