/** Imports run one way: browser and protocols use core; vue uses core and browser; index uses vue and core. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('..', import.meta.url);

const files = readdirSync(new URL('src', root), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(new URL('src/', root).pathname.length));

const layerOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] as string) : 'index');

const ALLOWED: Record<string, string[]> = {
  index: ['vue', 'core'],
  core: ['core'],
  protocols: ['core', 'protocols'],
  browser: ['core', 'browser'],
  vue: ['vue', 'core', 'browser', 'vue package', '@vueuse/core'],
};

const importsOf = (file: string): string[] => {
  const source = readFileSync(new URL(`src/${file}`, root), 'utf8');
  return [...source.matchAll(/(?:from|import) '([^']+)'/g)].map(([, path]) => path as string);
};

const targetOf = (file: string, path: string): string => {
  if (!path.startsWith('.')) return path === 'vue' ? 'vue package' : path;
  return layerOf(new URL(path, `file:///${file}`).pathname.slice(1));
};

describe('imports run one way', () => {
  test.each(files)('%s', (file) => {
    const layer = layerOf(file);
    const targets = importsOf(file).map((path) => targetOf(file, path));
    for (const target of targets) expect(ALLOWED[layer], `${file} imports ${target}`).toContain(target);
  });
});

test('the core has no DOM lib, no Vue, no clock and no chance of its own', () => {
  const config = JSON.parse(readFileSync(new URL('src/core/tsconfig.json', root), 'utf8'));
  expect(config.compilerOptions).toMatchObject({ lib: ['ES2022', 'ES2022.Error'], types: [] });
  for (const file of files.filter((path) => layerOf(path) === 'core')) {
    const code = readFileSync(new URL(`src/${file}`, root), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect(code, file).not.toMatch(
      /\bDate\b|Math\.random|setTimeout|setInterval|performance\.|queueMicrotask|globalThis|\bwindow\b|\bdocument\b/,
    );
  }
});

test('no source file is over 300 lines', () => {
  for (const file of files) {
    expect(readFileSync(new URL(`src/${file}`, root), 'utf8').split('\n').length, file).toBeLessThanOrEqual(301);
  }
});

test('at the top level stands what the design names, and no more', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  const top = new Set(tracked.filter(Boolean).map((path) => path.split('/')[0] as string));
  const named = ['src', 'tests', 'playground', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];
  const others = [...top].filter((name) => !name.startsWith('.') && ![...named, 'README.md', 'LICENSE'].includes(name));
  expect(others).toEqual([]);
  expect(existsSync(new URL('LICENSE', root))).toBe(true);
});

test('the tests run on the Node that the project pins', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  expect(process.versions.node).toBe(devDependencies.node);
});
