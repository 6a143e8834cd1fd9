/** What you send is what was there when you sent it: bytes as a real server gets them. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import { WebSocket as PackageWebSocket, type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { takeWarnings } from '../support/no-warnings';
import { type Anything, type Attacked, attacked, endsWithTheTest, MODES } from './support/connections';

endsWithTheTest();

let server: WebSocketServer;
let url: string;
/** What came to the server: texts as they are, bytes as lists. */
let heard: (string | number[])[] = [];
let answer: (socket: ServerSocket, data: Buffer, isBinary: boolean) => void = () => {};

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer, isBinary) => {
      heard.push(isBinary ? [...data] : `${data}`);
      answer(socket, data, isBinary);
    });
  });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});
beforeEach(() => {
  heard = [];
  answer = () => {};
});

const buffer = (...bytes: number[]): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Eight bytes, of which each view shows those at 2, 3, 4 and so on. */
const eight = (): ArrayBuffer => buffer(1, 2, 3, 4, 5, 6, 7, 8);

/** Waits until nothing of it fails any more. */
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 2 });

interface Sendable {
  readonly data: Anything;
  readonly bytes: number[];
  /** The memory that the app may change. */
  readonly memory: ArrayBuffer;
}

const view = (make: (memory: ArrayBuffer) => ArrayBufferView, bytes: number[]) => (): Sendable => {
  const memory = buffer(1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0);
  return { data: make(memory), bytes, memory };
};

const resizable = (): ArrayBuffer => {
  // Newer than the types.
  const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
  const memory = new Resizable(8, { maxByteLength: 16 });
  new Uint8Array(memory).set([1, 2, 3, 4, 5, 6, 7, 8]);
  return memory;
};

const SENDABLE: Record<string, () => Sendable> = {
  'an ArrayBuffer': () => {
    const memory = eight();
    return { data: memory, memory, bytes: [1, 2, 3, 4, 5, 6, 7, 8] };
  },
  'an empty ArrayBuffer': () => {
    const memory = buffer();
    return { data: memory, memory, bytes: [] };
  },
  'a Uint8Array': view((memory) => new Uint8Array(memory, 2, 3), [3, 4, 5]),
  'a Uint8ClampedArray': view((memory) => new Uint8ClampedArray(memory, 2, 3), [3, 4, 5]),
  'an Int8Array': view((memory) => new Int8Array(memory, 2, 3), [3, 4, 5]),
  'a Uint16Array': view((memory) => new Uint16Array(memory, 2, 2), [3, 4, 5, 6]),
  'an Int16Array': view((memory) => new Int16Array(memory, 2, 2), [3, 4, 5, 6]),
  'a Uint32Array': view((memory) => new Uint32Array(memory, 4, 1), [5, 6, 7, 8]),
  'an Int32Array': view((memory) => new Int32Array(memory, 4, 1), [5, 6, 7, 8]),
  'a Float32Array': view((memory) => new Float32Array(memory, 4, 1), [5, 6, 7, 8]),
  'a Float64Array': view((memory) => new Float64Array(memory, 8, 1), [0, 0, 0, 0, 0, 0, 0, 0]),
  'a BigInt64Array': view((memory) => new BigInt64Array(memory, 0, 1), [1, 2, 3, 4, 5, 6, 7, 8]),
  'a BigUint64Array': view((memory) => new BigUint64Array(memory, 0, 1), [1, 2, 3, 4, 5, 6, 7, 8]),
  'a DataView': view((memory) => new DataView(memory, 1, 4), [2, 3, 4, 5]),
  'a Buffer of Node': view((memory) => Buffer.from(memory, 3, 2), [4, 5]),
  'a view of a resizable buffer': () => {
    const memory = resizable();
    return { data: new Uint8Array(memory, 2, 3), memory, bytes: [3, 4, 5] };
  },
};

/** What the app may do to the memory once it has sent it. */
const CHANGES: Record<string, (memory: ArrayBuffer) => void> = {
  'is left alone': () => {},
  'is filled with something else': (memory) => void new Uint8Array(memory).fill(99),
  'is transferred away': (memory) => void structuredClone(memory, { transfer: [memory] }),
  shrinks: (memory: Anything) => memory.resizable && memory.resize(1),
};

const CLIENTS: Record<string, unknown> = { 'of Node': globalThis.WebSocket, "of the package 'ws'": PackageWebSocket };

const open = async (WebSocket: unknown, options: Record<string, unknown> = {}, mode = MODES[1]): Promise<Attacked> => {
  const made = attacked(mode as (typeof MODES)[number], { WebSocket, ...options }, url);
  await until(() => expect(made.socket.phase.value).toBe('open'));
  return made;
};

const combinations = Object.keys(SENDABLE).flatMap((name) =>
  Object.keys(CHANGES).map((change) => [name, change] as const),
);

