/** The playground's server is no open door: which pages it lets in, and as whom. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Person, ServerMessage } from '../../playground/protocol/chat.ts';
import { eventually, knock, outcome, type Served, serve } from './served.ts';

let server: Served;

beforeEach(async () => {
  server = await serve();
});

afterEach(() => server.close());

/** What a page of this origin gets, at each of the paths, where the browser took the server for this host. */
async function statuses(origin: string | undefined, host = `127.0.0.1:${server.port}`): Promise<unknown[]> {
  const { token } = await server.visit();
  const headers = { host, ...(origin !== undefined && { origin }) };
  const paths = [
    '/control',
    `/control?token=${token}`,
    `/feed?token=${token}`,
    `/chat?token=${token}`,
    `/run?token=${token}`,
    `/tabs?token=${token}`,
  ];
  return Promise.all(paths.map((path) => outcome(server.attempt(path, headers))));
}

const all = (status: number): number[] => Array(6).fill(status);

describe('a page of another origin', () => {
  test.each([
    ['of another site', 'https://evil.example'],
    ['of another site, whose name looks like this machine', 'http://localhost.evil.example'],
    ['of another site, whose name begins as an address of this machine', 'http://127.0.0.1.evil.example'],
    ['of another machine in the same network', 'http://192.168.1.20:5173'],
    ['in a sandbox, or from a file', 'null'],
    ['of an extension', 'chrome-extension://abcdefghijklmnop'],
    ['that no browser would name', 'http://localhost@evil.example'],
    ['that is empty', ''],
  ])('%s cannot connect', async (_, origin) => {
    expect(await statuses(origin)).toEqual(all(403));
  });
});

describe('who is let in', () => {
  test('a page of the server itself, also under an address of its own', async () => {
    expect(await statuses(`http://127.0.0.1:${server.port}`)).toEqual(all(101));
    expect(await statuses('http://192.0.2.1:5173', '192.0.2.1:5173')).toEqual(all(101));
    expect(await statuses('https://[2001:db8::1]', '[2001:db8::1]')).toEqual(all(101));
  });

  test('a page of another server on this machine, whatever it calls the machine', async () => {
    expect(await statuses('http://localhost:4173')).toEqual(all(101));
    expect(await statuses('http://[::1]:4173', `localhost:${server.port}`)).toEqual(all(101));
  });

  test('but not a page of this machine, at a server that was reached as another', async () => {
    expect(await statuses('http://localhost:4173', '192.0.2.1:5173')).toEqual(all(403));
  });

  test('a program, which sends no Origin', async () => {
    expect(await statuses(undefined)).toEqual(all(101));
  });

  test('a page that the server was told of', async () => {
    await server.close();
    server = await serve({ origins: ['https://pages.example'] });
    expect(await statuses('https://pages.example')).toEqual(all(101));
    expect(await statuses('https://other.example')).toEqual(all(403));
  });
});

describe('a name that an attacker has led to this machine', () => {
  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'notlocalhost', ''])(
    '%s is not taken for this server, though the page is of the same origin',
    async (name) => {
      expect(await statuses(`http://${name}:5173`, `${name}:5173`)).toEqual(all(403));
      expect(await statuses(undefined, `${name}:5173`)).toEqual(all(403));
    },
  );

  test('is one that the server was told of: then it may', async () => {
    await server.close();
    server = await serve({ hosts: ['box.example', '.below.example'] });
    for (const host of ['box.example', 'BOX.example:8787', 'a.below.example', 'below.example']) {
      expect(await statuses(`http://${host}`, host)).toEqual(all(101));
    }
    expect(await statuses('http://notbelow.example', 'notbelow.example')).toEqual(all(403));
    await server.close();
    server = await serve({ hosts: true });
    expect(await statuses('http://any.example', 'any.example')).toEqual(all(101));
  });
});

