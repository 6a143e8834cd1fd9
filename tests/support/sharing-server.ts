/** A `ws` server for tabs that share a connection: it writes down each socket, which tab holds it, and what comes over it. */
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A message, or a question if it has the field `ask`: that one is answered. */
export interface Question {
  readonly from: string;
  readonly of: number;
  readonly ask?: number;
}

export type ToServer = { readonly from: string; readonly n: number } | Question;
export type FromServer = { readonly broadcast: number; readonly text?: string | undefined } | Question;

/** A socket, by the server's log. Times are ms of `performance.now()` of this process. */
export interface HeldSocket {
  readonly ws: WebSocket;
  /** The name of the tab that holds it. */
  readonly tab: string;
  /** What `beforeConnect` was told. */
  readonly number: number;
  readonly openedAt: number;
  closedAt: number;
  /** When each heartbeat, and each other message, was heard. */
  readonly beats: number[];
  readonly acts: number[];
}

export interface Arrival {
  readonly from: string;
  readonly n: number;
  readonly socket: HeldSocket;
}

export class SharingServer {
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  readonly sockets: HeldSocket[] = [];
  readonly arrivals: Arrival[] = [];
  #broadcasts = 0;

  static async start(): Promise<SharingServer> {
    const server = new SharingServer();
    await new Promise((resolve) => server.#server.once('listening', resolve));
    return server;
  }

  private constructor() {
    this.#server.on('connection', (ws, { url = '' }) => this.#accept(ws, new URL(url, 'ws://server').searchParams));
  }

  #accept(ws: WebSocket, asked: URLSearchParams): void {
    const socket: HeldSocket = {
      ws,
      tab: asked.get('tab') ?? '',
      number: Number(asked.get('number')),
      openedAt: performance.now(),
      closedAt: Number.POSITIVE_INFINITY,
      beats: [],
      acts: [],
    };
    this.sockets.push(socket);
    ws.on('error', () => {});
    ws.on('close', () => {
      socket.closedAt = performance.now();
    });
    ws.on('message', (data) => {
      const text = String(data);
      const isBeat = text === 'HeartBeat';
      socket[isBeat ? 'beats' : 'acts'].push(performance.now());
      if (isBeat) ws.send(text);
      else this.#hear(socket, text);
    });
  }

  #hear(socket: HeldSocket, text: string): void {
    const message: ToServer = JSON.parse(text);
    if ('n' in message) this.arrivals.push({ ...message, socket });
    else socket.ws.send(text);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  get live(): HeldSocket[] {
    return this.sockets.filter(({ closedAt }) => closedAt === Number.POSITIVE_INFINITY);
  }

  /** Numbers of the messages that came from one page, in their order. */
  numbersOf(life: string): number[] {
    return this.arrivals.filter(({ from }) => from === life).map(({ n }) => n);
  }

  /** Says so many messages to everybody, each with this text, and gives the number of the first one. They are numbered from 1. */
  broadcast(count: number, text?: string): number {
    const first = this.#broadcasts + 1;
    const { live } = this;
    for (let i = 0; i < count; i += 1) {
      this.#broadcasts += 1;
      const data = JSON.stringify({ broadcast: this.#broadcasts, text } satisfies FromServer);
      for (const { ws } of live) ws.send(data);
    }
    return first;
  }

  /** What each socket said after a newer one was open: how often, and for how long at most (ms, from the first word to the last). */
  get together(): { words: number; longest: number } {
    const late = this.sockets.map(({ beats, acts }, i) => {
      const next = this.sockets[i + 1];
      return [...beats, ...acts].filter((at) => next && at > next.openedAt);
    });
    const spans = late.map((times) => (times.length ? Math.max(...times) - Math.min(...times) : 0));
    return { words: late.flat().length, longest: Math.round(Math.max(0, ...spans)) };
  }

  async end(): Promise<void> {
    for (const ws of this.#server.clients) ws.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
