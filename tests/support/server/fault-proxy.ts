/** A TCP proxy with a port of its own that can do to a connection what networks do. */
import { createServer, type Server } from 'node:net';
import { FaultLinks } from '../../../playground/server/fault-links.ts';
import { listen } from './listen.ts';

export class FaultProxy extends FaultLinks {
  #server: Server | undefined;
  port = 0;

  async start(): Promise<void> {
    this.#server = createServer((client) => this.take(client));
    this.port = await listen(this.#server, this.port);
  }

  /** The port closes, and with it every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.destroy();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }
}
