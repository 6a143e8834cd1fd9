/** A real nats-server, Debian's own, with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilStopped } from '../support/program.ts';

export interface Nats {
  readonly address: string;
  /** It ends without a word to anybody. */
  kill(): Promise<void>;
  /** It stands still, and its connections stand: nobody is told. */
  halt(): Promise<void>;
  goOn(): void;
  /** It is there again at the same port, with what it had kept. */
  startAgain(): Promise<void>;
  /** It has lost all that it had kept: killed first, then there again. */
  startAnew(): Promise<void>;
  end(): Promise<void>;
}

/** Debian has servers where not everybody looks. */
const PATH = `${process.env['PATH']}:/usr/sbin`;

export async function startNats({ hasJetStream = true } = {}): Promise<Nats> {
  const folder = await mkdtemp(join(tmpdir(), 'playground-bus-'));
  let server: ChildProcess;

  /** Resolves with the port: -1 is any that is free. */
  async function start(port: number): Promise<number> {
    const keeping = hasJetStream ? ['--jetstream', '--store_dir', folder] : [];
    server = spawn('nats-server', ['--addr', '127.0.0.1', '--port', `${port}`, ...keeping], { env: { PATH } });
    let printed = '';
    return new Promise((resolve, reject) => {
      server.stderr?.on('data', (chunk) => {
        printed += chunk;
        const [, listening] = /client connections on 127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
        if (listening && printed.includes('Server is ready')) resolve(Number(listening));
      });
      server.once('error', ({ code }: NodeJS.ErrnoException) =>
        reject(
          new Error(
            code === 'ENOENT'
              ? 'The tests of the playground’s bus need nats-server: apt-get install nats-server'
              : `nats-server does not start: ${code}`,
          ),
        ),
      );
      server.once('exit', () => reject(new Error(`nats-server ended: ${printed}`)));
    });
  }

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const port = await start(-1).catch(async (error) => {
    await removeFolder();
    throw error;
  });
  return {
    address: `nats://127.0.0.1:${port}`,
    kill,
    async halt() {
      server.kill('SIGSTOP');
      await untilStopped(server.pid);
    },
    goOn: () => void server.kill('SIGCONT'),
    async startAgain() {
      await start(port);
    },
    async startAnew() {
      await kill();
      await removeFolder();
      await start(port);
    },
    async end() {
      await kill();
      await removeFolder();
    },
  };
}
