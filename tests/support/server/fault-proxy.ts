/** A TCP proxy that can do to a connection what networks do. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { listen } from './listen.ts';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

export class FaultProxy {
  readonly #target: () => number;
  readonly #links = new Set<Link>();
  /** Every socket of either side, those of connections that were cut too. */
  readonly #held = new Set<Socket>();
  #server: Server | undefined;
  port = 0;

  constructor(target: () => number) {
    this.#target = target;
  }

  async start(): Promise<void> {
    this.#server = createServer((client) => this.#link(client));
    this.port = await listen(this.#server, this.port);
  }

  #link(client: Socket): void {
    const server = createConnection(this.#target(), '127.0.0.1');
    const link = { client, server };
    this.#links.add(link);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#held.add(from);
      from.setNoDelay(true);
      from.on('error', () => {});
      from.on('data', (chunk) => this.#links.has(link) && to.write(chunk));
      from.on('close', () => {
        this.#held.delete(from);
        if (this.#links.delete(link)) to.destroy();
      });
    }
  }

  /** From now on nothing passes on the connections there are, and both sides are held open. New ones pass. */
  cut(): void {
    this.#links.clear();
  }

  /** As `cut`, but the server is told: it sees its side close, the client sees nothing. */
  cutClientSide(): void {
    const links = [...this.#links];
    this.#links.clear();
    for (const { server } of links) server.destroy();
  }

  /** The port closes, and with it every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#held) socket.destroy();
    this.#links.clear();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }
}
