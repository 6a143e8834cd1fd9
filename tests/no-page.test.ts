/** Runtimes that have no window: Node itself, and runtimes in which a class of the DOM is missing. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type App, createApp, createRenderer, createSSRApp, effectScope } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { WebSocket as PackageWebSocket, WebSocketServer } from 'ws';
import { createHeartbeatSocket, defineHeartbeatSocket, useHeartbeatSocket } from '../src';
import { eventually } from './support/eventually';
import { fakeWebSocket } from './support/fake-web-socket';
import { takeWarnings } from './support/no-warnings';

type Options = Parameters<typeof useHeartbeatSocket>[1];

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Calls the composable in a scope that ends with the test. */
function open(url: string, options?: Options): ReturnType<typeof useHeartbeatSocket> {
  const scope = effectScope();
  onTestFinished(() => scope.stop());
  return scope.run(() => useHeartbeatSocket(url, options)) as ReturnType<typeof useHeartbeatSocket>;
}

/** A server that says back what it hears. */
async function startEcho(): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (ws) => ws.on('message', (data) => ws.send(String(data))));
  await once(server, 'listening');
  onTestFinished(() => {
    for (const ws of server.clients) ws.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** An app that renders to nothing, as apps for terminals render to text. */
function createTextApp(): App<object> {
  const create = (): object => ({});
  const renderer = createRenderer<object, object>({
    parentNode: () => null,
    nextSibling: () => null,
    createElement: create,
    createText: create,
    createComment: create,
    insert() {},
    remove() {},
    patchProp() {},
    setText() {},
    setElementText() {},
  });
  return renderer.createApp({ render: () => null });
}

describe('in Node', () => {
  test.each([
    ['of Node itself', globalThis.WebSocket],
    ['of the package ws', PackageWebSocket],
  ])('a given WebSocket %s is enough to connect', async (_, WebSocket) => {
    const disconnected = vi.fn();
    const { send, data, phase, close } = open(await startEcho(), { WebSocket, onDisconnected: disconnected });
    send('hello');
    await eventually(() => expect([phase.value, data.value]).toEqual(['open', 'hello']));
    close(4000, 'done');
    expect(disconnected.mock.calls[0]?.[1]).toMatchObject({
      type: 'close',
      code: 4000,
      reason: 'done',
      wasClean: true,
    });
  });

  test('a server that refuses the connection is a failed attempt, whose error event onError gets', async () => {
    // A server that knows no WebSocket.
    const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const onError = vi.fn();
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { phase, error } = open(url, { WebSocket: globalThis.WebSocket, onError });
    await eventually(() => expect(phase.value).toBe('waiting'));
    expect([error.value?.code, onError.mock.calls.length]).toEqual(['refused', 1]);
  });

  test('without a given WebSocket it says once what to hand in, and nothing connects', () => {
    vi.stubGlobal('WebSocket', vi.fn());
    expect(['ws://one/', 'ws://two/'].map((url) => open(url).phase.value)).toEqual(['idle', 'idle']);
    expect(WebSocket).not.toHaveBeenCalled();
    expect(takeWarnings(/^\[Vue warn\]: Nothing connects: there is no window here\. .* the option WebSocket/)).toBe(1);
  });

  test('an app that is mounted without a window connects with a given WebSocket', () => {
    const { WebSocket, sockets, live } = fakeWebSocket();
    const app = createTextApp().use(createHeartbeatSocket({ url: 'ws://app/', WebSocket }));
    expect(sockets).toHaveLength(0);
    app.mount({});
    expect(live()).toHaveLength(1);
    app.unmount();
    expect(live()).toHaveLength(0);
  });

  test('an app that is mounted without a window is told what to hand in, if it has a url', async () => {
    // The library warns once for each text.
    vi.resetModules();
    const { createHeartbeatSocket } = await import('../src');
    createTextApp()
      .use(createHeartbeatSocket({ connectTimeout: 5_000 }))
      .mount({});
    expect(takeWarnings(/./)).toBe(0);
    createTextApp()
      .use(createHeartbeatSocket({ url: 'ws://app/' }))
      .mount({});
    expect(takeWarnings(/there is no window here/)).toBe(1);
  });

  test('a server that renders with Vue is told nothing, whether components or code before the rendering connect', async () => {
    vi.resetModules();
    const { createHeartbeatSocket, useHeartbeatSocket } = await import('../src');
    const connect = (): unknown => [useHeartbeatSocket('ws://own/'), useHeartbeatSocket()];
    const app = createSSRApp({
      setup() {
        connect();
        return () => 'page';
      },
    });
    app.use(createHeartbeatSocket({ url: '/live' }));
    // As a guard of a router may use a store.
    app.runWithContext(() => effectScope().run(connect));
    expect(await renderToString(app)).toBe('page');
  });
});

describe('where a class of the DOM is missing', () => {
  const { WebSocket } = fakeWebSocket();

  const without = (...names: string[]): void => {
    for (const name of names) vi.stubGlobal(name, undefined);
  };

  /** A socket of such a runtime. Its server is the test. */
  function createSockets() {
    const sockets: Plain[] = [];
    class Plain {
      readyState = 0;
      readonly url: string;
      onopen?: (event: object) => void;
      onmessage?: (event: object) => void;
      onclose?: (event: object) => void;
      constructor(url: string) {
        this.url = url;
        sockets.push(this);
      }
      send(): void {}
      close(): void {
        this.readyState = 3;
      }
      accept(): void {
        this.readyState = 1;
        this.onopen?.({ type: 'open' });
      }
    }
    return { WebSocket: Plain, sockets };
  }

  test('callbacks get plain objects of the same shape', () => {
    without('ErrorEvent', 'CloseEvent', 'AbortController', 'URL', 'MessageChannel');
    const { WebSocket, sockets } = createSockets();
    const seen: unknown[] = [];
    const boom = new Error('boom');
    const { close } = open('https://server/x', {
      WebSocket,
      onConnected() {
        throw boom;
      },
      onError: (_, event) => seen.push(event),
      onDisconnected: (_, event) => seen.push(event),
    });
    expect(sockets.map(({ url }) => url)).toEqual(['wss://server/x']);
    sockets[0]?.accept();
    close(4001, 'enough');
    expect(seen).toEqual([
      {
        type: 'error',
        error: expect.objectContaining({ code: 'callback', cause: { name: 'Error', message: 'boom' } }),
        message: expect.any(String),
      },
      { type: 'close', code: 4001, reason: 'enough', wasClean: true },
    ]);
    expect((seen[0] as ErrorEvent).message).toContain('callback: boom');
  });

  test('beforeConnect gets a signal that aborts, and what its listeners throw breaks nothing', async () => {
    without('AbortController');
    const { WebSocket, sockets } = createSockets();
    const rejected = vi.fn();
    process.on('unhandledRejection', rejected);
    onTestFinished(() => void process.off('unhandledRejection', rejected));
    const signals: AbortSignal[] = [];
    const aborted = vi.fn();
    const abortedOnce = vi.fn();
    const removed = vi.fn();
    const {
      open: openAnew,
      phase,
      close,
    } = open('ws://server/', {
      WebSocket,
      beforeConnect({ signal }) {
        signals.push(signal);
        if (signals.length === 2) signal.onabort = abortedOnce;
        if (signals.length > 1) return new Promise<void>(() => {});
        signal.throwIfAborted();
        signal.onabort = aborted;
        signal.addEventListener('abort', () => {
          throw new Error('from a listener');
        });
        signal.addEventListener('abort', aborted);
        signal.addEventListener('abort', removed);
        signal.removeEventListener('abort', removed);
        return new Promise<void>(() => {});
      },
    });
    await Promise.resolve();
    expect([signals[0]?.aborted, sockets.length]).toEqual([false, 0]);
    openAnew();
    expect([signals[0]?.aborted, phase.value, sockets.length]).toEqual([true, 'connecting', 0]);
    expect(() => signals[0]?.throwIfAborted()).toThrow('aborted');
    await eventually(() => expect(rejected).toHaveBeenCalledTimes(1));
    expect(aborted.mock.calls.map(([{ type }]) => type)).toEqual(['abort', 'abort']);
    expect(removed).not.toHaveBeenCalled();
    close();
    close();
    expect(signals[1]?.aborted).toBe(true);
    await eventually(() => expect(abortedOnce).toHaveBeenCalled());
    expect(abortedOnce).toHaveBeenCalledTimes(1);
  });

  test('a page without WebSocket fails at once, says why, and makes no other attempt', async () => {
    vi.useFakeTimers();
    const onFailed = vi.fn();
    const { phase, error } = open('ws://server/', {
      window: { addEventListener() {} } as unknown as Window,
      autoReconnect: { onFailed },
    });
    expect([phase.value, error.value?.message]).toEqual(['failed', 'constructor: there is no WebSocket here']);
    await vi.advanceTimersByTimeAsync(0);
    expect([onFailed.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
    vi.useRealTimers();
  });

  test('a relative url without a page is told to be absolute', () => {
    const { phase, error } = open('/live', { WebSocket });
    expect([phase.value, error.value?.message]).toEqual([
      'failed',
      'url: must be an absolute ws: or wss: url here, received "/live"',
    ]);
  });
});

test('an app that is never mounted, and that nobody asks, connects nothing', () => {
  const { WebSocket, sockets } = fakeWebSocket();
  createApp({}).use(createHeartbeatSocket({ url: 'ws://app/', WebSocket }));
  expect(sockets).toHaveLength(0);
});

test('a definition shares nothing outside of an app where there is no page: a server has many users', () => {
  const fake = fakeWebSocket();
  const use = defineHeartbeatSocket({ url: 'ws://server/', WebSocket: fake.WebSocket, linger: 0 });
  const scopes = [effectScope(true), effectScope(true)];
  for (const scope of scopes) scope.run(use);
  expect(fake.sockets).toHaveLength(2);
  for (const scope of scopes) scope.stop();
  expect(fake.live()).toHaveLength(0);
});
