/** A server that says back what it hears, behind a network with faults. */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { FaultProxy } from '../support/server/fault-proxy.ts';
import { listen } from '../support/server/listen.ts';

/** ms. */
export interface Beat {
  readonly interval: number;
  readonly pongTimeout: number;
}

/**
 * The least of Socket.IO's protocol (Engine.IO 4, Socket.IO 5) that its client needs to be connected: there the server
 * beats, and tells the client how often.
 */
function speakSocketIo(ws: WebSocket, { interval, pongTimeout }: Beat): void {
  const handshake = { sid: 'one', upgrades: [], pingInterval: interval, pingTimeout: pongTimeout, maxPayload: 1e6 };
  ws.send(`0${JSON.stringify(handshake)}`);
  const beats = setInterval(() => ws.send('2'), interval);
  ws.on('close', () => clearInterval(beats));
  ws.on('message', (data) => {
    const packet = String(data);
    if (packet === '40') ws.send('40{"sid":"two"}');
    else if (packet.startsWith('42')) ws.send(packet);
  });
}

export class EchoServer {
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ server: this.#http });
  #port = 0;
  readonly proxy = new FaultProxy(() => this.#port);

  static async start(beat: Beat): Promise<EchoServer> {
    const server = new EchoServer();
    server.#sockets.on('connection', (ws, { url = '' }) => {
      ws.on('error', () => {});
      if (url.startsWith('/socket.io/')) speakSocketIo(ws, beat);
      else ws.on('message', (data) => ws.send(String(data)));
    });
    server.#port = await listen(server.#http);
    await server.proxy.start();
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.proxy.port}/`;
  }

  async end(): Promise<void> {
    await this.proxy.stop();
    for (const ws of this.#sockets.clients) ws.terminate();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
