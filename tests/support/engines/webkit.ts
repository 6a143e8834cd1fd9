/** Debian's WebKitGTK: its MiniBrowser in a virtual display, driven by its WebDriver, one process for each page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../server/listen.ts';
import { type Engine, type EnginePage, expressionOf, findPrograms } from './engine.ts';

const PROGRAMS = {
  display: { path: '/usr/bin/Xvfb', debianPackage: 'xvfb', variable: 'XVFB_PATH' },
  driver: { path: '/usr/bin/WebKitWebDriver', debianPackage: 'webkit2gtk-driver', variable: 'WEBKIT_DRIVER_PATH' },
  browser: {
    path: `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
    debianPackage: 'libwebkit2gtk-4.1-0',
    variable: 'WEBKIT_BROWSER_PATH',
  },
};

/** The name under which WebDriver hands elements over. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
};

/** Starts a virtual display that chooses its own number, and answers with its name. */
async function startDisplay(path: string): Promise<{ readonly display: ChildProcess; readonly name: string }> {
  const display = spawn(path, ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await Promise.race([
    once(display.stdio[3] as NodeJS.ReadableStream, 'data'),
    once(display, 'exit').then(() => Promise.reject(new Error(`${path} has ended`))),
  ]);
  return { display, name: `:${String(number).trim()}` };
}

type Command = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>;

const commandsTo =
  (address: string): Command =>
  async (method, path, body) => {
    const response = await fetch(address + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };

/** Starts a browser with an empty page, and answers with the path of its commands. */
async function startSession(command: Command, binary: string): Promise<string> {
  const options = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  // The driver listens a moment after it has started.
  for (let tries = 0; ; tries += 1) {
    try {
      await command('GET', '/status');
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(50);
    }
  }
  const session = await command('POST', '/session', { capabilities: { alwaysMatch: options } });
  return `/session/${(session as { sessionId: string }).sessionId}`;
}

async function openPage(driverPath: string, browserPath: string, display: string): Promise<EnginePage> {
  const port = await freePort();
  const driver = spawn(driverPath, [`--port=${port}`], { stdio: 'ignore', env: { ...process.env, DISPLAY: display } });
  const command = commandsTo(`http://127.0.0.1:${port}`);
  const session = await startSession(command, browserPath).catch(async (error) => {
    await stop(driver);
    throw error;
  });
  return {
    goto: async (url) => void (await command('POST', `${session}/url`, { url })),
    evaluate: (run, ...args) =>
      command('POST', `${session}/execute/sync`, {
        script: `return ${expressionOf(run, args)}`,
        args: [],
      }) as Promise<ReturnType<typeof run>>,
    async click(selector) {
      const found = await command('POST', `${session}/element`, { using: 'css selector', value: selector });
      await command('POST', `${session}/element/${(found as Record<string, string>)[ELEMENT]}/click`, {});
    },
    back: async () => void (await command('POST', `${session}/back`, {})),
    async end() {
      await command('DELETE', session);
      await stop(driver);
    },
  };
}

export async function launchWebkit(): Promise<Engine> {
  const { driver, browser, display: displayPath } = findPrograms(PROGRAMS);
  const { display, name } = await startDisplay(displayPath);
  return {
    newPage: () => openPage(driver, browser, name),
    end: () => stop(display),
  };
}
