/** The guide `.github/NATS.md`: its composables are those that were tried on a cluster, and its code compiles. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compile, snippetsOf } from './support/snippets';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${root}.github/NATS.md`, 'utf8');
const snippets = snippetsOf(page);

/** Where the composables are that the tests of the cluster use. */
const recipe = `${root}tests/interop/debian/nats-recipe/`;

test('each snippet names its file', () => {
  const names = snippets.map(({ name }) => name);
  expect(names).toEqual(['useNats.ts', 'feed.ts', 'Chat.vue', 'access.ts', 'prices.ts', 'useGrowingNats.ts']);
  // None escapes under another spelling of the language.
  expect(page.match(/^```\S+/gm)?.filter((fence) => !/^```(vue|ts|conf)$/.test(fence))).toEqual([]);
});

test.each(readdirSync(recipe))('%s is the text that is tried on a cluster', (name) => {
  expect(snippets.find((snippet) => snippet.name === name)?.code).toBe(readFileSync(recipe + name, 'utf8'));
});

test('every snippet compiles', { timeout: 120_000 }, () => {
  expect(compile(snippets, 'nats-guide')).toBe('');
});

test('every link to another page of this project leads somewhere', () => {
  const links = [...page.matchAll(/\]\((?!https:)([^)]*)\)/g)].map(
    ([, link = '']) => link.split('#') as [string, string?],
  );
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s/g, '-');
  for (const [file, part] of links) {
    const text = readFileSync(fileURLToPath(new URL(file || 'NATS.md', `file://${root}.github/`)), 'utf8');
    const slugs = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slug(heading));
    if (part) expect(slugs, `${file}#${part}`).toContain(part);
  }
});
