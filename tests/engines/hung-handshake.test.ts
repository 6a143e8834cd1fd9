/** A server that takes connections and answers no handshake for two minutes, in another browser than Chromium. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { NO_CLOSE_EVENT } from '../../src/core/ports.ts';
import { backoff } from '../../src/core/reconnect-policy.ts';
import type { EnginePage } from '../support/engines/engine.ts';
import { launchEngine } from '../support/engines/launch.ts';
import { type EngineSite, startEngineSite } from '../support/engines/site.ts';
import { TestServer } from '../support/server/test-server.ts';

/** ms. */
const HUNG = 120_000;

/** ms that a client is watched for once the server is well. One that is not back by then counts as back at that moment. */
const WATCHED = 60_000;

/** ms that the library may take longer than a bare WebSocket that is made anew after each failure. */
const LONGER = 5_000;

type Client = 'bare' | 'library';
type Recovery = (server: TestServer) => Promise<void>;

/** The server answers new handshakes, and never those that it was asked for before. */
const answersNewOnes: Recovery = async (server) => {
  server.manner = 'well';
};

/** The server is started anew, and the connections that hang break. */
const isRestarted: Recovery = async (server) => {
  server.manner = 'well';
  await server.stop();
  await server.restart();
};

const connect = (page: EnginePage, client: Client, url: string): Promise<void> =>
  client === 'bare'
    ? page.evaluate((to) => window.page.openBare(to), url)
    : page.evaluate((to) => window.page.mount(to), url);

const isOpen = (page: EnginePage): Promise<boolean> =>
  page.evaluate(() => window.page.isBareOpen || window.page.socket?.status.value === 'OPEN');

/** ms from the moment the server is well until the client is open. */
async function watch(page: EnginePage): Promise<number> {
  const wellAt = performance.now();
  const passed = () => Math.round(performance.now() - wellAt);
  while (passed() < WATCHED && !(await isOpen(page))) await sleep(50);
  return Math.min(passed(), WATCHED);
}

/** Each client has a browser of its own, since a browser slows all sockets to a host after failures. */
async function msToOpen(site: EngineSite, client: Client, recover: Recovery): Promise<number> {
  const server = new TestServer();
  server.manner = 'no-upgrade';
  await server.start();
  const engine = await launchEngine(inject('engine'));
  try {
    const page = await engine.newPage();
    try {
      await page.goto(site.page);
      await connect(page, client, server.url);
      await sleep(HUNG);
      await recover(server);
      const ms = await watch(page);
      console.info(
        `${client}, ${recover.name}: ${server.count('').asked} handshakes asked for, open ${ms} ms after the server is well`,
      );
      return ms;
    } finally {
      await page.end();
    }
  } finally {
    await engine.end();
    await server.end();
  }
}

/** ms. The longest wait of the default policy, which a server that was lost to all of its clients is owed. */
const OWN_WAIT = backoff()(100, { isLocal: false, random: 1, event: NO_CLOSE_EVENT });

test.concurrent.each<[string, number, Recovery]>([
  ['answers new ones: back no later than a bare WebSocket, plus 5 s', LONGER, answersNewOnes],
  ['is restarted: back no later than a bare WebSocket, plus 5 s and a wait', LONGER + OWN_WAIT, isRestarted],
])(
  'a server that lets handshakes hang for two minutes and then %s',
  async (_, longer, recover) => {
    const site = await startEngineSite();
    try {
      const [bare, library] = await Promise.all([msToOpen(site, 'bare', recover), msToOpen(site, 'library', recover)]);
      expect(library).toBeLessThan(WATCHED);
      expect(library).toBeLessThanOrEqual(bare + longer);
    } finally {
      await site.end();
    }
  },
  HUNG + WATCHED + 60_000,
);
