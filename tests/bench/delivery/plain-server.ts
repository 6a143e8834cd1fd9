/** A server of plain WebSockets that answers heartbeats, and that can tell a page what it has missed. */
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { FaultProxy } from '../../support/server/fault-proxy.ts';
import { listen } from '../../support/server/listen.ts';
import { type DeliveryServer, IDLE } from './server.ts';

/** So many of the last numbers are kept for `?since=`. */
const KEPT = 1_000;

/** Restarting. */
const SERVICE_RESTART = 1012;

export async function startPlainServer(): Promise<DeliveryServer> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  /** The port that the proxy comes from: how it knows a connection. */
  const ports = new Map<WebSocket, number>();
  const received: number[] = [];
  let published = 0;

  sockets.on('connection', (ws, { socket, url }) => {
    const idle = setTimeout(() => ws.terminate(), IDLE);
    ports.set(ws, socket.remotePort as number);
    ws.on('error', () => {});
    ws.on('close', () => {
      ports.delete(ws);
      clearTimeout(idle);
    });
    ws.on('message', (data) => {
      const text = String(data);
      idle.refresh();
      if (text === 'HeartBeat') ws.send(text);
      else received.push(Number(text));
    });
    const since = new URL(url as string, 'ws://server/').searchParams.get('since');
    if (since === null) return;
    for (let n = Math.max(Number(since), published - KEPT) + 1; n <= published; n += 1) ws.send(`${n}`);
  });

  const port = await listen(http);
  const proxy = new FaultProxy(() => port);
  await proxy.start();
  return {
    proxy,
    url: `ws://127.0.0.1:${proxy.port}/`,
    received,
    isReached: () => [...ports].some(([ws, from]) => ws.readyState === WebSocket.OPEN && proxy.carries(from)),
    publish(n) {
      published = n;
      for (const ws of sockets.clients) if (ws.readyState === WebSocket.OPEN) ws.send(`${n}`);
    },
    closeAll() {
      for (const ws of sockets.clients) ws.close(SERVICE_RESTART, 'restart');
    },
    async end() {
      await proxy.stop();
      for (const ws of sockets.clients) ws.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
