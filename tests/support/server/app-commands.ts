/** The servers of real apps as commands for tests that run in a browser. Registered in the Vitest configuration. */
import type { BrowserCommand } from 'vitest/node';
import type { AppServer } from './app-server.ts';
import { startGraphqlApp } from './graphql-app.ts';
import { startStrictApp } from './strict-app.ts';
import { startTokenApp } from './token-app.ts';

const APPS = { graphql: startGraphqlApp, strict: startStrictApp, token: startTokenApp };

type App = keyof typeof APPS;

const servers = new Map<string, AppServer>();

const get = (host: string): AppServer => {
  const server = servers.get(host);
  if (!server) throw new Error(`no app at ${host}`);
  return server;
};

/** Starts a server, and answers with its host, which is its name from then on. */
const startApp: BrowserCommand<[app: App]> = async (_, app): Promise<string> => {
  const server = await APPS[app]();
  servers.set(server.host, server);
  return server.host;
};

const tellApp: BrowserCommand<[host: string, what: string]> = (_, host, what) => {
  const run = get(host).tell[what];
  if (!run) throw new Error(`the app cannot ${what}`);
  run();
};

const logOfApp: BrowserCommand<[host: string]> = (_, host): string[] => get(host).log;

const endApp: BrowserCommand<[host: string]> = async (_, host) => {
  await get(host).end();
  servers.delete(host);
};

export const appCommands = { startApp, tellApp, logOfApp, endApp };

declare module 'vitest/browser' {
  interface BrowserCommands {
    startApp(app: App): Promise<string>;
    tellApp(host: string, what: string): Promise<void>;
    logOfApp(host: string): Promise<string[]>;
    endApp(host: string): Promise<void>;
  }
}