describe('somebody else', () => {
  const chatOf = (heard: string[]): ServerMessage[] =>
    heard.filter((text) => text !== 'HeartBeat').map((text) => JSON.parse(text));

  test('cannot be spoken for by whoever has read their id in the chat', async () => {
    const [ann, eve] = [await server.visit(), await server.visit()];
    const [room, hers] = [
      await server.connect(`/chat?token=${eve.token}&name=Eve&client=${ann.id}`),
      await server.connect(`/chat?token=${ann.token}&name=Ann`),
    ];
    room.socket.send(JSON.stringify({ type: 'chat', text: 'I am Ann', id: ann.id, name: 'Ann' }));
    await eventually(() => {
      const said = chatOf(hers.heard).find((message) => message.type === 'chat');
      expect(said).toMatchObject({ text: 'I am Ann', id: eve.id, name: 'Eve' });
    });
    const people = (): Person[] => chatOf(hers.heard).findLast((message) => message.type === 'people')?.people ?? [];
    await eventually(() =>
      expect(
        people()
          .map(({ id }) => id)
          .sort(),
      ).toEqual([ann.id, eve.id].sort()),
    );
    // Nobody is told a token but its owner.
    expect(hers.heard.join()).not.toContain(eve.token);
    expect(room.heard.join()).not.toContain(ann.token);
  });

  test('has a token that can neither be made from their id nor from one’s own', async () => {
    const [ann, eve] = [await server.visit(), await server.visit()];
    const [, signature] = eve.token.split('.');
    const guesses = [
      '',
      ann.id,
      `${ann.id}.`,
      `${ann.id}.${signature}`,
      `${ann.token.slice(0, -2)}`,
      `.${signature}`,
      '.',
    ];
    for (const guess of guesses) {
      expect(await outcome(server.attempt(`/feed?token=${guess}`)), guess).toBe(401);
      expect(await outcome(server.attempt(`/chat?token=${guess}&client=${ann.id}`)), guess).toBe(401);
      expect(await outcome(server.attempt(`/run?token=${guess}&client=${ann.id}`)), guess).toBe(401);
      // The control connection gives who comes so a new identity.
      expect((await server.visit(guess)).id, guess).not.toBe(ann.id);
    }
    expect(await outcome(server.attempt(`/feed?client=${ann.id}`))).toBe(401);
    expect((await server.visit(ann.token)).id).toBe(ann.id);
  });

  test('of another server is not known here: a token is the secret of the one that gave it', async () => {
    const other = await serve();
    const { token } = await other.visit();
    await other.close();
    expect(await outcome(server.attempt(`/feed?token=${token}`))).toBe(401);
  });

  test('suffers from no fault that a visitor asks for, whoever it is said to be for', async () => {
    const [ann, eve] = [await server.visit(), await server.visit()];
    const hers = await server.connect(`/feed?token=${ann.token}&side=ours`);
    const sham = await server.connect(`/control?token=${eve.token}&client=${ann.id}`);
    for (const request of [
      { type: 'set', fault: 'mute', on: true, client: ann.id },
      { type: 'set', fault: 'refuse', on: true, id: ann.id },
      { type: 'strike', fault: 'close', code: 4001, client: ann.id },
      { type: 'strike', fault: 'reset', token: ann.token },
    ]) {
      sham.socket.send(JSON.stringify(request));
    }
    await eventually(() => expect(sham.heard.filter((text) => text.includes('done'))).toHaveLength(4));
    hers.socket.send('HeartBeat');
    await eventually(() => expect(hers.heard).toContain('HeartBeat'));
    expect(await outcome(server.attempt(`/feed?token=${ann.token}`))).toBe(101);
  });
});

/** The ports that this process listens on, as the system tells them. */
function ownPorts(): number[] {
  const inodes = execFileSync('sh', ['-c', `ls -l /proc/${process.pid}/fd | grep -o 'socket:\\[[0-9]*' | cut -c9-`]);
  const own = new Set(String(inodes).split('\n').filter(Boolean));
  const rows = String(execFileSync('cat', ['/proc/net/tcp']))
    .split('\n')
    .slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    return state === '0A' && own.has(inode) ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : [];
  });
}

test.skipIf(process.platform !== 'linux')(
  'the server behind the faults has a port, and lets nobody in by it',
  async () => {
    const { id, token } = await server.visit();
    const behind = ownPorts().filter((port) => port !== server.port);
    expect(behind.length).toBeGreaterThan(0);
    for (const port of behind) {
      for (const path of [
        `/chat?client=${id}`,
        `/feed?client=${id}`,
        `/feed?token=${token}`,
        `/run?client=${id}`,
        `/tabs?client=${id}`,
      ]) {
        expect(await outcome(knock(`ws://127.0.0.1:${port}${path}`))).toBe(404);
      }
    }
  },
);
