/** A server that reads in order, an app that sends, and a book of what became of each message. */
import { createAtLeastOnce } from '../../../src/core/at-least-once';
import type { MemorySocket } from '../../../src/testing/memory-socket';
import { type Engine, startEngine } from '../../support/engine';

const BEAT = 'HeartBeat';

export interface Given {
  readonly ackWithin: number;
  readonly interval: number;
  readonly liveness: 'traffic' | 'response';
  readonly limit: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
  /** `onConnected` sends a message. */
  readonly logsIn: boolean;
  /** The server says itself what it has read: how many messages, or the id of the last one. */
  readonly ack: 'none' | 'count' | 'id';
  /** Some messages are too big for the server: it closes the connection when it reads one. */
  readonly refuses: boolean;
}

const isTooBig = (id: string): boolean => id.startsWith('big');

const DEEDS = {
  send: (server) => server.give(true),
  'send unbuffered': (server) => server.give(false),
  beat: ({ engine }) => engine.connection.beat(),
  accept: ({ engine }) => engine.socket.readyState === 0 && engine.socket.accept(),
  answer: (server) => server.answer(1),
  'answer twice': (server) => server.answer(2),
  'leave unanswered': (server) => server.answer(0),
  'answer unasked': (server) => server.hasUnreadBeat || server.say(BEAT),
  news: (server) => server.say('news'),
  'read one': (server) => server.read(1),
  'read all': (server) => server.read(Infinity),
  /** The socket ends. What the server has not read is lost. */
  loss: ({ engine }) => engine.socket.readyState < 2 && engine.socket.end(1006),
  /** Nothing gets through any more, and nobody is told. */
  cut(server) {
    server.isCut = true;
  },
  networkchange: ({ engine }) => engine.ports.signal('networkchange'),
  wake: ({ engine }) => engine.ports.signal('resume'),
  /** The socket has more to send than the high water mark, or nothing. */
  fill(server) {
    server.engine.socket.bufferedAmount = 1_000;
  },
  empty(server) {
    server.engine.socket.bufferedAmount = 0;
  },
  close: ({ engine }) => engine.connection.close(1000),
  open: ({ engine }) => engine.connection.open(),
  url({ engine }) {
    engine.url = engine.url === 'ws://server/' ? 'ws://other/' : 'ws://server/';
    engine.connection.changeUrl();
  },
} satisfies Record<string, (server: ReadingServer) => unknown>;

export type Deed = keyof typeof DEEDS | { readonly wait: number } | { readonly drain: number };

export class ReadingServer {
  readonly engine: Engine;
  readonly faults: string[] = [];
  isCut = false;
  /** Messages in the order in which they first arrived, and whose number that is. */
  readonly #arrived: string[] = [];
  readonly #has = new Set<string>();
  /** Those whose end is open, by what they are. */
  readonly #open = new Map<string, 'buffered' | 'for one'>();
  readonly #ended = new Set<string>();
  /** Messages for the app's sake that were dropped. */
  readonly #dropped: string[] = [];
  readonly #given: Given;
  #count = 0;
  #socket: MemorySocket | undefined;
  /** How many of what the socket was handed the server has read, and how many of these are messages. */
  #read = 0;
  #readMessages = 0;
  #lastRead: string | undefined;

