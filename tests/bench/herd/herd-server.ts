/** A real server that goes away, comes back, and takes no more than so many handshakes a second. */
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { listen } from '../../support/server/listen.ts';

export class HerdServer {
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #held = new Set<Duplex>();
  #http: Server | undefined;
  #perSecond = Infinity;
  #room = 0;
  #roomAt = 0;
  port = 0;
  /** When each handshake was taken: ms since the epoch. */
  taken: number[] = [];

  /** The port opens. Of what is not taken in one second, nothing is taken in the next one on top. */
  async start(perSecond = Infinity): Promise<void> {
    this.#perSecond = perSecond;
    this.#room = 0;
    this.#roomAt = performance.now();
    this.taken = [];
    this.#http = createServer();
    this.#http.on('connection', (socket) => {
      this.#held.add(socket);
      socket.on('close', () => this.#held.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {});
      if (!this.#hasRoom()) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
        return;
      }
      this.taken.push(Date.now());
      this.#sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => {});
        ws.on('message', (data) => ws.send(String(data)));
      });
    });
    this.port = await listen(this.#http, this.port);
  }

  #hasRoom(): boolean {
    const now = performance.now();
    const grown = this.#room + ((now - this.#roomAt) * this.#perSecond) / 1_000;
    this.#room = Math.min(this.#perSecond, grown);
    this.#roomAt = now;
    if (this.#perSecond === Infinity) return true;
    if (this.#room < 1) return false;
    this.#room -= 1;
    return true;
  }

  /** The port closes, and with it every connection: with these words and 1012, or without a word. */
  async stop(words?: string): Promise<void> {
    const http = this.#http;
    this.#http = undefined;
    const closed = new Promise((resolve) => (http ? http.close(resolve) : resolve(undefined)));
    if (words === undefined) for (const socket of this.#held) socket.destroy();
    // A client that does not answer is cut off by ws after 30 s: no such client is in the herd.
    else for (const ws of this.#sockets.clients) ws.close(1012, words);
    await closed;
  }
}
