/** The README's snippets compile, its tables say what the code says, and the contributing notes name the files there are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { HeartbeatSocketStatus } from '../src';
import { resolveOptions } from '../src/core/options';
import { NO_CLOSE_EVENT } from '../src/core/ports';
import { backoff } from '../src/core/reconnect-policy';
import * as presets from '../src/heartbeats';
import { CALLBACKS, COMMANDS, FATES, WATCHERS } from './attack/callbacks/ways';
import { compile, snippetsOf } from './support/snippets';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');

const snippets = snippetsOf(readme);

/** The rows under a heading, each as its cells without backticks, by what stands in the first one. */
function tableUnder(heading: string): Map<string, Record<string, string>> {
  const section = readme.split(/^(?=#+ )/m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = new Map<string, Record<string, string>>();
  let columns: string[] = [];
  for (const line of section.split('\n')) {
    const cells = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
    if (!cells.length) columns = [];
    else if (!columns.length) columns = cells;
    else if (!/^-+$/.test(cells[0] as string)) {
      const named = Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
      rows.set(cells[0] as string, named);
    }
  }
  return rows;
}

const TABLES = {
  HeartbeatSocketStatusProps: '### Status in a template',
  UseHeartbeatSocketOptions: '## Options',
  HeartbeatOptions: '### heartbeat',
  ControlFrame: '#### ControlFrame',
  ReconnectOptions: '### autoReconnect',
  BufferOptions: '### buffer',
  DropReason: '#### Why a message is dropped',
  ConnectAttempt: '### A fresh token for each attempt',
  HandshakeLink: '### A server that wants a login first',
  HeartbeatSocketEvent: '### A log for bug reports',
  BackoffOptions: '#### backoff',
  UseHeartbeatSocketReturn: '## What it returns',
  Phase: '### Phases',
  HeartbeatSocketErrorCode: '### Errors',
};

/** What an exported type offers: the members of an interface, the words of a union, or the types of a union of events. */
function membersOf(names: string[]): Record<string, string[]> {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const entry = `${root}src/index.ts`;
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const index = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
  const found: Record<string, string[]> = {};
  for (const exported of checker.getExportsOfModule(index)) {
    if (!names.includes(exported.name)) continue;
    const type = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(exported));
    const wordOf = (member: ts.Type): string => {
      const name = member.isStringLiteral() ? undefined : member.getProperty('type');
      return ((name ? checker.getTypeOfSymbol(name) : member) as ts.StringLiteralType).value;
    };
    found[exported.name] = type.isUnion()
      ? type.types.map(wordOf)
      : checker.getPropertiesOfType(type).map((property) => property.name);
  }
  return found;
}

/** A table's default as a value: `10_000`, `'raw'`, `true`, `[1003, 1007]`. */
const literalIn = (cell: string | undefined): unknown =>
  JSON.parse((cell ?? 'null').replaceAll("'", '"').replace(/(?<=\d)_(?=\d)/g, ''));

test('there are snippets, and each names its file', () => {
  const names = snippets.map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('unnamed'))).toEqual([]);
  expect(names).toEqual([...new Set(names)]);
  expect(names).toEqual(expect.arrayContaining(['Prices.vue', 'main.ts', 'App.vue', 'StatusBar.vue']));
  // None escapes under another spelling of the language.
  expect(readme.match(/^```\S+/gm)?.filter((fence) => !/^```(vue|ts|sh)$/.test(fence))).toEqual([]);
});

test('every snippet compiles', { timeout: 120_000 }, () => {
  expect(compile(snippets, 'readme')).toBe('');
});

test('every option, value, phase and error code has its row, and no row is left over', { timeout: 120_000 }, () => {
  const members = membersOf(Object.keys(TABLES));
  for (const [name, heading] of Object.entries(TABLES)) {
    expect.soft([...tableUnder(heading).keys()].sort(), `${heading} and ${name}`).toEqual(members[name]?.toSorted());
  }
});

