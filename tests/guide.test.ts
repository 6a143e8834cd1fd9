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
const COMPILED = ['server.ts'];

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
  const attempts = vi.fn();
  const socket = scope.run(() =>
    useHeartbeatSocket(url, {
      WebSocket,
      onMessage: (_, { data }) => void heard.push(data),
      onDisconnected: (_, { code, reason }) => void losses.push([code, reason]),
      onEvent: (event) => event.type === 'attempt' && attempts(),
      ...options,
    }),
  ) as ReturnType<typeof useHeartbeatSocket>;
  return { ...socket, heard, losses, attempts };
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
    const beating = connect(link, { heartbeat: { interval: 200, pongTimeout: 20_000 } });
    await eventually(() => expect(beating.phase.value).toBe('open'));
    const silent = await connectPlain(link);
    expect(await silent.closed).toEqual([1006, '']);
    expect([beating.phase.value, beating.losses]).toEqual(['open', []]);
  });

  test('tells everybody on SIGTERM to come back, and when, and ends', async () => {
    const { url, child } = await start();
    const link = `${url}?token=${tokenFor(HOUR)}`;
    const [client, plain] = [connect(link), await connectPlain(link)];
    await eventually(() => expect(client.phase.value).toBe('open'));
    child.kill('SIGTERM');
    expect(await plain.closed).toEqual([1012, 'retry-after=20']);
    await eventually(() => expect([client.losses, client.phase.value]).toEqual([[[1012, 'retry-after=20']], 'waiting']));
    if (child.exitCode === null) await once(child, 'exit');
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
  });

  test('ends on SIGTERM though a client does not answer the close', { timeout: 60_000 }, async () => {
    const { url, child } = await start();
    const { socket } = await connectPlain(`${url}?token=${tokenFor(HOUR)}`);
    socket.pause();
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
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
