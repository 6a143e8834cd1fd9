/** The playground's server as it is started: alone, by `vite` and by `vite preview`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createServer, preview } from 'vite';
import { afterEach, describe, expect, test } from 'vitest';
import { playgroundServer } from '../../playground/server-plugin.ts';
import { eventually, knock, outcome, type Peer } from './served.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function come(host: string, port: number | string, origin?: string, name?: string): Promise<number | undefined> {
  const headers = { ...(origin && { origin }), ...(name && { host: name }) };
  const peer: Peer = knock(`ws://${host}:${port}/control`, { headers });
  ends.push(() => peer.socket.terminate());
  return outcome(peer);
}

describe('npm run server', () => {
  const start = (...options: string[]) => startNode([], ...options);

  async function startNode(flags: string[], ...options: string[]) {
    const child: ChildProcess = spawn(process.execPath, [...flags, here('../../playground/server.ts'), ...options]);
    ends.push(() => child.kill('SIGKILL'));
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk));
    await eventually(() => expect(printed).toMatch(/\n$/));
    return { child, printed: () => printed, port: /:(\d+)\s*$/.exec(printed)?.[1] ?? '' };
  }

  /** Addresses of this machine that `localhost` does not mean: Linux has all of 127.0.0.0/8. */
  const others = [
    ...(process.platform === 'linux' ? ['127.0.0.2'] : []),
    ...Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter((one) => !one.internal && one.family === 'IPv4').map(({ address }) => address),
    ),
  ];

  test('nobody comes to it from another machine, unless it was asked for', async () => {
    const { port } = await start('--port', '0');
    expect(await come('127.0.0.1', port)).toBe(101);
    const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
    if (hasIpv6) expect(await come('[::1]', port)).toBe(101);
    for (const address of others) expect(await come(address, port), address).toBeUndefined();

    const open = await start('--port', '0', '--host', '0.0.0.0');
    for (const address of ['127.0.0.1', ...others]) expect(await come(address, open.port), address).toBe(101);
  });

  test('asks who comes, and can be told who else may', async () => {
    const [strict, told] = [
      await start('--port', '0'),
      await start('--port', '0', '--origin', 'https://pages.example/', '--name', 'box.example'),
    ];
    expect(await come('127.0.0.1', strict.port, 'https://pages.example')).toBe(403);
    expect(await come('127.0.0.1', told.port, 'https://pages.example')).toBe(101);
    expect(await come('127.0.0.1', told.port, 'https://evil.example')).toBe(403);
    expect(await come('127.0.0.1', strict.port, undefined, 'box.example')).toBe(403);
    expect(await come('127.0.0.1', told.port, undefined, 'box.example')).toBe(101);
  });

  test('says what it can be asked for, and ends', async () => {
    const { child, printed } = await start('--help');
    for (const option of ['--port', '--host', '--name', '--origin', '--bus']) expect(printed()).toContain(option);
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });

  describe('without a bus', () => {
    /** A Node that refuses to load the client of NATS. */
    const refusing = `data:text/javascript,import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name === 'nats') throw new Error('the client of NATS is loaded');
        return next(name, context);
      } });`;

    test('loads no client of one', async () => {
      const [alone, onBus] = [
        await startNode(['--import', refusing], '--port', '0'),
        await startNode(['--import', refusing], '--port', '0', '--bus', 'nats://127.0.0.1:1'),
      ];
      expect(await come('127.0.0.1', alone.port)).toBe(101);
      expect(alone.printed()).not.toContain('NATS');
      await eventually(() => expect(onBus.printed()).toContain('the client of NATS is loaded'));
    });
  });

  test.each(['127.0.0.1:4222', 'http://127.0.0.1:4222', 'nats:'])(
    '--bus %s: says what it needs, and ends',
    async (bus) => {
      const { child, printed } = await start('--port', '0', '--bus', bus);
      expect(printed()).toBe('--bus needs the address of a NATS server, such as nats://127.0.0.1:4222\n');
      if (child.exitCode === null) await once(child, 'exit');
      expect(child.exitCode).toBe(1);
    },
  );

  test('ends when it is told to', async () => {
    const { child, port } = await start('--port', '0');
    expect(await come('127.0.0.1', port)).toBe(101);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.signalCode ?? child.exitCode).toBe(0);
  });
});

describe.each(['vite', 'vite preview'])('%s', (command) => {
  async function start(allowedHosts?: string[]): Promise<number> {
    const server = { host: '127.0.0.1', port: 0, ...(allowedHosts && { allowedHosts }) };
    const config = {
      configFile: false as const,
      root: here('../../playground'),
      logLevel: 'silent' as const,
      plugins: [playgroundServer()],
    };
    const vite =
      command === 'vite'
        ? await createServer({ ...config, optimizeDeps: { noDiscovery: true }, server: { ...server, watch: null } })
        : await preview({ ...config, preview: server });
    ends.push(() => vite.close());
    if ('listen' in vite) await vite.listen();
    return (vite.httpServer?.address() as AddressInfo | undefined)?.port ?? 0;
  }

  test('asks who comes, as the server alone does', async () => {
    const port = await start();
    expect(await come('127.0.0.1', port)).toBe(101);
    expect(await come('127.0.0.1', port, `http://127.0.0.1:${port}`)).toBe(101);
    expect(await come('127.0.0.1', port, 'https://evil.example')).toBe(403);
    expect(await come('127.0.0.1', port, 'http://evil.example', 'evil.example')).toBe(403);
    const feed = knock(`ws://127.0.0.1:${port}/feed?client=a`);
    expect(await outcome(feed)).toBe(401);
  });

  test('may be reached by the names that Vite was told of', async () => {
    const port = await start(['box.example']);
    expect(await come('127.0.0.1', port, 'http://box.example', 'box.example')).toBe(101);
    expect(await come('127.0.0.1', port, 'http://other.example', 'other.example')).toBe(403);
  });
});
