/** A real `ws` server behind a fault proxy, that counts what each client has open. `give 1000` is answered with a message of 1,000 bytes. */
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { FaultProxy } from './fault-proxy.ts';
import { listen } from './listen.ts';

/** How the server meets a client. `echo`: each message goes back as it came. A number: it accepts and closes at once, with this code. */
export type Manner = 'well' | 'echo' | 'mute' | 'no-upgrade' | number;

export interface Count {
  /** Connections open now. */
  readonly live: number;
  /** The most that were ever open at once, for longer than a moment. */
  readonly most: number;
  /** Connections accepted. */
  readonly total: number;
  /** TCP connections that asked for an upgrade. */
  readonly asked: number;
}

/** Ten turns of the event loop, 10 ms apart. One long turn, on a machine that is busy, is no more than a short one. */
const GRACE = { turns: 10, ms: 10 };

function afterGrace(run: () => void, turns = GRACE.turns): void {
  setTimeout(() => (turns > 1 ? afterGrace(run, turns - 1) : run()), GRACE.ms);
}

const NONE: Count = { live: 0, most: 0, total: 0, asked: 0 };

export class TestServer {
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #counts = new Map<string, Count>();
  readonly #clientOf = new Map<WebSocket, string>();
  readonly #proxy = new FaultProxy(() => this.#port);
  readonly #portOf = new WeakMap<WebSocket, number>();
  readonly #held = new Set<Duplex>();
  readonly received: string[] = [];
  #port = 0;
  manner: Manner = 'well';

  get url(): string {
    return `ws://127.0.0.1:${this.#proxy.port}/`;
  }

  /** The url of the server itself: the proxy takes what it is sent, whether or not the server reads. */
  get directUrl(): string {
    return `ws://127.0.0.1:${this.#port}/`;
  }

  async start(): Promise<void> {
    this.#http.on('upgrade', (request, socket, head) => {
      this.#held.add(socket);
      socket.on('error', () => {});
      const client = new URL(request.url ?? '/', 'http://server').searchParams.get('client') ?? '';
      this.#set(client, { asked: this.count(client).asked + 1 });
      if (this.manner === 'no-upgrade') return;
      this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#accept(ws, client, request.socket.remotePort));
    });
    this.#port = await listen(this.#http);
    await this.#proxy.start();
  }

  #set(client: string, change: Partial<Count>): void {
    this.#counts.set(client, { ...this.count(client), ...change });
  }

  #accept(ws: WebSocket, client: string, port = 0): void {
    this.#clientOf.set(ws, client);
    this.#portOf.set(ws, port);
    const { most, total } = this.count(client);
    const together = this.#live(client);
    this.#set(client, { most: Math.max(most, 1), total: total + 1 });
    // The end of one connection and the start of the next come by different TCP connections, in any order: those that are
    // still together a moment later are two, and not the end of the first on its way.
    afterGrace(() => {
      const still = this.#live(client).filter((one) => together.includes(one));
      this.#set(client, { most: Math.max(this.count(client).most, still.length) });
    });
    ws.on('error', () => {});
    ws.on('close', () => this.#clientOf.delete(ws));
    ws.on('message', (data, isBinary) => {
      const text = String(data);
      if (this.manner === 'echo') ws.send(data, { binary: isBinary });
      if (text !== 'HeartBeat') this.received.push(text);
      else if (this.manner === 'well') ws.send(text);
      const [, size] = /^give (\d+)$/.exec(text) ?? [];
      if (size) ws.send('x'.repeat(Number(size)));
    });
    if (typeof this.manner === 'number') ws.close(this.manner, 'as told');
  }

  #live(client: string): WebSocket[] {
    // A connection whose client has ended it is over, also where the server has yet to read so.
    const isOpen = (ws: WebSocket): boolean =>
      ws.readyState === WebSocket.OPEN && this.#proxy.carries(this.#portOf.get(ws) ?? 0);
    return [...this.#clientOf].filter(([ws, owner]) => owner === client && isOpen(ws)).map(([ws]) => ws);
  }

  count(client: string): Count {
    return { ...NONE, ...this.#counts.get(client), live: this.#live(client).length };
  }

  broadcast(...messages: string[]): void {
    for (const ws of this.#clientOf.keys()) for (const message of messages) ws.send(message);
  }

  /** From now on each direction of a connection takes so many bytes in a second. */
  throttle(bytesPerSecond?: number): void {
    this.#proxy.throttle(bytesPerSecond);
  }

  /** Stops reading from the connections there are. */
  pause(): void {
    for (const ws of this.#clientOf.keys()) ws.pause();
  }

  resume(): void {
    for (const ws of this.#clientOf.keys()) ws.resume();
  }

  /** Sends each connection a close frame, reads nothing any more, and never ends TCP. */
  closeWithoutEnd(code: number): void {
    this.pause();
    for (const socket of this.#held) socket.write(Uint8Array.of(0x88, 2, code >> 8, code & 0xff));
  }

  cut(): void {
    this.#proxy.cut();
  }

  cutClientSide(): void {
    this.#proxy.cutClientSide();
  }

  /** The port closes for a while. */
  async stop(): Promise<void> {
    await this.#proxy.stop();
  }

  async restart(): Promise<void> {
    await this.#proxy.start();
  }

  async end(): Promise<void> {
    await this.#proxy.stop();
    for (const socket of this.#held) socket.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
