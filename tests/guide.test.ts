/** The guide for servers, `.github/SERVERS.md`: its server for `ws` is taken from the page and run, and its figures are those of the code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { WebSocket } from 'ws';
import { useHeartbeatSocket } from '../src';
import { ROWS } from '../src/core/options';
import { backoff } from '../src/core/reconnect-policy';
import { eventually } from './support/eventually';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${root}.github/SERVERS.md`, 'utf8');
// Not within node_modules, where Node strips no types.
const folder = `${root}.tmp/guide-${process.pid}/`;

/** The fenced blocks that name their file in a comment on the first line. */
const snippets = new Map(
  [...page.matchAll(/^```(\w+)\n((?:\/\/|#|<!--) (\S+\.\w+)[^\n]*\n[\s\S]*?)^```$/gm)].map(
    ([, language = '', code = '', name = '']) => [name, { language, code }],
  ),
);

/** What is written in TypeScript for the packages that this repository has. Nitro and Cloudflare are not among them. */
const COMPILED = ['prices.ts', 'server.ts'];

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const name of COMPILED) writeFileSync(folder + name, snippets.get(name)?.code ?? '');
  return () => rmSync(folder, { recursive: true, force: true });
});

const SECRET = 'of this test';

/** A token as the server's own login would give it, which holds for `ms`. */
function tokenFor(ms: number, secret = SECRET): string {
  const expiresAt = String(Date.now() + ms);
  return `${expiresAt}.${createHmac('sha256', secret).update(expiresAt).digest('base64url')}`;
}

const HOUR = 3_600_000;

/** Runs the server of the page in a process of its own. */
async function start(environment: Record<string, string> = {}): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [`${folder}server.ts`], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', TOKEN_SECRET: SECRET, ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  await eventually(() => expect(printed || child.exitCode !== null).toBeTruthy());
  expect(printed).toMatch(/^Port \d+\n$/);
  return { url: `ws://127.0.0.1:${/^Port (\d+)$/m.exec(printed)?.[1]}/`, child };
}

type Options = Parameters<typeof useHeartbeatSocket>[1];

/** The library's client, with what it reports. It ends with the test. */
function connect(url: string, options?: Options) {
  const scope = effectScope();
  onTestFinished(() => scope.stop());
  const heard: unknown[] = [];
  const losses: [number, string][] = [];
  const socket = scope.run(() =>
    useHeartbeatSocket(url, {
      WebSocket,
      onMessage: (_, { data }) => void heard.push(data),
      onDisconnected: (_, { code, reason }) => void losses.push([code, reason]),
      ...options,
    }),
  ) as ReturnType<typeof useHeartbeatSocket>;
  return { ...socket, heard, losses };
}

/** A client that has no heartbeat. */
async function connectPlain(url: string) {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  const heard: string[] = [];
  socket.on('error', () => {});
  socket.on('message', (data) => void heard.push(String(data)));
  const closed = new Promise<[number, string]>((resolve) =>
    socket.on('close', (code, reason) => resolve([code, String(reason)])),
  );
  await once(socket, 'open');
  return { socket, heard, closed };
}

