/** All that the playground's page talks to, for any http server: give it what the `upgrade` event brings. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { CHAT_PATH } from '../protocol/chat.ts';
import { CONTROL_PATH } from '../protocol/control.ts';
import { FEED_PATH } from '../protocol/feed.ts';
import { RUN_PATH } from '../protocol/run.ts';
import { TABS_PATH } from '../protocol/tabs.ts';
import { MAX_ALL_CONNECTIONS } from './bounds.ts';
import type { Bus } from './bus/bus.ts';
import { createNeighbours } from './bus/neighbours.ts';
import { createSharedRooms } from './bus/shared-rooms.ts';
import { createChatServer } from './chat-server.ts';
import { createControlServer } from './control-server.ts';
import { type Door, isWelcome } from './door.ts';
import { createFeedServer, type FeedServer } from './feed-server.ts';
import { createPasses } from './passes.ts';
import { createRooms } from './rooms.ts';
import { createRunServer } from './run-server.ts';
import { createRuns } from './runs.ts';
import { type ClientService, pathOf, queryOf, refuse, type Service } from './service.ts';
import { createTabsServer } from './tabs-server.ts';
import { createVisitors } from './visitors.ts';

export interface PlaygroundServer extends Service {
  /** Whether a request is for the playground, and not for something else on the same http server. */
  isFor(request: IncomingMessage): boolean;
}

interface Services {
  readonly [CHAT_PATH]: ClientService;
  readonly [FEED_PATH]: FeedServer;
  readonly [RUN_PATH]: ClientService;
  readonly [TABS_PATH]: ClientService;
}

/** Where connections under test go. */
const PATHS: readonly string[] = [CHAT_PATH, FEED_PATH, RUN_PATH, TABS_PATH];

/** ms. Many proxies and servers have 60 s; as the heartbeats here are quicker, so is this. */
const IDLE = 20_000;

/** ms for which a restarting server is away. */
const RESTART = 1_000;

/**
 * The connections under test pass through the visitor's own fault links to a server behind them, which alone counts and answers.
 * The control connection does not: it has to tell what has become of the others. With a bus the chat and its people are those of
 * all processes; whoever gives it closes it.
 */
export async function createPlaygroundServer(door: Partial<Door> = {}, bus?: Bus): Promise<PlaygroundServer> {
  const { hosts = [], origins = [] } = door;
  const passes = createPasses(bus?.key);
  // The inner server has a port of its own. Only the fault links know the path that it accepts.
  const behind = `/${randomBytes(32).toString('hex')}`;
  let services: Services | undefined;
  let back: NodeJS.Timeout | undefined;
  const inner = createServer((_request, response) => void response.writeHead(404).end());
  inner.maxConnections = 2 * MAX_ALL_CONNECTIONS;
  inner.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    const path = pathOf(request);
    const service = services?.[path.replace(behind, '') as keyof Services];
    if (!path.startsWith(behind)) refuse(socket, 404);
    else if (service) service.handleUpgrade(request, socket, head);
    else refuse(socket, 503);
  });
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));

  const visitors = createVisitors(() => (inner.address() as AddressInfo).port);
  const isMuted = (client: string): boolean => visitors.suffers(client, 'mute');
  // As from a database: what was said, and what has arrived, is there again after a restart.
  const shared = bus && { rooms: await createSharedRooms(bus), neighbours: createNeighbours(bus) };
  const kept = { rooms: createRooms(), runs: createRuns(), ...shared };
  const start = (): void => {
    services = {
      [CHAT_PATH]: createChatServer({ ...kept, isMuted, idleAfter: IDLE }),
      [FEED_PATH]: createFeedServer({ isMuted, idleAfter: IDLE }),
      [RUN_PATH]: createRunServer({ ...kept, isMuted, idleAfter: IDLE }),
      [TABS_PATH]: createTabsServer({ isMuted, idleAfter: IDLE }),
    };
  };
  const stop = async (): Promise<void> => {
    clearTimeout(back);
    const ending = services;
    services = undefined;
    await Promise.all(all(ending).map((service) => service.close()));
  };
  const restart = (): void => {
    // A second request to restart during a restart has no effect.
    if (!services) return;
    void stop();
    back = setTimeout(start, RESTART);
  };
  shared?.rooms.onLost(restart);
  const control = createControlServer(
    {
      figures: (client) => services?.[FEED_PATH].figures(client) ?? NOBODY,
      closeClient(...how) {
        for (const service of all(services)) service.closeClient(...how);
      },
      restart,
    },
    visitors,
  );
  start();

  return {
    isFor: (request) => [...PATHS, CONTROL_PATH].includes(pathOf(request)),
    handleUpgrade(request, socket, head) {
      socket.on('error', () => {});
      const path = pathOf(request);
      const pass = passes.read(queryOf(request).get('token'));
      if (!isWelcome(request, { hosts, origins })) refuse(socket, 403);
      else if (path === CONTROL_PATH) {
        const { id, token } = pass ?? passes.issue();
        if (visitors.canControl(id)) control.handleUpgrade({ id, token }, request, socket, head);
        else refuse(socket, 503);
      } else if (!PATHS.includes(path)) refuse(socket, 404);
      else if (!pass) refuse(socket, 401);
      else if (!visitors.canLink(pass.id)) refuse(socket, 503);
      else visitors.get(pass.id).links.take(socket as Socket, bytesOf(request, head, `${behind}${path}`, pass.id));
    },
    async close() {
      await Promise.all([stop(), control.close()]);
      shared?.neighbours.close();
      for (const { links } of visitors.all()) links.destroy();
      inner.close();
    },
  };
}

const all = (services: Services | undefined): ClientService[] => Object.values(services ?? {});

const NOBODY = { naive: { live: 0, silent: 0 }, ours: { live: 0, silent: 0 } };

/** A request for the inner server: as the client has written it, but with the client's id in place of its token. */
function bytesOf(request: IncomingMessage, head: Buffer, path: string, client: string): Buffer {
  const { method, rawHeaders } = request;
  const query = queryOf(request);
  query.delete('token');
  query.set('client', client);
  const lines = [`${method} ${path}?${query} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]);
}
