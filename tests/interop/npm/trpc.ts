/** tRPC: the server sends PING, and answers one. */
import { initTRPC } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { trpc } from '../../../src/heartbeats';
import { startBehindProxy, startHttp } from '../support/in-process';
import { FIGURES, type RealServer } from '../support/real-server';

const KEEP_ALIVE = { enabled: true, pingMs: 1_000, pongWaitMs: 4_000 };

const { router, procedure } = initTRPC.context<{ token: string | undefined }>().create();

const echo = procedure.input((text) => text).query(({ ctx, input }) => ctx.token === 'secret' && input);

const start = () =>
  startHttp((server) => {
    const wss = new WebSocketServer({ server });
    const { broadcastReconnectNotification } = applyWSSHandler({
      wss,
      router: router({ echo }),
      keepAlive: KEEP_ALIVE,
      createContext: ({ info }) => ({ token: info.connectionParams?.['token'] }),
    });
    return broadcastReconnectNotification;
  });

export const trpcServer: RealServer = {
  name: '@trpc/server',
  limit: KEEP_ALIVE.pingMs + KEEP_ALIVE.pongWaitMs,
  start: () => startBehindProxy(start, '/?connectionParams=1'),
  options: () => trpc({ connectionParams: { token: 'secret' }, ...FIGURES }),
  answering: () => trpc({ connectionParams: { token: 'secret' }, interval: 1_000_000 }),
  ends: 1006,
  says: (text) => JSON.stringify({ id: text, method: 'query', params: { path: 'echo', input: text } }),
};
