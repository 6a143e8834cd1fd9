/**
 * Chromium with nobody watching its network. Playwright asks for a report on each WebSocket frame, which costs more than the
 * frame: a page then takes in a third of the messages. Here the DevTools protocol is used to evaluate, and for nothing else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright';
import { WebSocket } from 'ws';
import { CHROMIUM_ARGS, chromiumPath } from '../support/browser.ts';

export interface UnwatchedPage {
  /** Evaluates, waits for the promise, and answers with its value. Throws what the page throws, and after `within` ms. */
  evaluate<T>(expression: string, within?: number): Promise<T>;
  close(): Promise<void>;
}

export interface UnwatchedChromium {
  open(address: string): Promise<UnwatchedPage>;
  /** Opens a page and attaches nothing to it: where the DevTools protocol is attached, Chromium prerenders no link of the page. */
  show(address: string): Promise<void>;
  end(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result: { readonly value: unknown };
    readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
  };
}

async function attach(devtools: string): Promise<Pick<UnwatchedPage, 'evaluate'>> {
  const socket = new WebSocket(devtools);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  socket.on('message', (data) => {
    const answer: Answer = JSON.parse(String(data));
    waiting.get(answer.id)?.(answer);
  });
  return {
    async evaluate<T>(expression: string, within = 60_000): Promise<T> {
      last += 1;
      const id = last;
      const params = { expression, awaitPromise: true, returnByValue: true };
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
      const { result, error } = await new Promise<Answer>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer within ${within} ms to ${expression}`)), within);
        waiting.set(id, (answer) => {
          waiting.delete(id);
          clearTimeout(timer);
          resolve(answer);
        });
      });
      const trouble =
        error?.message ?? result?.exceptionDetails?.exception?.description ?? result?.exceptionDetails?.text;
      if (trouble) throw new Error(trouble);
      return result?.result.value as T;
    },
  };
}

/** Where Chromium listens: it writes so when it does. */
async function portOf(profile: string, process: ChildProcess): Promise<string> {
  for (let tries = 0; tries < 200 && process.exitCode === null; tries += 1) {
    try {
      const [port] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      if (port) return port;
    } catch {
      // Not yet.
    }
    await sleep(100);
  }
  throw new Error('Chromium does not start');
}

export async function launchUnwatchedChromium(): Promise<UnwatchedChromium> {
  const profile = mkdtempSync(join(tmpdir(), 'bench-chromium-'));
  const path = (await chromiumPath()) ?? chromium.executablePath();
  const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  const process = spawn(path, [...CHROMIUM_ARGS, ...own], { stdio: 'ignore' });
  const port = await portOf(profile, process);
  const show = async (address: string): Promise<{ id: string; webSocketDebuggerUrl: string }> => {
    const asked = await fetch(`http://127.0.0.1:${port}/json/new?${encodeURIComponent(address)}`, { method: 'PUT' });
    return (await asked.json()) as { id: string; webSocketDebuggerUrl: string };
  };
  return {
    show: async (address) => void (await show(address)),
    async open(address) {
      const { id, webSocketDebuggerUrl } = await show(address);
      const page = await attach(webSocketDebuggerUrl);
      for (let tries = 0; tries < 100; tries += 1) {
        if (await page.evaluate(`location.href === ${JSON.stringify(address)} && document.readyState === 'complete'`))
          break;
        await sleep(50);
      }
      return { ...page, close: async () => void (await fetch(`http://127.0.0.1:${port}/json/close/${id}`)) };
    },
    async end() {
      process.kill();
      await new Promise((resolve) => (process.exitCode === null ? process.once('exit', resolve) : resolve(null)));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
