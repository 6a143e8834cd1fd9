/** What the servers of real apps have in common, for tests that start them from a browser. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { listen } from './listen.ts';

export interface AppServer {
  /** Without a scheme. */
  readonly host: string;
  /** What happened, in order. */
  readonly log: string[];
  /** What the test can tell it to do. */
  readonly tell: Record<string, () => void>;
  end(): Promise<void>;
}

interface Parts {
  readonly log: string[];
  readonly tell: Record<string, () => void>;
  readonly sockets: WebSocketServer;
  /** Answers what asks for no WebSocket. */
  readonly answer?: RequestListener;
}

export async function startAppServer({ log, tell, sockets, answer }: Parts): Promise<AppServer> {
  const http = createServer(answer);
  http.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  const port = await listen(http);
  return {
    host: `127.0.0.1:${port}`,
    log,
    tell,
    async end() {
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** A server of WebSockets whose connections have a number. */
export function numberedSockets(
  accept: (ws: WebSocket, number: number, request: IncomingMessage) => void,
  options: { handleProtocols?: () => string | false } = {},
): WebSocketServer {
  let last = 0;
  const sockets = new WebSocketServer({ noServer: true, ...options });
  sockets.on('connection', (ws, request) => {
    last += 1;
    ws.on('error', () => {});
    accept(ws, last, request);
  });
  return sockets;
}
