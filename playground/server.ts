/** The chat server by itself: `node playground/server.ts`. Within Vite, chat-server-plugin.ts mounts the same. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CHAT_PATH } from './chat-protocol.ts';
import { createChatServer, isChatRequest } from './chat-server.ts';

const { PORT = '8787' } = process.env;
const chat = createChatServer();
const server = createServer((_request, response) => {
  response
    .writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' })
    .end(`A WebSocket is at ${CHAT_PATH}.\n`);
});

server.on('upgrade', (request, socket, head) => {
  if (isChatRequest(request)) {
    chat.handleUpgrade(request, socket, head);
    return;
  }
  socket.on('error', () => {});
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
});

server.listen(Number(PORT), () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Chat server: ws://localhost:${port}${CHAT_PATH}`);
});

// Once: a second Ctrl+C ends the process without waiting.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    server.close();
    await chat.close();
    server.closeAllConnections();
  });
}
