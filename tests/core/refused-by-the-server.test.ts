/** Delivery with proof where the server closes the connection for a message: which one is dropped, and what goes again. */
import { describe, expect, test } from 'vitest';
import { type AtLeastOnceSettings, createAtLeastOnce } from '../../src/core/at-least-once';
import type { MadeConnection } from '../../src/core/connection';
import { takeOut } from '../../src/core/outbox';
import type { MemorySocket } from '../../src/testing/memory-socket';
import { type Engine, type EngineOptions, startEngine } from '../support/engine';

/** The server takes no message that is longer. */
const LONGEST = 20;
const LONG = 'a message that is too long for the server';

const isLong = (data: unknown): boolean => `${data}`.length > LONGEST;

/** A server that reads in order, answers heartbeats, and closes the connection for a message that it does not take. */
class StrictServer {
  readonly engine: Engine;
  readonly arrived: string[] = [];
  readonly #refuses: (data: unknown) => boolean;
  readonly #code: number;
  readonly #says: (server: StrictServer) => unknown;
  #socket: MemorySocket | undefined;
  #read = 0;
  /** How many messages of the app it has read on this connection. */
  count = 0;

  constructor({
    code = 1009,
    refuses = isLong,
    says = () => {},
    proof,
    ...options
  }: EngineOptions & {
    code?: number;
    refuses?: (data: unknown) => boolean;
    /** What it says after each message. */
    says?: (server: StrictServer) => unknown;
    proof?: Partial<AtLeastOnceSettings>;
  } = {}) {
    this.#refuses = refuses;
    this.#code = code;
    this.#says = says;
    const settings = { ackWithin: 1_000, ack: undefined, id: undefined, storage: undefined, ...proof };
    this.engine = startEngine({
      delivery: createAtLeastOnce(settings),
      autoReconnect: { delay: 100 },
      heartbeat: { interval: 60_000 },
      ...options,
    });
    this.engine.socket.accept();
  }

  get connections(): number {
    return this.engine.ports.sockets.length;
  }

  get told(): string[] {
    return this.engine.log.filter((line) => /^(delivered|dropped|failed)/.test(line));
  }

  send(...messages: string[]): void {
    for (const message of messages) this.engine.connection.send(message);
  }

