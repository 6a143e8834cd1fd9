// @vitest-environment jsdom
/** No secret in what an app and its developer see: the console, the app's error handler, the devtools, and what development throws. */
import { formatWithOptions } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp, h } from 'vue';
import { type UseHeartbeatSocketOptions, useHeartbeatSocket } from '../../src';
import { fakeWebSocket } from '../support/fake-web-socket';
import { useRecordingDevtools } from '../support/recording-devtools';
import { describeError } from '../support/secrets/attack';
import { canaries, findLeaks } from '../support/secrets/canary';
import { thrown } from '../support/secrets/thrown';
import { urls } from '../support/secrets/urls';

const devtools = useRecordingDevtools();
const seed = 1;

/** All that was seen. */
let seen: string[] = [];

/** As Node prints it. The names of files in a stack are no secrets. */
const print = (...args: unknown[]): void => {
  seen.push(formatWithOptions({ depth: Infinity, showHidden: true }, ...args).replaceAll(/\n\s+at .*/g, ''));
};

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(print);
  vi.spyOn(console, 'error').mockImplementation(print);
});

afterEach(() => vi.unstubAllEnvs());

interface Given extends UseHeartbeatSocketOptions {
  url?: unknown;
  refusal?: unknown;
  message?: string;
}

/** Mounts an app with one connection, lets it fail or open, and ends it. */
async function show({ url = 'wss://host/live', refusal, message, ...options }: Given): Promise<void> {
  const fake = fakeWebSocket();
  const WebSocket = refusal
    ? (class {
        constructor() {
          throw refusal;
        }
      } as never)
    : fake.WebSocket;
  const app = createApp({
    setup() {
      const { error } = useHeartbeatSocket(url as string, { WebSocket, ...options });
      return () => h('p', `${error.value?.message}`);
    },
  });
  const root = document.createElement('div');
  app.mount(root);
  const panel = devtools.panels.at(-1);
  panel?.open();
  for (let turn = 0; turn < 6; turn += 1) await undefined;
  fake.sockets.at(-1)?.accept();
  if (message) fake.sockets.at(-1)?.say(message);
  seen.push(root.innerHTML);
  const nodes = panel?.tree() ?? [];
  seen.push(JSON.stringify([nodes, nodes.map(({ id }) => panel?.state(id)), panel?.events, panel?.plugin.settings]));
  app.unmount();
}

const WAYS: Record<string, (quote: string, value: unknown) => Given> = {
  'a url': (url) => ({ url }),
  'a url of beforeConnect': (url) => ({ beforeConnect: async () => url }),
  'a sub-protocol': (quote, refusal) => ({ protocols: ['bearer', quote], refusal }),
  'beforeConnect that rejects': (_, value) => ({ beforeConnect: () => Promise.reject(value) }),
  'beforeConnect that gives up': (_, value) => ({ beforeConnect: ({ giveUp }) => giveUp(value) }),
  'a handshake that rejects': (_, value) => ({ handshake: () => Promise.reject(value) }),
  'a constructor that throws': (_, refusal) => ({ refusal }),
  'a message that is no JSON': (message) => ({ serializer: 'json', message }),
  'a message that no serializer reads': (message, value) => ({
    message,
    serializer: {
      write: String,
      read() {
        throw value;
      },
    },
  }),
};

const trials = fc
  .tuple(canaries, urls, fc.boolean(), thrown, fc.constantFrom(...Object.keys(WAYS)))
  .map(([canary, url, isBare, value, way]) => {
    const quote = isBare && !/url/.test(way) ? canary : url.make(canary);
    return { canary, way, quote, value: value.make(quote), words: `${way}: ${quote} (${value.name})` };
  });

const expectNoLeak = (canary: string, words: string): void => {
  const text = seen.join('\n');
  expect(findLeaks(canary, text), `${words}\n${text}`).toEqual([]);
};

describe.each(['development', 'production'])('in %s', (mode) => {
  test('no secret is in the console, in the page or in the devtools', async () => {
    vi.stubEnv('NODE_ENV', mode);
    let most = 0;
    const property = fc.asyncProperty(trials, async ({ canary, way, quote, value, words }) => {
      seen = [];
      await show((WAYS[way] as (typeof WAYS)[string])(quote, value));
      most = Math.max(most, seen.length);
      expectNoLeak(canary, words);
    });
    await fc.assert(property, { numRuns: 600, seed });
    // Something was printed beside what the page and the devtools show.
    expect(most).toBeGreaterThan(2);
    expect(devtools.panels.length > 0).toBe(mode === 'development');
  });
});

const WRONG: Record<string, (quote: string) => [url: unknown, options: object]> = {
  'an option that is no function': (quote) => ['/live', { onMessage: quote }],
  'an option that is no number': (quote) => ['/live', { heartbeat: { interval: quote } }],
  'an option that is no known word': (quote) => ['/live', { serializer: quote }],
  'an option that is a symbol': (quote) => ['/live', { whenHidden: Symbol(quote) }],
  'an option that is a list': (quote) => ['/live', { heartbeat: [quote] }],
  'sub-protocols that are no texts': (quote) => ['/live', { protocols: { token: quote } }],
  'options that are a text': (quote) => ['/live', quote as never],
  'a url in a list': (quote) => [[quote], {}],
  'a url in an object': (quote) => [{ url: quote }, {}],
  'a url that is a symbol': (quote) => [Symbol(quote), {}],
};

test('no secret is in what development throws for a url or an option that makes no sense', () => {
  const property = fc.property(canaries, urls, fc.boolean(), fc.constantFrom(...Object.keys(WRONG)), (...given) => {
    const [canary, url, isBare, way] = given;
    const [wrong, options] = WRONG[way]?.(isBare ? canary : url.make(canary)) ?? [];
    seen = [];
    try {
      useHeartbeatSocket(wrong as string, options);
    } catch (error) {
      seen.push(describeError(error as never));
    }
    expect(seen.join()).toMatch(/option: /);
    expectNoLeak(canary, way);
  });
  fc.assert(property, { numRuns: 1_000, seed });
});
