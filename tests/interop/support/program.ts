/** Servers that are programs of Debian's packages, each a process of its own with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../../support/server/listen';
import type { Running } from './real-server';

export interface ProgramStart {
  /** The path of the program. */
  readonly path: string;
  /** Its arguments. `folder` is where its files are. */
  args(folder: string): string[];
  /** What is written into the folder first, by name. */
  files?(folder: string): Record<string, string>;
  env?(folder: string): Record<string, string>;
  /** The port at which the server listens once it has started. */
  readonly port: number;
  /** The path of its WebSockets. Default `/`. */
  readonly urlPath?: string;
}

/** A program that runs. */
export interface RunningProgram extends Running {
  /** Stops the program where it is, as `freeze` does, and waits until none of its threads does anything more. */
  pause(): Promise<void>;
  /** Ends the program with a signal, and waits until it has ended. Default SIGTERM. */
  halt(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the program again that was ended, and waits until it listens. */
  resume(): Promise<void>;
}

/** ms until a server must listen. */
const STARTS_WITHIN = 60_000;

/** ms that a server has to end by itself. */
const ENDS_WITHIN = 10_000;

/**
 * Where ports are taken from: below those that the system gives to connections. One of these could have the port of a server that is away
 * for a moment.
 */
const PORTS = { first: 10_000, count: 22_000 };

/** Takes a port that is free, and holds it. */
async function holdPort(): Promise<Server> {
  for (;;) {
    const server = createServer();
    try {
      await listen(server, PORTS.first + Math.floor(Math.random() * PORTS.count));
      return server;
    } catch {
      // Somebody listens there.
    }
  }
}

/** Ports that nobody listens at, each another one. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, holdPort));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A port that nobody listens at. */
export const freePort = async (): Promise<number> => (await freePorts(1))[0] as number;

/**
 * Runs a program beside a reader of file descriptor 3, which is at its end when the process of the tests has ended, in whatever
 * way. The reader, whom no signal for the program reaches, then ends the program, and all that it has started.
 */
const GUARDED = 'setsid /bin/sh -c "read -r line; kill -KILL -$$" <&3 2>/dev/null & exec "$@" 3<&-';

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** A signal for the process and for those that it has started. They are a group that has its number. */
function tell(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
  }
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

async function launch({ path, args, env, port }: ProgramStart, folder: string): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', GUARDED, 'sh', path, ...args(folder)], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env?.(folder) },
  });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = `${said}${chunk}`.slice(-4_000);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const until = performance.now() + STARTS_WITHIN;
  while (!(await isListening(port))) {
    if (failure || hasEnded(child) || performance.now() > until) {
      await stop(child);
      throw new Error(`${path} does not listen: ${failure ?? ''}\n${said}`);
    }
    await sleep(20);
  }
  return child;
}

/** Resolves once each thread of a process stands still, which a signal has been sent for: until then it may still answer. */
export async function untilStopped(pid: number | undefined): Promise<void> {
  while (!(await isStopped(pid))) await sleep(5);
}

async function isStopped(pid: number | undefined): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const states = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
  return states.every((state) => /\) T /.test(state));
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.pid !== undefined && !hasEnded(child)) {
    const ended = once(child, 'exit');
    // SIGKILL also ends a program that is stopped, and before that it does nothing more.
    if (signal !== 'SIGKILL') tell(child, 'SIGCONT');
    tell(child, signal);
    const kill = setTimeout(() => tell(child, 'SIGKILL'), ENDS_WITHIN);
    await ended;
    clearTimeout(kill);
  }
  // Children that have outlived the program; the reader ends with what it reads.
  tell(child, 'SIGKILL');
  child.stdio[3]?.destroy();
}

/** Starts a program, and waits until it listens. */
export async function startProgram(start: ProgramStart): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'real-server-'));
  for (const [name, text] of Object.entries(start.files?.(folder) ?? {})) await writeFile(join(folder, name), text);
  let child: ChildProcess;
  try {
    child = await launch(start, folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  let launched: Promise<ChildProcess> | undefined;
  const resume = async (): Promise<void> => {
    launched = launch(start, folder);
    child = await launched;
  };
  return {
    url: `ws://127.0.0.1:${start.port}${start.urlPath ?? '/'}`,
    freeze: () => tell(child, 'SIGSTOP'),
    thaw: () => tell(child, 'SIGCONT'),
    async pause() {
      tell(child, 'SIGSTOP');
      await untilStopped(child.pid);
    },
    halt: (signal) => stop(child, signal),
    resume,
    async restart() {
      await stop(child);
      await resume();
    },
    async end() {
      // A test that has failed may have left it half started.
      await launched?.catch(() => {});
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
