/** `npm run server` as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../../playground/server.ts', import.meta.url));

export interface ServerProcess {
  readonly port: number;
  /** It ends without a word to anybody. */
  kill(): Promise<void>;
  /** It is told to end, and does: with this code. */
  stop(): Promise<number | null>;
}

/** What a server has printed that ended by itself. */
export class ServerEnded extends Error {}

export async function startServer(...options: string[]): Promise<ServerProcess> {
  const server = spawn(process.execPath, [SERVER, '--port', '0', ...options]);
  let printed = '';
  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk) => {
        printed += chunk;
        const [, listening] = /ws:\/\/localhost:(\d+)\s/.exec(printed) ?? [];
        if (listening) resolve(Number(listening));
      });
    }
    server.once('close', (code) => reject(new ServerEnded(`${code}: ${printed}`)));
  });

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (server.exitCode !== null || server.signalCode !== null) return server.exitCode;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
    return server.exitCode;
  };
  return {
    port,
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}
