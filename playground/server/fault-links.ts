/** TCP connections that pass through here on their way to a server, and what networks do to them. */
import { createConnection, type Socket } from 'node:net';
import { MAX_UNDER_WAY } from './bounds.ts';
import { watchForClose } from './close-frame.ts';
import { createLane, type Lane } from './lane.ts';

/** ms after which a socket that says nothing is asked by TCP whether its machine is still there. */
const KEEP_ALIVE = 30_000;

/** Bytes that a chunk under way takes up beside its own, however small it is. */
const CHUNK_COST = 512;

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly lanes: Lane[];
  /** Called when the link carries nothing any more: both ends may send, and all of it is dropped. */
  readonly letGo: (() => void)[];
  /** The client has sent its close frame, or ended TCP. */
  isEnded: boolean;
}

export class FaultLinks {
  readonly #target: () => number;
  readonly #emptied: () => void;
  readonly #links = new Set<Link>();
  /** Every socket of either side, those of connections that were cut too. */
  readonly #held = new Set<Socket>();
  /** Those that came while the network was mute. */
  readonly #unanswered = new Set<Socket>();
  #lag = (): number => 0;
  #bytesPerSecond = Infinity;
  /** A mute network: new connections are accepted, and then nothing passes on them, ever. */
  isMute = false;
  /** New connections are reset before anything passes. */
  isRefusing = false;

  /** `target` is the server's port, on this machine. `emptied` is called when the last connection has ended. */
  constructor(target: () => number, emptied: () => void = () => {}) {
    this.#target = target;
    this.#emptied = emptied;
  }

  /** No connection is held, neither one that passes nor one that was cut. */
  get isIdle(): boolean {
    return !this.#held.size;
  }

  /** How many connections are held, those that were cut too. One that only one end still holds is half a connection. */
  get size(): number {
    return this.#held.size / 2;
  }

  /** Takes a client's connection to the server. `first`: what was read from it already. */
  take(client: Socket, first?: Buffer): void {
    this.#hold(client);
    // An http server's sockets stay half open when the client has ended, and would never close.
    client.allowHalfOpen = false;
    if (this.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    if (this.isMute) {
      this.#unanswered.add(client);
      client.resume();
      return;
    }
    const server = createConnection(this.#target(), '127.0.0.1');
    this.#hold(server);
    const link: Link = { client, server, lanes: [], letGo: [], isEnded: false };
    this.#links.add(link);
    this.#pipe(link, client, server, first);
    this.#pipe(link, server, client);
    const sawClose = watchForClose();
    const end = (): void => {
      link.isEnded = true;
    };
    if (first) sawClose(first);
    client.on('data', (chunk) => sawClose(chunk) && end());
    client.on('end', end);
    client.on('close', end);
  }

  #hold(socket: Socket): void {
    this.#held.add(socket);
    // A machine that loses its power closes no connection, and a server that sends it nothing never learns of that.
    socket.setKeepAlive(true, KEEP_ALIVE);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#held.delete(socket);
      this.#unanswered.delete(socket);
      if (!this.#held.size) this.#emptied();
    });
  }

  #pipe(link: Link, from: Socket, to: Socket, first?: Buffer): void {
    const lane = createLane(() => this.#lag());
    let underWay = 0;
    let slow = 0;
    // What a slow network or a slow reader has not taken yet stays with the sender.
    const regulate = (): void => {
      const isFull = this.#links.has(link) && underWay > MAX_UNDER_WAY;
      if (slow || isFull) from.pause();
      else if (from.isPaused()) from.resume();
    };
    const arrive = (size: number): void => {
      underWay -= size;
      regulate();
    };
    const pass = (chunk: Buffer): void => {
      if (!this.#links.has(link)) return;
      const ms = (chunk.length / this.#bytesPerSecond) * 1_000;
      const slows = ms ? 1 : 0;
      const size = chunk.length + CHUNK_COST;
      slow += slows;
      underWay += size;
      lane.put(() => {
        slow -= slows;
        // Called when the system has the chunk, or never will.
        if (this.#links.has(link)) to.write(chunk, () => arrive(size));
        else arrive(size);
        regulate();
      }, ms);
      regulate();
    };
    link.lanes.push(lane);
    link.letGo.push(regulate);
    from.setNoDelay(true);
    if (first) pass(first);
    from.on('data', pass);
    from.on('close', () => lane.put(() => this.#links.delete(link) && to.destroy()));
  }

  /**
   * Whether the connection that comes to the server from this port is one for both ends: it passes what is sent, and the
   * client has not ended it. (That may be known here before the server knows: where there is a delay.)
   */
  carries(port: number): boolean {
    for (const { server, isEnded } of this.#links) if (server.localPort === port) return !isEnded;
    return false;
  }

  /** From now on each chunk is late by what `lag` says (ms), in order. Without `lag` all that is under way arrives now. */
  delay(lag: () => number = () => 0): void {
    this.#lag = lag;
    if (!lag()) for (const { lanes } of this.#links) for (const lane of lanes) lane.flush();
  }

  /** From now on each direction of a connection takes so many bytes in a second. Without a number: as many as come. */
  throttle(bytesPerSecond = Infinity): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** From now on nothing passes on the connections there are, and both sides are held open. New ones pass. */
  cut(): void {
    for (const { letGo } of this.#takeLinks()) for (const go of letGo) go();
  }

  /** As `cut`, but of the newest connection alone, and the server is told: it sees its side close, the client nothing. */
  cutClientSide(): void {
    const newest = [...this.#links].at(-1);
    if (!newest) return;
    this.#links.delete(newest);
    for (const go of newest.letGo) go();
    newest.server.destroy();
  }

  /** The connections there are end for both sides: at the end of what was sent (FIN). */
  end(): void {
    for (const { client, server } of this.#takeLinks()) {
      client.destroy();
      server.destroy();
    }
  }

  /** The connections there are break for both sides (RST). */
  reset(): void {
    for (const { client, server } of this.#takeLinks()) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** The connections that came while the network was mute break. */
  resetUnanswered(): void {
    for (const client of this.#unanswered) client.resetAndDestroy();
  }

  /** Every connection ends, those that were cut or never answered too. */
  destroy(): void {
    for (const socket of this.#held) socket.destroy();
    this.#links.clear();
  }

  #takeLinks(): Link[] {
    const links = [...this.#links];
    this.#links.clear();
    return links;
  }
}
