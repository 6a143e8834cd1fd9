/** The test server as commands for tests that run in a browser. Registered in the Vitest configuration. */
import type { BrowserCommand } from 'vitest/node';
import { type Count, type Manner, TestServer } from './test-server.ts';

const servers = new Map<string, TestServer>();

const get = (url: string): TestServer => {
  const server = servers.get(url);
  if (!server) throw new Error(`no test server at ${url}`);
  return server;
};

/** Starts a server, and answers with its url, which is its name from then on. */
const startServer: BrowserCommand<[manner?: Manner]> = async (_, manner = 'well'): Promise<string> => {
  const server = new TestServer();
  server.manner = manner;
  await server.start();
  servers.set(server.url, server);
  return server.url;
};

const endServer: BrowserCommand<[url: string]> = async (_, url) => {
  await get(url).end();
  servers.delete(url);
};

const setManner: BrowserCommand<[url: string, manner: Manner]> = (_, url, manner) => {
  get(url).manner = manner;
};

const cut: BrowserCommand<[url: string, how?: 'both' | 'client']> = (_, url, how = 'both') => {
  if (how === 'both') get(url).cut();
  else get(url).cutClientSide();
};

const stopServer: BrowserCommand<[url: string]> = (_, url) => get(url).stop();
const restartServer: BrowserCommand<[url: string]> = (_, url) => get(url).restart();
const broadcast: BrowserCommand<[url: string, ...messages: string[]]> = (_, url, ...messages) =>
  get(url).broadcast(...messages);
const countOf: BrowserCommand<[url: string, client: string]> = (_, url, client): Count => get(url).count(client);
/** What the server has received: of each message the first `chars` characters. */
const receivedBy: BrowserCommand<[url: string, chars?: number]> = (_, url, chars): string[] =>
  get(url).received.map((text) => text.slice(0, chars));
const directUrl: BrowserCommand<[url: string]> = (_, url): string => get(url).directUrl;
const throttle: BrowserCommand<[url: string, bytesPerSecond?: number]> = (_, url, bytesPerSecond) =>
  get(url).throttle(bytesPerSecond);
const pauseServer: BrowserCommand<[url: string]> = (_, url) => get(url).pause();
const resumeServer: BrowserCommand<[url: string]> = (_, url) => get(url).resume();
const closeWithoutEnd: BrowserCommand<[url: string, code: number]> = (_, url, code) => get(url).closeWithoutEnd(code);

export const serverCommands = {
  startServer,
  endServer,
  setManner,
  cut,
  stopServer,
  restartServer,
  broadcast,
  countOf,
  receivedBy,
  directUrl,
  throttle,
  pauseServer,
  resumeServer,
  closeWithoutEnd,
};

declare module 'vitest/browser' {
  interface BrowserCommands {
    startServer(manner?: Manner): Promise<string>;
    endServer(url: string): Promise<void>;
    setManner(url: string, manner: Manner): Promise<void>;
    cut(url: string, how?: 'both' | 'client'): Promise<void>;
    stopServer(url: string): Promise<void>;
    restartServer(url: string): Promise<void>;
    broadcast(url: string, ...messages: string[]): Promise<void>;
    countOf(url: string, client: string): Promise<Count>;
    receivedBy(url: string, chars?: number): Promise<string[]>;
    directUrl(url: string): Promise<string>;
    throttle(url: string, bytesPerSecond?: number): Promise<void>;
    pauseServer(url: string): Promise<void>;
    resumeServer(url: string): Promise<void>;
    closeWithoutEnd(url: string, code: number): Promise<void>;
  }
}
