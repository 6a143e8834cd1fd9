/** A server of the package `ws`, and pages that each reach it by a network of their own. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { FaultProxy } from '../../support/server/fault-proxy.ts';
import { listen } from '../../support/server/listen.ts';

export interface Network {
  /** Of the server, as this page sees it. */
  readonly url: string;
  /** How many connections the server has from this page. One that was cut is none. */
  live(): number;
  /** From now on nothing passes on the connections there are, and neither side is told. New ones pass. */
  cut(): void;
  /** The connections there are end, those that were cut too. */
  end(): void;
}

export class Site {
  readonly #http: Server;
  readonly #ports = new Map<WebSocket, number>();
  readonly #networks: FaultProxy[] = [];
  readonly sockets: WebSocketServer;
  #port = 0;

  constructor(protocol?: string, answer?: RequestListener) {
    this.#http = createServer(answer);
    this.sockets = new WebSocketServer({ server: this.#http, ...(protocol && { handleProtocols: () => protocol }) });
    this.sockets.on('connection', (ws, { socket }) => {
      this.#ports.set(ws, socket.remotePort ?? 0);
      ws.on('close', () => this.#ports.delete(ws));
    });
  }

  async start(): Promise<void> {
    this.#port = await listen(this.#http);
  }

  /** The server itself, for what goes by HTTP. */
  get http(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async network(): Promise<Network> {
    const proxy = new FaultProxy(() => this.#port);
    this.#networks.push(proxy);
    await proxy.start();
    return {
      url: `ws://127.0.0.1:${proxy.port}`,
      live: () => [...this.#ports.values()].filter((port) => proxy.carries(port)).length,
      cut: () => proxy.cut(),
      end: () => proxy.destroy(),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#networks.map((network) => network.stop()));
    for (const ws of this.#ports.keys()) ws.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