describe('the server of the page', () => {
  test('answers heartbeats, and no app sees them: neither that of the client nor that of another', async () => {
    const { url } = await start();
    const link = `${url}?token=${tokenFor(HOUR)}`;
    const other = await connectPlain(link);
    const onEvent = vi.fn();
    const client = connect(link, { heartbeat: { interval: 50, pongTimeout: 20_000 }, onEvent });
    await eventually(() => {
      const answers = onEvent.mock.calls.filter(([{ type }]) => type === 'answered');
      expect(answers.length).toBeGreaterThan(3);
    });
    client.send('hello');
    await eventually(() => expect([client.heard, other.heard]).toEqual([['hello'], ['hello']]));
    expect(client.losses).toEqual([]);
  });

  test('drops a client that has fallen silent, and keeps one whose app is silent but whose heartbeat is not', async () => {
    const { url } = await start({ SILENCE_MS: '4000' });
    const link = `${url}?token=${tokenFor(HOUR)}`;
    const answered = vi.fn();
    const beating = connect(link, {
      heartbeat: { interval: 200, pongTimeout: 20_000 },
      onEvent: ({ type }) => type === 'answered' && answered(),
    });
    await eventually(() => expect(answered).toHaveBeenCalled());
    const silent = await connectPlain(link);
    expect(await silent.closed).toEqual([1006, '']);
    answered.mockClear();
    await eventually(() => expect(answered.mock.calls.length).toBeGreaterThan(2));
    expect(beating.losses).toEqual([]);
  });

  test('tells everybody on SIGTERM to come back, and when, and ends', async () => {
    const { url, child } = await start();
    const link = `${url}?token=${tokenFor(HOUR)}`;
    const [client, plain] = [connect(link), await connectPlain(link)];
    await eventually(() => expect(client.phase.value).toBe('open'));
    child.kill('SIGTERM');
    expect(await plain.closed).toEqual([1012, 'retry-after=20']);
    await eventually(() =>
      expect([client.losses, client.phase.value]).toEqual([[[1012, 'retry-after=20']], 'waiting']),
    );
    if (child.exitCode === null) await once(child, 'exit');
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
  });

  test('ends on SIGTERM before anybody kills it, though a client does not answer the close', async () => {
    const { url, child } = await start();
    const { socket } = await connectPlain(`${url}?token=${tokenFor(HOUR)}`);
    socket.pause();
    child.kill('SIGTERM');
    await eventually(() => expect([child.exitCode, child.signalCode]).toEqual([0, null]));
  });

  test.each([
    ['that has run out', () => tokenFor(-1_000)],
    ['of somebody else', () => tokenFor(HOUR, 'guessed')],
    ['that is no token', () => 'nonsense'],
  ])('closes with 4401 for a token %s, and a beforeConnect that fetches a new one gets in', async (_, badToken) => {
    const { url } = await start();
    const lastCloses: unknown[] = [];
    const client = connect(url, {
      beforeConnect({ lastClose }) {
        lastCloses.push(lastClose?.code);
        return `${url}?token=${lastClose?.code === 4401 ? tokenFor(HOUR) : badToken()}`;
      },
      autoReconnect: { delay: 0 },
    });
    await eventually(() => expect([client.phase.value, lastCloses]).toEqual(['open', [undefined, 4401]]));
    client.send('hello');
    await eventually(() => expect(client.heard).toEqual(['hello']));
  });

  test('lets nobody say anything whose token has run out', async () => {
    const { url } = await start();
    const member = await connectPlain(`${url}?token=${tokenFor(HOUR)}`);
    const { socket, closed } = await connectPlain(`${url}?token=${tokenFor(-1_000)}`);
    socket.send('let me in');
    expect(await closed).toEqual([4401, 'token expired']);
    member.socket.send('nobody came');
    await eventually(() => expect(member.heard).toEqual(['nobody came']));
  });

  test('closes with 4401 for good if no better token comes', async () => {
    const { url } = await start();
    const beforeConnect = vi.fn(() => `${url}?token=${tokenFor(-1_000)}`);
    const client = connect(url, { beforeConnect, autoReconnect: { delay: 0 } });
    await eventually(() => expect([client.phase.value, client.error.value?.closeCode]).toEqual(['failed', 4401]));
    expect(beforeConnect).toHaveBeenCalledTimes(2);
  });

  test('closes with 4401 when the token runs out while the connection is open, and hears the client no more', async () => {
    const { url } = await start({ SILENCE_MS: '20000' });
    const other = await connectPlain(`${url}?token=${tokenFor(HOUR)}`);
    const client = await connectPlain(`${url}?token=${tokenFor(500)}`);
    client.socket.send('in time');
    await eventually(() => expect(other.heard).toContain('in time'));
    // It does not see that it was told to go.
    client.socket.pause();
    let number = 0;
    await vi.waitFor(
      async () => {
        const late = `too late ${++number}`;
        client.socket.send(late);
        for (const mark of [`a${number}`, `b${number}`, `c${number}`]) {
          other.socket.send(mark);
          await eventually(() => expect(other.heard).toContain(mark));
        }
        expect(other.heard).not.toContain(late);
      },
      { interval: 50, timeout: 20_000 },
    );
    client.socket.resume();
    expect(await client.closed).toEqual([4401, 'token expired']);
  });

  test('refuses a message that is too long', async () => {
    const { url } = await start();
    const { socket, closed } = await connectPlain(`${url}?token=${tokenFor(HOUR)}`);
    socket.send('x'.repeat(64 * 1024 + 1));
    expect((await closed)[0]).toBe(1009);
  });

  test('drops a client that reads too slowly, and goes on for the others', async () => {
    const { url } = await start();
    const link = `${url}?token=${tokenFor(HOUR)}`;
    const [slow, quick] = [await connectPlain(link), await connectPlain(link)];
    slow.socket.pause();
    // Far more than a network of this machine holds back by itself.
    const messages = 1_000;
    for (let sent = 1; sent <= messages; sent += 1) {
      quick.socket.send('x'.repeat(60 * 1024));
      await vi.waitFor(() => expect(quick.heard).toHaveLength(sent), { interval: 0, timeout: 20_000 });
    }
    slow.socket.resume();
    expect(await Promise.race([slow.closed, eventually(() => expect(slow.heard).toHaveLength(messages))])).toEqual([
      1006,
      '',
    ]);
  });
});