describe.each(Object.entries(CLIENTS))('with the WebSocket %s', (client, WebSocket) => {
  // Node looks at a DataView once more after it has written it, and throws where nobody can catch that.
  const atOnce = combinations.filter(
    ([name, change]) => client !== 'of Node' || name !== 'a DataView' || change !== 'is transferred away',
  );

  test.each(atOnce)('%s that %s after send() arrives as it was, sent at once', async (name, change) => {
    const { socket } = await open(WebSocket);
    const { data, bytes, memory } = (SENDABLE[name] as () => Sendable)();
    expect(socket.send(data)).toBe(true);
    CHANGES[change]?.(memory);
    socket.send('end');
    await until(() => expect(heard).toEqual([bytes, 'end']));
  });

  test.each(combinations)(
    '%s that %s after send() arrives as it was, kept for the next connection',
    async (name, change) => {
      const { socket } = attacked('production', { WebSocket }, url);
      const { data, bytes, memory } = (SENDABLE[name] as () => Sendable)();
      expect(socket.send(data)).toBe(false);
      CHANGES[change]?.(memory);
      socket.send('end');
      await until(() => expect(heard).toEqual([bytes, 'end']));
    },
  );

  test.each(combinations)(
    '%s that %s after send() arrives as it was, sent while a command waits',
    async (name, change) => {
      const { data, bytes, memory } = (SENDABLE[name] as () => Sendable)();
      const made: Attacked = await open(WebSocket, {
        onMessage() {
          made.socket.open();
          made.socket.send(data);
          CHANGES[change]?.(memory);
        },
      });
      answer = (socket) => heard.length === 1 && socket.send('go on');
      made.socket.send('begin');
      await until(() => expect(heard).toEqual(['begin', bytes]));
    },
  );
});

describe.each(MODES)('in %s', (mode) => {
  const gone = (data: Anything): Anything => {
    structuredClone(data, { transfer: [data.buffer ?? data] });
    return data;
  };
  const REFUSED: Record<string, () => Anything> = {
    'a buffer that was transferred away': () => gone(eight()),
    'a view of a buffer that was transferred away': () => gone(new Uint8Array(eight(), 2, 3)),
    'a DataView of a buffer that was transferred away': () => gone(new DataView(eight(), 2, 3)),
    'shared memory': () => new SharedArrayBuffer(3),
    'a view of shared memory': () => new Uint8Array(new SharedArrayBuffer(3)),
    'a DataView of shared memory': () => new DataView(new SharedArrayBuffer(3)),
  };

  test.each(Object.keys(REFUSED))('%s is refused with a clear error, and nothing is sent or kept', async (name) => {
    const { socket, errors } = await open(globalThis.WebSocket, {}, mode);
    const data = REFUSED[name]?.();
    const sentence = /send: .*, received \w+/;
    if (mode === 'development') expect(() => socket.send(data)).toThrow(sentence);
    else {
      expect(socket.send(data)).toBe(false);
      expect(errors).toEqual([expect.stringMatching(sentence)]);
    }
    socket.send('end');
    await until(() => expect(heard).toEqual(['end']));
    expect(socket.pending.value).toBe(0);
  });

  test('a Blob and a text arrive as they are', async () => {
    const { socket } = await open(globalThis.WebSocket, {}, mode);
    socket.send(new Blob(['blob']));
    socket.send('text');
    await until(() => expect(heard).toEqual([[...Buffer.from('blob')], 'text']));
  });

  test('a buffer that is transferred away after send() leaves the messages of the server alone', async () => {
    const dropped = vi.fn();
    const { socket, errors } = await open(globalThis.WebSocket, { buffer: { onDropped: dropped } }, mode);
    // As if the browser had not sent it yet: that is when it is measured.
    Object.defineProperty(socket.ws.value, 'bufferedAmount', { value: 100 });
    const data = new Uint8Array(eight());
    socket.send(data);
    structuredClone(data, { transfer: [data.buffer] });
    answer = (peer) => peer.send('answer');
    socket.send('text');
    await until(() => expect(socket.data.value).toBe('answer'));
    await nextTick();
    expect([errors, takeWarnings(/./)]).toEqual([[], 0]);
  });

  test('a heartbeat whose bytes the app changes before the answer comes is answered', async () => {
    const message = new Uint8Array([1, 2, 3]);
    const { socket } = await open(
      globalThis.WebSocket,
      { heartbeat: { message, interval: 20, pongTimeout: 20_000, liveness: 'response' } },
      mode,
    );
    answer = (peer, data) => {
      message.fill((message[0] as number) + 1);
      peer.send(data, { binary: true });
    };
    await until(() => expect(socket.latency.value).toBeGreaterThanOrEqual(0));
    expect(socket.phase.value).toBe('open');
    expect(heard[0]).toEqual([1, 2, 3]);
  });
});
