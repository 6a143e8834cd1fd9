/**
 * Imports run one way: browser and heartbeats use core; testing and tabs use core and browser; vue uses core and browser; the
 * entries use all of these.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = new URL('..', import.meta.url);

const files = readdirSync(new URL('src', root), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(new URL('src/', root).pathname.length));

const layerOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] as string) : 'entry');

const ALLOWED: Record<string, string[]> = {
  entry: ['vue', 'core', 'heartbeats', 'tabs'],
  core: ['core'],
  browser: ['core', 'browser'],
  heartbeats: ['core', 'heartbeats'],
  testing: ['core', 'browser', 'testing'],
  tabs: ['core', 'browser', 'tabs'],
  vue: ['vue', 'core', 'browser', 'vue package', '@vueuse/core'],
};

const sourceOf = (file: string): string => readFileSync(new URL(`src/${file}`, root), 'utf8');

const parse = (file: string): ts.SourceFile => ts.createSourceFile(file, sourceOf(file), ts.ScriptTarget.Latest, true);

/** What a file imports or exports from elsewhere, types included. */
const importsOf = (file: string): string[] =>
  parse(file).statements.flatMap((statement) =>
    (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier
      ? [(statement.moduleSpecifier as ts.StringLiteral).text]
      : [],
  );

/** The file that a relative import means. */
const fileOf = (file: string, path: string): string =>
  new URL(path, `file:///${file}`).pathname.slice(1).replace(/\.js$/, '.ts');

const targetOf = (file: string, path: string): string => {
  if (!path.startsWith('.')) return path === 'vue' ? 'vue package' : path;
  return layerOf(fileOf(file, path));
};

describe('imports run one way', () => {
  test.each(files)('in %s', (file) => {
    const layer = layerOf(file);
    const targets = importsOf(file).map((path) => targetOf(file, path));
    for (const target of targets) expect(ALLOWED[layer], `${file} imports ${target}`).toContain(target);
  });
});

test('no imports go round in a circle, types included', () => {
  const imports = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((path) => path.startsWith('.'))
        .map((path) => fileOf(file, path)),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
  // The names of the files were understood.
  expect([...imports.values()].flat().filter((file) => !files.includes(file))).toEqual([]);
});

test('no function of the core is longer than 60 lines', () => {
  const long: string[] = [];
  for (const file of files.filter((path) => layerOf(path) === 'core')) {
    const source = parse(file);
    const visit = (node: ts.Node): void => {
      const lines = source.text.slice(node.getStart(source), node.end).split('\n').length;
      if (ts.isFunctionLike(node) && lines > 60)
        long.push(`${file}: ${lines} lines from ${node.getText().slice(0, 40)}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  expect(long).toEqual([]);
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

test('no source file is over 200 lines', () => {
  const long = files.filter((file) => sourceOf(file).split('\n').length > 201);
  expect(long).toEqual([]);
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