test('what is written for Node compiles', { timeout: 120_000 }, () => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram(
    COMPILED.map((name) => folder + name),
    options,
  );
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
});

describe('what the page says', () => {
  const usual = (option: string): unknown => ROWS[option]?.[0];
  const [interval, pongTimeout] = ['interval', 'pongTimeout'].map((option) => Number(usual(option)) / 1_000);
  const finalCodes = usual('finalCodes') as number[];

  /** The cells of the row that begins with these words. */
  const row = (start: string): string[] =>
    page
      .split('\n')
      .find((line) => line.startsWith(`| ${start}`))
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()) ?? [];

  test('of the beat is what the client does by default', () => {
    expect(row('Sends this text')).toEqual([`\`${usual('message')}\``]);
    expect(row('When it has sent nothing')).toEqual([`${interval} s`]);
    expect(row('Takes the connection for dead')).toEqual([`${pongTimeout} s`]);
    expect(page).toContain(`in each \`interval\` (${interval} s)`);
    expect(page).toContain(`The default of ${interval} s is below all of these`);
    expect(page).toContain(`silent for three intervals: ${3 * Number(interval)} s`);
  });

  test('of the codes is what the client makes of them', () => {
    const list = finalCodes.join(', ').replace(/, (\d+)$/, ' and $1');
    expect(page).toContain(`makes no further attempt after ${list}.`);
    const closes = [...page.matchAll(/^\|[^|]+\| Closes with (\d+)[^|]*\|([^|]+)\|$/gm)];
    expect(closes.map(([, code]) => Number(code)).sort()).toEqual([1000, 1008, 1012, 1013, 4401, 4403]);
    for (const [line, code, outcome = ''] of closes) {
      expect(finalCodes.includes(Number(code)), line).toBe(!/comes back/i.test(outcome));
    }
    const restart = { isLocal: false, random: 1, event: { code: 1012, reason: '', wasClean: true } };
    const first = backoff()(1, restart) / 1_000;
    expect(row('You restart or deploy')[1]).toContain(`within ${first} s`);
    expect(page).toContain(`come spread over ${first} s`);
  });

  test('in other languages is the same: the beat, the limit of silence, the codes', () => {
    const others = [...snippets].filter(([name]) => name !== 'prices.ts');
    expect(others.map(([name]) => name).sort()).toEqual([
      'LiveHandler.java',
      'live.py',
      'live.ts',
      'main.go',
      'routes/live.ts',
      'server.py',
      'server.ts',
    ]);
    for (const [name, { code }] of others) {
      expect.soft(code, name).toContain(String(usual('message')));
      expect.soft(code, name).toMatch(/4401, ["']token expired["']/);
      expect.soft(code, name).toMatch(new RegExp(`silence.*\\b${3 * Number(interval)}(_?000)?\\b`, 'i'));
    }
    // uvicorn closes by itself, and Cloudflare has no moment for it: the page says so.
    const withoutRestart = others.filter(([, { code }]) => !/(1012|SERVICE_RESTARTED)[\s\S]*retry-after=/.test(code));
    expect(withoutRestart.map(([name]) => name).sort()).toEqual(['live.py', 'live.ts']);
  });

  test('of each proxy says whether it was read or measured, and where it was read', () => {
    const section = page.split('## Idle limits on the way')[1]?.split('\n### ')[0] ?? '';
    const sources = [...section.matchAll(/^\|([^|]+)\|[^|]+\|([^|]+)\|$/gm)].slice(2);
    expect(sources.length).toBeGreaterThan(9);
    for (const [, proxy, source = ''] of sources) {
      expect.soft(source, proxy).toMatch(/read: .*\]\(https:\/\/|measured \(/);
    }
  });

  test('leads somewhere: each link within the repository', () => {
    const anchorsOf = (text: string): string[] =>
      [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
    const anchors: Record<string, string[]> = {
      '': anchorsOf(page),
      '../README.md': anchorsOf(readFileSync(`${root}README.md`, 'utf8')),
    };
    const links = [...page.matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]*))?\)/g)];
    expect(links.length).toBeGreaterThan(10);
    for (const [link, file = '', anchor] of links) {
      expect.soft(file === '' || existsSync(`${root}.github/${file}`), link).toBe(true);
      if (anchor) expect.soft(anchors[file], link).toContain(anchor);
    }
    expect(readFileSync(`${root}README.md`, 'utf8')).toContain('](.github/SERVERS.md)');
  });
});
