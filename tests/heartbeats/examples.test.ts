/** The example in the docstring of each preset compiles, with the names that an app has of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as presets from '../../src/heartbeats';
import { compile, type Snippet } from '../support/snippets';

const folder = fileURLToPath(new URL('../../src/heartbeats/', import.meta.url));

/** What the examples take for granted. */
const APP = `
declare global {
  const url: string;
  const token: string;
  const username: string;
  const fetchToken: () => Promise<string>;
  const sign: (socketId: string, channel: string) => Promise<string>;
  const show: (...all: unknown[]) => void;
  const subscribeTo: (session: string) => void;
  const onMessage: (ws: unknown, event: MessageEvent) => void;
}
export {};
`;

const importsIn = (code: string, names: readonly string[], from: string): string => {
  const used = names.filter((name) => new RegExp(`\\b${name}\\(`).test(code));
  return used.length ? `import { ${used.join(', ')} } from '${from}';\n` : '';
};

/** The example as a file of its own. What it is given and makes no use of is no mistake. */
function exampleIn(name: string): Snippet | undefined {
  const [, lines] = /@example\n([\s\S]*?)\n \*\//.exec(readFileSync(folder + name, 'utf8')) ?? [];
  if (!lines) return undefined;
  const code = lines.replace(/^ \* ?/gm, '').replace(/\(ws, event, /g, '(_ws, _event, ');
  const library = importsIn(code, ['useHeartbeatSocket', 'useSubscriptions'], 'vue-heartbeat-socket');
  return {
    name,
    code: `${library}${importsIn(code, Object.keys(presets), 'vue-heartbeat-socket/heartbeats')}${code}\n`,
  };
}

const examples = readdirSync(folder).flatMap((name) => exampleIn(name) ?? []);

test('each preset has an example', () => {
  const all = examples.map(({ code }) => code).join('\n');
  for (const preset of Object.keys(presets)) expect(all).toContain(`${preset}(`);
});

test('every example compiles', { timeout: 120_000 }, () => {
  const unused = /\(\d+,\d+\): error TS6133: '(?:publish|packets)'/;
  const said = compile([{ name: 'app.ts', code: APP }, ...examples], 'preset-examples');
  expect(said.split('\n').filter((line) => line.includes('error') && !unused.test(line))).toEqual([]);
});
