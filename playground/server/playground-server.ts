/** All that the playground's page talks to, for any http server: give it what the `upgrade` event brings. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CHAT_PATH } from '../protocol/chat.ts';
import { CONTROL_PATH } from '../protocol/control.ts';
import { FEED_PATH } from '../protocol/feed.ts';
import { createChatServer } from './chat-server.ts';
import { createControlServer } from './control-server.ts';
import { createFeedServer, type FeedServer } from './feed-server.ts';
import { type ClientService, clientOf, pathOf, type Service } from './service.ts';
import { createVisitors } from './visitors.ts';

export interface PlaygroundServer extends Service {
  /** Whether a request is for the playground, and not for something else on the same http server. */
  isFor(request: IncomingMessage): boolean;
}

interface Services {
  readonly [CHAT_PATH]: ClientService;
  readonly [FEED_PATH]: FeedServer;
}

/** ms. Many proxies and servers have 60 s; as the heartbeats here are quicker, so is this. */
const IDLE = 20_000;

/** ms for which a restarting server is away. */
const RESTART = 1_000;

/**
 * The connections under test pass through the visitor's own fault links to a server behind them, which alone counts and
 * answers. The control connection does not: it has to tell what has become of the others.
 */
export async function createPlaygroundServer(): Promise<PlaygroundServer> {
  let services: Services | undefined;
  let back: NodeJS.Timeout | undefined;
  const inner = createServer().on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    const service = services?.[pathOf(request) as keyof Services];
    if (service) service.handleUpgrade(request, socket, head);
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));

  const visitors = createVisitors(() => (inner.address() as AddressInfo).port);
  const isMuted = (client: string): boolean => visitors.suffers(client, 'mute');
  const start = (): void => {
    services = {
      [CHAT_PATH]: createChatServer({ isMuted, idleAfter: IDLE }),
      [FEED_PATH]: createFeedServer({ isMuted, idleAfter: IDLE }),
    };
  };
  const stop = async (): Promise<void> => {
    clearTimeout(back);
    const ending = services;
    services = undefined;
    await Promise.all([ending?.[CHAT_PATH].close(), ending?.[FEED_PATH].close()]);
  };
  const control = createControlServer(
    {
      figures: (client) => services?.[FEED_PATH].figures(client) ?? NOBODY,
      closeClient(...how) {
        services?.[CHAT_PATH].closeClient(...how);
        services?.[FEED_PATH].closeClient(...how);
      },
      restart() {
        void stop();
        back = setTimeout(start, RESTART);
      },
    },
    visitors,
  );
  start();

  return {
    isFor: (request) => [CHAT_PATH, FEED_PATH, CONTROL_PATH].includes(pathOf(request)),
    handleUpgrade(request, socket, head) {
      if (pathOf(request) === CONTROL_PATH) control.handleUpgrade(request, socket, head);
      else visitors.get(clientOf(request)).links.take(socket as Duplex as Socket, bytesOf(request, head));
    },
    async close() {
      await Promise.all([stop(), control.close()]);
      for (const { links } of visitors.all()) links.destroy();
      inner.close();
    },
  };
}

const NOBODY = { naive: { live: 0, silent: 0 }, ours: { live: 0, silent: 0 } };

/** A request as it came over the wire, to be sent on to the server behind. */
function bytesOf({ method, url, rawHeaders }: IncomingMessage, head: Buffer): Buffer {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]);
}