  /** Lets `ms` pass, and does all that the server does meanwhile. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 10) {
      this.work();
      this.engine.ports.clock.advance(10);
    }
    this.work();
  }

  work(): void {
    const { socket } = this.engine;
    if (socket !== this.#socket) {
      this.#socket = socket;
      this.#read = 0;
      this.count = 0;
    }
    if (socket.readyState === 0) socket.accept();
    while (socket.readyState === 1 && this.#read < socket.sent.length) {
      const data = socket.sent[this.#read];
      this.#read += 1;
      if (this.#refuses(data)) socket.end(this.#code);
      else if (data === 'HeartBeat') socket.say(data);
      else {
        this.arrived.push(`${data}`);
        this.count += 1;
        const said = this.#says(this);
        if (said !== undefined) socket.say(said);
      }
    }
  }
}

describe('a message that is too big for the server', () => {
  test('is dropped as refused, and does not cut one connection after another', () => {
    const server = new StrictServer();
    server.send(LONG);
    server.pass(60_000);
    expect(server.told).toEqual([`dropped:${LONG}:refused`]);
    expect(server.connections).toBe(2);
    expect(server.engine.view).toMatchObject({ phase: 'open', pending: 0 });
  });

  test('costs none of the messages around it: they arrive, in order', () => {
    const server = new StrictServer();
    server.send('a', 'b', LONG, 'c', 'd');
    server.pass(1_500);
    server.send('e');
    server.pass(60_000);
    expect(server.told.filter((line) => line.startsWith('dropped'))).toEqual([`dropped:${LONG}:refused`]);
    expect([...new Set(server.arrived)]).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(server.told.filter((line) => line.startsWith('delivered'))).toHaveLength(5);
    expect(server.connections).toBe(3);
  });

  test('is found among those of an app that goes on sending', () => {
    const server = new StrictServer();
    server.send('a', LONG);
    for (let count = 0; count < 100; count += 1) {
      server.send(`m${count}`);
      server.pass(100);
    }
    server.pass(60_000);
    expect(server.told.filter((line) => line.startsWith('dropped'))).toEqual([`dropped:${LONG}:refused`]);
    expect(new Set(server.arrived).size).toBe(101);
    expect(server.connections).toBeLessThan(5);
  });

  test('is found where there are several of them', () => {
    const server = new StrictServer();
    server.send('a', `${LONG} 1`, 'b', `${LONG} 2`, `${LONG} 3`, 'c');
    server.pass(120_000);
    const dropped = server.told.filter((line) => line.startsWith('dropped'));
    expect(dropped).toEqual([1, 2, 3].map((number) => `dropped:${LONG} ${number}:refused`));
    expect([...new Set(server.arrived)]).toEqual(['a', 'b', 'c']);
    expect(server.connections).toBeLessThan(7);
  });

  test('is not taken for the login that goes out before it, nor the login for it', () => {
    let server: StrictServer | undefined;
    const login = { onConnected: () => server?.engine.connection.send('login') };
    server = new StrictServer({ listener: login });
    server.send('a', LONG, 'b');
    server.pass(60_000);
    expect(server.told.filter((line) => line.includes('refused'))).toEqual([`dropped:${LONG}:refused`]);
    expect([...new Set(server.arrived)]).toEqual(['a', 'login', 'b']);
    expect(server.engine.view).toMatchObject({ phase: 'open', pending: 0 });
  });

  test('is not looked for where the login is the one that is too big: nothing else is dropped', () => {
    let server: StrictServer | undefined;
    const login = { onConnected: () => server?.engine.connection.send(`login ${LONG}`) };
    server = new StrictServer({ listener: login });
    server.engine.socket.end(1006);
    server.send('a', 'b');
    server.pass(10_000);
    expect(server.told.filter((line) => !line.startsWith('dropped:login'))).toEqual([]);
    expect(server.engine.view.pending).toBe(2);
  });

  test('is not taken for a question that the server has read and not answered yet', () => {
    const server = new StrictServer();
    server.send('a');
    server.pass(2_000);
    server.send(LONG, 'b');
    server.pass(30_000);
    expect(server.told).toEqual(['delivered:a', `dropped:${LONG}:refused`, 'delivered:b']);
  });

  test('is found though a message before it was too old to be kept', () => {
    const server = new StrictServer({
      buffer: { maxAge: 3_000 },
      heartbeat: { interval: 60_000, message: 'HeartBeat' },
    });
    server.send('a', LONG, 'b');
    server.pass(60_000);
    server.send('c');
    server.pass(10_000);
    expect(server.arrived).toContain('c');
    expect(server.engine.view).toMatchObject({ phase: 'open', pending: 0 });
  });

  test('is found once the link works again where it was lost for another reason meanwhile', () => {
    const server = new StrictServer();
    server.send('a', LONG, 'b');
    server.work();
    server.engine.ports.clock.advance(150);
    server.engine.socket.accept();
    server.engine.socket.end(1006);
    server.pass(60_000);
    expect(server.told).toEqual(['delivered:a', `dropped:${LONG}:refused`, 'delivered:b']);
  });

  test('is told to whoever waits for its delivery', () => {
    const server = new StrictServer();
    server.send(LONG);
    server.pass(1_000);
    expect(server.engine.view.pending).toBe(0);
  });
});

describe('where the server says itself what it has read', () => {
  const ack = (value: unknown): unknown => /^ack (.+)$/.exec(String(value))?.[1];

  test('a message that is too big is found by a server that counts, and says so rarely', () => {
    const server = new StrictServer({
      proof: { ack: (value) => ack(value) && Number(ack(value)) },
      says: ({ count }) => (count % 5 ? undefined : `ack ${count}`),
    });
    server.send('a', 'b', LONG, 'c', 'd', 'e', 'f');
    server.pass(120_000);
    expect(server.told.filter((line) => line.startsWith('dropped'))).toEqual([`dropped:${LONG}:refused`]);
    expect([...new Set(server.arrived)]).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  test('a message that is too big is found by ids, beside a login that has none', () => {
    let server: StrictServer | undefined;
    const login = { onConnected: () => server?.engine.connection.send('login') };
    server = new StrictServer({
      listener: login,
      proof: { ack, id: (value) => (value === 'login' ? undefined : value) },
      says: ({ arrived }) => (arrived.at(-1) === 'login' ? undefined : `ack ${arrived.at(-1)}`),
    });
    server.send('a', LONG, 'b');
    server.pass(120_000);
    expect(server.told.filter((line) => line.includes('refused'))).toEqual([`dropped:${LONG}:refused`]);
    expect([...new Set(server.arrived)]).toEqual(['a', 'login', 'b']);
  });
});

describe.each([1003, 1007])('a message for which the server closes with %i', (code) => {
  test('does not end each connection that open() asks for', () => {
    const server = new StrictServer({ code });
    server.send('a', LONG, 'b');
    server.pass(1_000);
    expect(server.engine.view.phase).toBe('failed');
    server.engine.connection.open();
    server.pass(5_000);
    expect(server.told.filter((line) => line.startsWith('dropped'))).toEqual([`dropped:${LONG}:refused`]);
    server.engine.connection.open();
    server.pass(5_000);
    expect(server.engine.view).toMatchObject({ phase: 'open', pending: 0 });
    expect([...new Set(server.arrived)]).toEqual(['a', 'b']);
  });

  test('holds back no other one for long that nobody wants any more', () => {
    const server = new StrictServer({ code, autoReconnect: { delay: 100, finalCodes: [] } });
    const { outbox } = (server.engine.connection as MadeConnection).engine;
    server.engine.connection.send('a');
    server.engine.connection.send('b');
    server.engine.socket.end(code);
    server.engine.connection.send('c');
    server.engine.ports.clock.advance(100);
    server.engine.socket.accept();
    expect(server.engine.socket.sent).toEqual(['a']);
    // As requests whose time is over.
    for (const message of ['a', 'b']) takeOut(outbox, message);
    server.pass(3_000);
    expect(server.told).toEqual(['delivered:c']);
  });

  test('is not dropped where the server may have meant a heartbeat', () => {
    const server = new StrictServer({ code, refuses: (data) => data === 'HeartBeat' });
    server.send('a');
    server.pass(3_000);
    expect(server.told).toEqual(['failed']);
    expect(server.engine.view.pending).toBe(1);
  });
});
