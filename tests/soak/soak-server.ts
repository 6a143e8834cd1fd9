/** A real `ws` server behind the fault proxy. It numbers its connections, and what it sends on each. */
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { FaultProxy } from '../support/server/fault-proxy.ts';
import { listen } from '../support/server/listen.ts';
import type { Chance } from './chance.ts';

/** A connection as the server saw it. */
export interface ServerConnection {
  readonly c: number;
  readonly ws: WebSocket;
  /** The port that the proxy comes from: how it knows the connection. */
  readonly port: number;
  readonly acceptedAt: number;
  /** The page's number for it: the first thing that a page says. */
  i: number | undefined;
  sent: number;
  /** The page's messages by their numbers, in the order of arrival. */
  readonly received: number[];
  heardAt: number;
}

/** As servers do: who is silent for so long (ms) is gone. No page is frozen or delayed for longer. */
const IDLE = 6_000;

/** Who is silent for so long (ms) is told nothing more for now. */
const QUIET = 2_000;

/** Restarting. */
const SERVICE_RESTART = 1012;

export class SoakServer {
  readonly proxy = new FaultProxy(() => this.#port);
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ server: this.#http });
  readonly #chance: Chance;
  readonly connections: ServerConnection[] = [];
  /** What no client of this library would do. */
  readonly troubles: string[] = [];
  mostLive = 0;
  isHushed = false;
  #port = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.proxy.port}/`;
  }

  async start(): Promise<void> {
    this.#sockets.on('connection', (ws, { socket }) => this.#accept(ws, socket.remotePort as number));
    this.#port = await listen(this.#http);
    await this.proxy.start();
  }

  #accept(ws: WebSocket, port: number): void {
    const now = Date.now();
    const connection: ServerConnection = {
      c: this.connections.length,
      ws,
      port,
      acceptedAt: now,
      i: undefined,
      sent: 0,
      received: [],
      heardAt: now,
    };
    this.connections.push(connection);
    this.mostLive = Math.max(this.mostLive, this.live().length);
    ws.on('error', () => {});
    ws.on('message', (data) => this.#hear(connection, String(data)));
    this.#talk(connection);
  }

  #hear(connection: ServerConnection, text: string): void {
    connection.heardAt = Date.now();
    if (text === 'HeartBeat') {
      connection.ws.send(text);
      return;
    }
    const { hi, n } = JSON.parse(text);
    if (hi !== undefined) connection.i = hi;
    else if (connection.i === undefined) this.troubles.push(`message ${n} came before what onConnected sent`);
    if (n !== undefined) connection.received.push(n);
  }

  /** Bursts with pauses between, some long enough for the page to ask whether anybody is there. */
  #talk(connection: ServerConnection): void {
    const { c, ws } = connection;
    if (ws.readyState !== WebSocket.OPEN) return;
    const idle = Date.now() - connection.heardAt;
    if (idle > IDLE) {
      ws.terminate();
      return;
    }
    for (let k = this.isHushed || idle > QUIET ? 0 : this.#chance.between(1, 6); k > 0; k -= 1) {
      ws.send(JSON.stringify({ c, s: connection.sent, text: 'my HeartBeat is slow' }));
      connection.sent += 1;
    }
    setTimeout(() => this.#talk(connection), this.#chance.between(0, 1_500)).unref();
  }

  /** Connections that both ends could use now: open here, not cut, and not ended by the page. */
  live(): ServerConnection[] {
    return this.connections.filter(({ ws, port }) => ws.readyState === WebSocket.OPEN && this.proxy.carries(port));
  }

  /** Tells everybody that it restarts, and closes the port. `proxy.start()` opens it again. */
  async goDown(): Promise<void> {
    for (const { ws } of this.live()) ws.close(SERVICE_RESTART, 'restart');
    // The close frames are to arrive before the port closes.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await this.proxy.stop();
  }

  async end(): Promise<void> {
    await this.proxy.stop();
    for (const ws of this.#sockets.clients) ws.terminate();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
