/** What `beforeConnect` and `handshake` may give back: promises that break their promise, and nonsense. */
import { describe, expect, test, vi } from 'vitest';
import { ref } from 'vue';
import { useFakeSockets } from '../support/use-fake-sockets';
import { type Anything, attacked, endsWithTheTest, MODES } from './support/connections';

const fake = useFakeSockets();
endsWithTheTest();

type Then = (done: (value?: unknown) => void, failed: (reason: unknown) => void) => unknown;

const thenable = (then: Then): unknown => ({ then });

const boom = (): never => {
  throw new Error('boom');
};

/** What comes of it: one socket that opens, an attempt that fails with an error, or an attempt that takes too long. */
type Outcome = 'opens' | 'never' | RegExp;

/** Thenables that give `given`, with what comes of them. */
const thenables = (given: unknown): [name: string, value: () => unknown, outcome: Outcome][] => [
  ['resolves twice', () => thenable((done) => [done(given), done({ url: 'ws://other/' })]), 'opens'],
  [
    'resolves twice, later',
    () => thenable((done) => setTimeout(() => [done(given), done({ url: 'ws://other/' })])),
    'opens',
  ],
  ['resolves, then rejects', () => thenable((done, failed) => [done(given), failed(new Error('late'))]), 'opens'],
  ['rejects, then resolves', () => thenable((done, failed) => [failed(new Error('first')), done(given)]), /first/],
  ['rejects twice', () => thenable((_, failed) => [failed(new Error('first')), failed(new Error('late'))]), /first/],
  ['throws after resolving', () => thenable((done) => [done(given), boom()]), 'opens'],
  ['throws before resolving', () => thenable((done) => [setTimeout(done, 1), boom()]), /boom/],
  ['resolves with a promise', () => thenable((done) => done(Promise.resolve(given))), /received Promise/],
  ['resolves with a thenable', () => thenable((done) => done(thenable(boom))), /received Object/],
  [
    'resolves with itself',
    () => {
      const own: unknown = thenable((done) => done(own));
      return own;
    },
    /received Object/,
  ],
  ['never settles', () => thenable(() => {}), 'never'],
  ['rejects with nothing', () => thenable((_, failed) => failed(undefined)), /./],
  ['is a promise that is resolved with a thenable', () => Promise.resolve(thenable((done) => done(given))), 'opens'],
];

const nonsense: [name: string, value: () => unknown, outcome: Outcome][] = [
  ['a number', () => 5, /received Number/],
  ['false', () => false, /received Boolean/],
  ['a list', () => ['ws://other/'], /received Array/],
  ['a Response', () => new Response('ws://other/'), /received Response/],
  ['a function', () => () => 'ws://other/', /received (Async)?Function/],
  ['a Set', () => new Set(['ws://other/']), /received Set/],
  ['a symbol', () => Symbol('nonsense'), /received Symbol/],
];

const targets: [name: string, value: () => unknown, outcome: Outcome][] = [
  ['{ url: a promise }', () => ({ url: Promise.resolve('ws://other/') }), /received Promise/],
  ['{ url: 5 }', () => ({ url: 5 }), /received Number/],
  ['{ url: a symbol }', () => ({ url: Symbol('nonsense') }), /received Symbol/],
  ['{ url: a ref }', () => ({ url: ref('ws://other/') }), /received Object/],
  ['{ url: an object without prototype }', () => ({ url: Object.create(null) }), /received Object/],
  ['{ protocols: 5 }', () => ({ protocols: 5 }), /received Number/],
  ['{ protocols: a promise }', () => ({ protocols: Promise.resolve('chat') }), /received Promise/],
  ['{ protocols: a list with undefined }', () => ({ protocols: ['chat', undefined] }), /received Undefined/],
  [
    'an object with a getter that throws',
    () => ({
      get url() {
        return boom();
      },
    }),
    /boom/,
  ],
];

/** Plays an attempt, and looks at it until long after its end. */
async function play(mode: (typeof MODES)[number], name: string, value: () => unknown, outcome: Outcome): Promise<void> {
  const { socket, end } = attacked(mode, {
    WebSocket: fake.WebSocket,
    autoReconnect: { retries: 0 },
    connectTimeout: 1_000,
    [name]: value,
  });
  await vi.advanceTimersByTimeAsync(10);
  if (name === 'handshake') fake.newest.accept();
  await vi.advanceTimersByTimeAsync(10);
  expect(fake.live().length).toBeLessThanOrEqual(1);
  if (outcome === 'opens' && name !== 'handshake') fake.newest.accept();
  if (outcome === 'never') await vi.advanceTimersByTimeAsync(1_000);
  if (outcome === 'opens') expect([socket.phase.value, fake.sockets.length]).toEqual(['open', 1]);
  else {
    expect([socket.phase.value, fake.live().length]).toEqual(['failed', 0]);
    expect(socket.error.value?.message).toMatch(outcome === 'never' ? /connect-timeout/ : outcome);
  }
  for (const { url, protocols } of fake.sockets) {
    expect(`${url} ${JSON.stringify(protocols)}`).toBe('ws://server/ []');
  }
  end();
  await vi.advanceTimersByTimeAsync(100_000);
  expect([fake.live().length, vi.getTimerCount(), fake.sockets.length <= 1]).toEqual([0, 0, true]);
}

describe.each(MODES)('in %s a beforeConnect that gives', (mode) => {
  test.each(thenables(undefined))(
    'a promise that %s makes one socket at most, and none after the end',
    async (_, value, outcome) => play(mode, 'beforeConnect', value, outcome),
  );

  test.each([...nonsense, ...targets])(
    '%s dials nothing, and the error says what was received',
    async (_, value, outcome) => {
      await play(mode, 'beforeConnect', value, outcome);
      expect(fake.sockets).toEqual([]);
    },
  );

  test.each([...nonsense, ...targets])(
    'a promise of %s dials nothing, and the error says what was received',
    async (_, value, outcome) => {
      await play(mode, 'beforeConnect', async () => value(), outcome);
      expect(fake.sockets).toEqual([]);
    },
  );
});

describe.each(MODES)('in %s a handshake that gives', (mode) => {
  test.each(thenables(undefined).filter(([, , outcome]) => !`${outcome}`.includes('received')))(
    'a promise that %s has one socket, and none after the end',
    async (_, value, outcome) => play(mode, 'handshake', value, outcome),
  );

  test.each(nonsense)(
    '%s opens with the figures of the options, and the error says what was received',
    async (_, value, outcome) => {
      const { socket, errors } = attacked(mode, { WebSocket: fake.WebSocket, handshake: value });
      fake.newest.accept();
      await vi.advanceTimersByTimeAsync(0);
      expect(socket.phase.value).toBe('open');
      expect(errors).toEqual([expect.stringMatching(outcome as RegExp)]);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(fake.newest.sent).toEqual(['HeartBeat']);
    },
  );

  test.each([Number.NaN, -5, 0, '5', {}, null, Infinity, Promise.resolve(5)] as Anything[])(
    'figures of %s has a heartbeat all the same',
    async (figure) => {
      const { socket } = attacked(mode, {
        WebSocket: fake.WebSocket,
        handshake: () => ({ interval: figure, pongTimeout: figure }),
      });
      fake.newest.accept();
      await vi.advanceTimersByTimeAsync(10_000);
      expect([socket.phase.value, fake.newest.sent]).toEqual(['open', figure === Infinity ? [] : ['HeartBeat']]);
    },
  );
});
