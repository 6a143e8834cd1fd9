/** The playground's server by itself: `node playground/server.ts`. Within Vite, server-plugin.ts mounts the same. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPlaygroundServer } from './server/playground-server.ts';

const { PORT = '8787' } = process.env;
const playground = await createPlaygroundServer();
const server = createServer((_request, response) => {
  response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' }).end('WebSockets only.\n');
});

server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {});
  if (playground.isFor(request)) playground.handleUpgrade(request, socket, head);
  else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
});

server.listen(Number(PORT), () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Playground server: ws://localhost:${port}`);
});

// Once: a second Ctrl+C ends the process without waiting.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    server.close();
    await playground.close();
    server.closeAllConnections();
  });
}