describe('the defaults in the tables are those of the code', () => {
  const settings = resolveOptions({}, (value) => value);
  const { connectTimeout, beats, interval, pongTimeout, probeTimeout, liveness } = settings;
  const { retries, stableAfter, finalCodes, limit, overflow, highWaterMark } = settings;
  const delay = backoff();
  const worst = (retry: number, isLocal: boolean): number =>
    delay(retry, { isLocal, random: 1, event: NO_CLOSE_EVENT });

  const { announceAfter } = (HeartbeatSocketStatus as unknown as { props: { announceAfter: { default: number } } })
    .props;

  test.each([
    ['### Status in a template', { announceAfter: announceAfter.default }],
    ['## Options', { connectTimeout, heartbeat: beats !== false }],
    [
      '### heartbeat',
      {
        beats,
        message: settings.message(),
        interval: interval?.(),
        pongTimeout: pongTimeout(),
        probeTimeout,
        liveness,
      },
    ],
    ['### autoReconnect', { retries, stableAfter, finalCodes }],
    ['#### backoff', { local: worst(1, true), first: worst(1, false), base: worst(2, false), max: worst(99, false) }],
    ['### buffer', { limit, overflow, highWaterMark }],
  ])('%s', (heading, defaults) => {
    const table = tableUnder(heading);
    for (const [name, value] of Object.entries(defaults)) {
      expect.soft(literalIn(table.get(name)?.['Default']), name).toEqual(value);
    }
  });
});

test('the figures of the promises are those of the code', () => {
  const promises = [...tableUnder('## What you can rely on').keys()].join('\n');
  const inReadme = (figure: RegExp): number => Number(promises.match(figure)?.[1]?.replace(',', ''));
  const inCode = (file: string, name: string): number => {
    const source = readFileSync(`${root}src/core/${file}`, 'utf8');
    return Number(source.match(new RegExp(`const ${name} = ([\\d_]+);`))?.[1]?.replace('_', ''));
  };
  const [callbacks, commands, fates] = [{ ...CALLBACKS, ...WATCHERS }, COMMANDS, FATES].map((all) => Object.keys(all));
  const combinations = [callbacks, commands, fates].reduce((product, all) => product * (all?.length ?? 0), 1);
  expect(inReadme(/([\d,]+) combinations/)).toBe(combinations);
  expect(inReadme(/after (\d+) commands/)).toBe(inCode('command-depth.ts', 'DEEPEST'));
  expect(inReadme(/(\d+) attempts in one task/)).toBe(inCode('connection.ts', 'MOST_ATTEMPTS'));
  expect(inReadme(/last ([\d,]+) messages/)).toBe(inCode('unproven.ts', 'MOST_UNPROVEN'));
});

test('each promise has a command, and there is what the command runs', () => {
  for (const [promise, { 'The command that shows it': command = '' }] of tableUnder('## What you can rely on')) {
    const path = command.match(/^npx vitest run --project \w+ (tests\/\S+)/)?.[1];
    expect.soft(path && existsSync(root + path), `${promise}: ${command}`).toBe(true);
  }
});

test('the table of presets has each preset, and none that is gone', () => {
  const rows = [...tableUnder('### A server with a heartbeat of its own').values()];
  expect(rows.map(({ Preset }) => Preset).sort()).toEqual(Object.keys(presets).sort());
});

test('the contributing notes name each source file, and none that is gone', () => {
  const notes = readFileSync(`${root}.github/CONTRIBUTING.md`, 'utf8');
  const named = new Set(notes.match(/(?<=`(?:src\/)?)(?:core|browser|heartbeats|tabs|testing|vue)\/[\w/-]+\.ts(?=`)/g));
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\/.*\.ts$/.test(path),
  );
  expect([...named].sort()).toEqual(files.sort());
});

test('in each walk through the code the functions are where it says, and no file imports one that was named before it', () => {
  const notes = readFileSync(`${root}.github/CONTRIBUTING.md`, 'utf8');
  const [, part = ''] = notes.split(/^## .*walks.*$/m);
  const walks = (part.split(/^## /m)[0] as string).split(/^\*\*/m).slice(1);
  expect(walks).toHaveLength(4);
  const sourceOf = (file: string): string => readFileSync(`${root}src/${file}`, 'utf8');
  const missing = walks.flatMap((walk) =>
    [...walk.matchAll(/`(\w+)`(?: in| of) `([\w/-]+\.ts)`/g)].filter(
      ([, name, file]) => !new RegExp(`\\b${name}\\b`).test(sourceOf(file as string)),
    ),
  );
  expect(missing.map(([words]) => words)).toEqual([]);
  for (const walk of walks) {
    const files = [...new Set([...walk.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file as string))];
    const backward = files.flatMap((file, at) => {
      const source = sourceOf(file);
      return files.slice(0, at).filter((earlier) => source.includes(`/${earlier.replace(/.*\/|\.ts$/g, '')}.js'`));
    });
    expect(backward, walk.split('\n')[0]).toEqual([]);
  }
});
