/** Socket.IO's own server, which keeps what a client misses while it is away. */
import { createServer, type IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import { FaultProxy } from '../../support/server/fault-proxy.ts';
import { listen } from '../../support/server/listen.ts';
import { type DeliveryServer, FIGURES } from './server.ts';

/** A connection as Engine.IO has it, whose types do not come with Socket.IO. */
interface ServerConnection {
  readonly readyState: string;
  readonly request: IncomingMessage;
  on(event: 'close', listener: () => void): void;
  close(discard: boolean): void;
}

/** ms for which the server keeps what a client misses. */
const REMEMBERED = 120_000;

export async function startSocketIoServer(): Promise<DeliveryServer> {
  const http = createServer();
  const io = new Server(http, {
    pingInterval: FIGURES.interval,
    pingTimeout: FIGURES.pongTimeout,
    connectionStateRecovery: { maxDisconnectionDuration: REMEMBERED },
    transports: ['websocket'],
    cors: { origin: true },
  });
  const received: number[] = [];
  io.on('connection', (socket) => {
    socket.on('number', (n: number, acknowledge: () => void) => {
      received.push(n);
      acknowledge();
    });
  });

  const connections = new Set<ServerConnection>();
  io.engine.on('connection', (connection: ServerConnection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });

  const port = await listen(http);
  const proxy = new FaultProxy(() => port);
  await proxy.start();
  return {
    proxy,
    url: `ws://127.0.0.1:${proxy.port}/`,
    received,
    // By the connections underneath: a client that came back as itself is no longer listed when its connection before ends late.
    isReached: () =>
      [...connections].some(
        ({ readyState, request }) => readyState === 'open' && proxy.carries(request.socket.remotePort as number),
      ),
    publish: (n) => void io.emit('number', n),
    closeAll() {
      // In a way after which its clients come back, and are told what they missed.
      for (const connection of connections) connection.close(true);
    },
    async end() {
      await proxy.stop();
      await io.close();
    },
  };
}
