/** Messages that make no sense: none of them reaches the wire, and an error says what was received. */
import { describe, expect, test, vi } from 'vitest';
import { computed, ref } from 'vue';
import { takeWarnings } from '../support/no-warnings';
import { useFakeSockets } from '../support/use-fake-sockets';
import { type Anything, type Attacked, attacked, endsWithTheTest, MODES } from './support/connections';

const fake = useFakeSockets();
endsWithTheTest();

const NONSENSE: [name: string, value: unknown][] = [
  ['an object', {}],
  ['a list', ['text']],
  ['undefined', undefined],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['a boolean', true],
  ['a function', () => 'text'],
  ['a symbol', Symbol('text')],
  ['a promise', Promise.resolve('text')],
  ['a ref', ref('text')],
  ['a computed', computed(() => 'text')],
  ['a Map', new Map()],
  ['a Date', new Date(0)],
  ['an Error', new Error('text')],
  ['an object without prototype', Object.create(null)],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    ),
  ],
  ['shared memory', new SharedArrayBuffer(3)],
  ['a view of shared memory', new Uint8Array(new SharedArrayBuffer(3))],
];

/** Makes an open connection. */
async function opened(mode: (typeof MODES)[number], options: Record<string, unknown>): Promise<Attacked> {
  const made = attacked(mode, { WebSocket: fake.WebSocket, ...options });
  fake.newest.accept();
  await vi.advanceTimersByTimeAsync(0);
  expect(made.socket.phase.value).toBe('open');
  return made;
}

const SAYS = /, received \w+$/;

describe('send() without a serializer', () => {
  test.each(NONSENSE)('throws at once for %s in development, whether open or not', async (_, value) => {
    const { socket } = await opened('development', {});
    const thrown = { name: 'HeartbeatSocketError', code: 'send', message: expect.stringMatching(SAYS) };
    expect(() => socket.send(value)).toThrow(expect.objectContaining(thrown));
    fake.newest.end();
    expect(() => socket.send(value)).toThrow(expect.objectContaining(thrown));
    expect([fake.newest.sent, socket.pending.value]).toEqual([[], 0]);
  });

  test.each(NONSENSE)(
    'answers false for %s in production, whether open or not, and keeps nothing',
    async (_, value) => {
      const { socket, errors } = await opened('production', {});
      expect(socket.send(value)).toBe(false);
      expect(socket.error.value).toMatchObject({ code: 'send', message: expect.stringMatching(SAYS) });
      fake.newest.end();
      expect(socket.send(value)).toBe(false);
      expect([fake.newest.sent, socket.pending.value, errors.length]).toEqual([[], 0, 2]);
    },
  );
});

describe.each(MODES)('in %s a serializer', (mode) => {
  test.each(NONSENSE)('whose write gives %s sends nothing, and the error says what it gave', async (_, value) => {
    const { socket, errors } = await opened(mode, { serializer: { read: String, write: () => value } });
    expect(socket.send('text')).toBe(false);
    fake.newest.end();
    expect(socket.send('text')).toBe(false);
    expect([fake.newest.sent, socket.pending.value]).toEqual([[], 0]);
    expect(errors).toEqual([expect.stringMatching(SAYS), expect.stringMatching(SAYS)]);
    expect(socket.error.value?.message).toMatch(SAYS);
  });

  test.each([
    ['undefined', undefined, 'Undefined'],
    ['a promise', Promise.resolve(5), 'Promise'],
    // biome-ignore lint/suspicious/noThenProperty: that is what is attacked
    ['a thenable', { then: () => {} }, 'Object'],
  ])('whose read gives %s leaves data alone, and the error says what it gave', async (_, value, kind) => {
    const { socket, errors } = await opened(mode, { serializer: { read: () => value, write: String } });
    fake.newest.say('text');
    expect([socket.phase.value, socket.data.value]).toEqual(['open', null]);
    expect(errors).toEqual([expect.stringContaining(`makes no sense, received ${kind}`)]);
    expect(socket.error.value).toMatchObject({ code: 'serializer' });
  });

  test.each([
    ['json', {}],
    ['json', []],
  ] as Anything[])('%s sends %s as text', async (serializer, value) => {
    const { socket } = await opened(mode, { serializer });
    expect(socket.send(value)).toBe(true);
    expect(fake.newest.sent).toEqual([JSON.stringify(value)]);
  });
});

describe.each(MODES)('in %s a heartbeat message', (mode) => {
  test.each(NONSENSE.filter(([name]) => name !== 'a function'))(
    'that a getter or a ref gives as %s never goes out, and the error says so',
    async (_, value) => {
      for (const message of [() => value, computed(() => value)].slice(0, mode === 'production' ? 2 : 1)) {
        const { socket, errors } = await opened(mode, { heartbeat: { message } });
        // Production tells of a ref that holds nonsense already.
        if (typeof message === 'object') takeWarnings(/option: message makes no sense/);
        await vi.advanceTimersByTimeAsync(10_000);
        expect([socket.phase.value, fake.newest.sent]).toEqual(['open', []]);
        expect(errors[0]).toMatch(SAYS);
      }
    },
  );

  test.each(NONSENSE.filter(([name]) => !/function|ref|computed/.test(name)))(
    'that is %s never goes out: development throws, production sends the default',
    async (_, value) => {
      const make = () => opened(mode, { heartbeat: { message: value } });
      if (mode === 'development' && value !== undefined)
        await expect(make).rejects.toThrow(/heartbeat.message must be/);
      else {
        await make();
        if (value !== undefined) takeWarnings(/option: message makes no sense, received \w+/);
        await vi.advanceTimersByTimeAsync(10_000);
        expect(fake.newest.sent).toEqual(['HeartBeat']);
      }
    },
  );
});

describe.each(MODES)('in %s a handshake', (mode) => {
  test.each(NONSENSE)('cannot send %s', async (_, value) => {
    const { socket } = attacked(mode, {
      WebSocket: fake.WebSocket,
      autoReconnect: { retries: 0 },
      handshake: ({ send }: Anything) => send(value),
    });
    fake.newest.accept();
    await vi.advanceTimersByTimeAsync(0);
    expect([socket.phase.value, fake.newest.sent]).toEqual(['failed', []]);
    expect(socket.error.value?.message).toMatch(SAYS);
  });
});
