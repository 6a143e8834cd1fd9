/** Servers that run in the process of the tests, behind a proxy that can fall silent. */
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { FaultProxy } from '../../support/server/fault-proxy';
import { listen } from '../../support/server/listen';
import type { Running } from './real-server';

/** A server at a port of its own. */
export interface Listening {
  readonly port: number;
  end(): Promise<void>;
}

/** Starts an HTTP server that `install` gives its WebSockets. What `install` returns ends them in the server's own way. */
export async function startHttp(install: (http: Server) => (() => unknown) | undefined): Promise<Listening> {
  const http = createServer();
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const end = install(http);
  const port = await listen(http);
  return {
    port,
    async end() {
      await end?.();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Starts a server behind a proxy. `path` is that of its WebSockets. */
export async function startBehindProxy(start: () => Promise<Listening>, path = '/'): Promise<Running> {
  let server = await start();
  const proxy = new FaultProxy(() => server.port);
  await proxy.start();
  return {
    url: `ws://127.0.0.1:${proxy.port}${path}`,
    freeze: () => proxy.cut(),
    thaw() {},
    async restart() {
      await server.end();
      server = await start();
    },
    async end() {
      await proxy.stop();
      await server.end();
    },
  };
}