  constructor(given: Given) {
    this.#given = given;
    const { ackWithin, interval, liveness, limit, overflow, logsIn } = given;
    this.engine = startEngine({
      delivery: createAtLeastOnce({ ackWithin, ack: this.#ackOf(), id: this.#idOf(), storage: undefined }),
      autoReconnect: { delay: 500 },
      heartbeat: { interval, liveness },
      buffer: { limit, overflow, highWaterMark: 500 },
      listener: {
        onConnected: () => logsIn && this.give(true, 'login'),
        onDelivered: (data) => this.#delivered(`${data}`),
        onDropped: (data, reason) => this.#lost(`${data}`, reason),
        onError: () => {},
      },
    });
  }

  get pending(): number {
    return this.engine.view.pending;
  }

  get hasUnreadBeat(): boolean {
    const { sent } = this.#current();
    return sent.slice(this.#read).includes(BEAT);
  }

  get #isLive(): boolean {
    return !this.isCut && this.#current().readyState === 1;
  }

  play(deed: Deed): void {
    if (typeof deed === 'string') DEEDS[deed](this);
    else if ('wait' in deed) this.engine.ports.clock.advance(deed.wait);
    else this.engine.connection.drain(deed.drain);
    this.#check();
  }

  /** From now on the link works, and the server answers everything. */
  recovers(): void {
    const { engine } = this;
    for (let tenth = 0; tenth < 3_000 && (this.pending || engine.view.phase === 'suspect'); tenth += 1) {
      this.play('accept');
      if (this.isCut && engine.socket.readyState === 1) this.play({ wait: 1_000 });
      this.play('empty');
      while (this.#isLive && this.hasUnreadBeat) this.play('answer');
      this.play('read all');
      this.#acknowledge(1);
      this.play({ wait: 100 });
    }
    if (this.pending) this.fault(`${this.pending} messages are still pending`);
  }

  /** What the app wants to arrive and the server does not have. */
  missing(): string[] {
    return [...this.#dropped, ...this.#open.keys()].filter((id) => !isTooBig(id));
  }

  fault(what: string): void {
    this.faults.push(what);
  }

  give(useBuffer: boolean, given?: string): void {
    this.#count += 1;
    const name = given ?? (this.#given.refuses && this.#count % 7 === 3 ? 'big' : 'm');
    const id = `${name} ${this.#count}`;
    const isForOne = !useBuffer || name === 'login';
    this.#open.set(id, isForOne ? 'for one' : 'buffered');
    const { phase } = this.engine.view;
    const isTaken = this.engine.connection.send(id, useBuffer);
    // A message that is not to be buffered, and that no socket has taken, stays with the app.
    if (!isTaken && !useBuffer) this.#open.delete(id);
    if (isTaken && phase !== 'open' && phase !== 'suspect') this.fault(`${id} was sent while ${phase}`);
  }

  say(data: unknown): void {
    const socket = this.#current();
    if (!this.isCut) socket.say(data);
  }

  /** Reads so many more of what the socket was handed. */
  read(most: number): void {
    const socket = this.#current();
    if (!this.#isLive) return;
    for (const data of socket.sent.slice(this.#read, this.#read + most)) {
      this.#read += 1;
      if (isTooBig(`${data}`)) {
        socket.end(1009);
        return;
      }
      if (data !== BEAT) this.#arrive(`${data}`);
    }
  }

  /** Reads up to the next heartbeat, and answers it so many times. A server of its own mind says then what it has read. */
  answer(times: number): void {
    const { sent } = this.#current();
    const at = sent.indexOf(BEAT, this.#read);
    if (this.#given.ack !== 'none') this.read(1);
    this.#acknowledge(times);
    if (at < 0) return;
    this.read(at + 1 - this.#read);
    for (let time = 0; time < times; time += 1) this.say(BEAT);
  }

  #acknowledge(times: number): void {
    const said = { none: undefined, count: this.#readMessages, id: this.#lastRead }[this.#given.ack];
    if (said !== undefined) for (let time = 0; time < times; time += 1) this.say(`ack ${said}`);
  }

  #ackOf(): ((message: unknown) => unknown) | undefined {
    const { ack } = this.#given;
    if (ack === 'none') return undefined;
    return (message) => {
      const [, said] = /^ack (.+)$/.exec(`${message}`) ?? [];
      return said !== undefined && ack === 'count' ? Number(said) : said;
    };
  }

  #idOf(): ((value: unknown) => unknown) | undefined {
    return this.#given.ack === 'id' ? (value) => value : undefined;
  }

  /** The newest socket. Its server begins to read. */
  #current(): MemorySocket {
    const { socket } = this.engine;
    if (socket !== this.#socket) {
      this.#socket = socket;
      this.#read = 0;
      this.#readMessages = 0;
      this.#lastRead = undefined;
      this.isCut = false;
    }
    return socket;
  }

  #arrive(id: string): void {
    this.#readMessages += 1;
    this.#lastRead = id;
    if (this.#has.has(id)) return;
    this.#has.add(id);
    const number = (one = ''): number => Number(one.split(' ')[1]);
    if (!id.startsWith('login')) {
      if (number(id) < number(this.#arrived.at(-1))) this.fault(`${id} arrives after ${this.#arrived.at(-1)}`);
      this.#arrived.push(id);
    }
  }

  #end(id: string): void {
    if (this.#ended.has(id)) this.fault(`${id} ends twice`);
    else if (!this.#open.has(id)) this.fault(`${id} ends, which nobody gave`);
    this.#ended.add(id);
    this.#open.delete(id);
  }

  #delivered(id: string): void {
    if (!this.#has.has(id)) this.fault(`${id} is delivered, and the server has not read it`);
    this.#end(id);
  }

  #lost(id: string, reason: string): void {
    if (reason === 'refused' && !isTooBig(id)) this.fault(`${id} is said to be refused`);
    if (this.#open.get(id) === 'buffered') this.#dropped.push(id);
    this.#end(id);
  }

  #check(): void {
    this.#current();
    if (this.pending !== this.#open.size) this.fault(`pending is ${this.pending}, and ${this.#open.size} are open`);
  }
}
