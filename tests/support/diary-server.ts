/** A `ws` server that writes down when a connection starts, beats, and ends, and how. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export interface End {
  readonly at: number;
  readonly code: number;
  readonly reason: string;
}

export class DiaryServer {
  readonly #sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  /** When each connection was accepted, and each beat was heard: ms of `performance.now()`. */
  readonly starts: number[] = [];
  readonly beats: number[] = [];
  readonly ends: End[] = [];
  /** What each connection did, in order and without its beats: `1 open`, `1: a message`, `1 close 1000`. */
  readonly log: string[] = [];
  /** Answers no heartbeat. */
  isMute = false;

  static async start(): Promise<DiaryServer> {
    const server = new DiaryServer();
    await new Promise((resolve) => server.#sockets.once('listening', resolve));
    return server;
  }

  private constructor() {
    this.#sockets.on('connection', (ws) => {
      const number = this.starts.push(performance.now());
      this.log.push(`${number} open`);
      ws.on('message', (data) => {
        if (String(data) === 'HeartBeat') this.beats.push(performance.now());
        else this.log.push(`${number}: ${data}`);
        if (!this.isMute) ws.send(String(data));
      });
      ws.on('close', (code, reason) => {
        this.log.push(`${number} close ${code}`);
        this.ends.push({ at: performance.now(), code, reason: String(reason) });
      });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#sockets.address() as AddressInfo).port}/`;
  }

  async end(): Promise<void> {
    for (const ws of this.#sockets.clients) ws.terminate();
    await new Promise((resolve) => this.#sockets.close(resolve));
  }
}
