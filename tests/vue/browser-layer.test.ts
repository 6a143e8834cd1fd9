/** The ports of src/browser, one by one. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPageSignals } from '../../src/browser/page-signals';
import { createSystemClock } from '../../src/browser/system-clock';
import { createWebSocketTransport } from '../../src/browser/web-socket-transport';
import { backoff } from '../../src/core/reconnect-policy';
import { retryAfter } from '../../src/core/retry-after';
import { createMemoryPorts, type MemoryPorts } from '../../src/testing/memory-ports';
import { openEngine } from '../support/engine';
import { fakeWebSocket } from '../support/fake-web-socket';
import { watchLeaks } from '../support/leaks';

// A real MessageChannel takes real time.
const realTimeout = globalThis.setTimeout;

describe('the system clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers().unstubAllGlobals());

  test('a clock that is set back stalls no deadline', () => {
    const clock = createSystemClock(window);
    const seen: number[] = [];
    const start = clock.now();
    clock.after(10_000, () => seen.push(clock.now() - start));
    vi.advanceTimersByTime(5_000);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(5_000);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeGreaterThanOrEqual(10_000);
    expect(clock.toEpoch(clock.now())).toBe(Date.now());
  });

  test('the system clock counts the time that the machine sleeps', () => {
    const clock = createSystemClock(window);
    const start = clock.now();
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(clock.now() - start).toBe(3_600_000);
  });

  test('a cancelled timer does not fire, and a delay longer than setTimeout takes does not fire at once', () => {
    const clock = createSystemClock(window);
    const run = vi.fn();
    clock.after(10, run)();
    const cancel = clock.after(2 ** 40, run);
    vi.advanceTimersByTime(1_000);
    expect(run).not.toHaveBeenCalled();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a server that wants its clients to stay away for 60 days is left alone for 60 days, though no timer lasts so long', () => {
    // A real MessageChannel takes real time.
    vi.stubGlobal('MessageChannel', undefined);
    const DAY = 86_400_000;
    const ports = { ...createMemoryPorts(), clock: createSystemClock(window) } as unknown as MemoryPorts;
    const engine = openEngine({ ports, autoReconnect: { delay: backoff({ hint: retryAfter }) } });
    engine.socket.end(1012, `retry-after=${(60 * DAY) / 1_000}`);
    vi.advanceTimersByTime(60 * DAY - 1);
    expect(engine.view.phase).toBe('waiting');
    expect(ports.sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(ports.sockets).toHaveLength(2);
    engine.connection.leave();
  });

  test('Node warns of no negative time where a deadline passes while it is armed', () => {
    const armed = vi.spyOn(globalThis, 'setTimeout');
    const run = vi.fn();
    createSystemClock(undefined).after(-2, run);
    expect(armed.mock.calls.map(([, ms]) => ms)).toEqual([0]);
    vi.advanceTimersByTime(0);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('on a hidden page, a timer that a timer arms goes through a MessageChannel, and can be cancelled there', async () => {
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const clock = createSystemClock(window);
    const run = vi.fn();
    let cancel = (): void => {};
    clock.after(1_000, () => {
      clock.after(1_000, run);
      cancel = clock.after(1_000, run);
    });
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
    cancel();
    await new Promise((resolve) => realTimeout(resolve, 20));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('on a hidden page, whose timers fire on the whole second, what is due soon is run at once', async () => {
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const clock = createSystemClock(window);
    const start = clock.now();
    const seen: number[] = [];
    clock.after(100, () => seen.push(clock.now() - start));
    clock.after(100, () => seen.push(-1))();
    expect(vi.getTimerCount()).toBe(0);
    await new Promise((resolve) => realTimeout(resolve, 20));
    expect(seen).toEqual([100]);
    expect(clock.toEpoch(clock.now())).toBe(Date.now());
  });

  test('on a hidden page, attempts that fail at once, each 100 ms after the last, do not go round without a pause', async () => {
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const clock = createSystemClock(window);
    let attempts = 0;
    let cancel = (): void => {};
    const attempt = (): void => {
      attempts += 1;
      cancel = clock.after(100, attempt);
    };
    clock.after(100, attempt);
    await new Promise((resolve) => realTimeout(resolve, 50));
    expect(attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThanOrEqual(12);
    cancel();
  });

  test('where there is no MessageChannel, as in jsdom, timers are plain ones', () => {
    vi.stubGlobal('MessageChannel', undefined);
    const clock = createSystemClock(window);
    const run = vi.fn();
    clock.after(1_000, () => clock.after(60_000, run));
    vi.advanceTimersByTime(61_000);
    vi.unstubAllGlobals();
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('on a hidden page without MessageChannel, what is due soon is not run within the call', () => {
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    vi.stubGlobal('MessageChannel', undefined);
    const run = vi.fn();
    createSystemClock(window).after(100, run);
    vi.unstubAllGlobals();
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('on a visible page, a timer that a timer arms does not go through a MessageChannel', () => {
    const clock = createSystemClock(window);
    const run = vi.fn();
    clock.after(10, () => clock.after(10, run));
    vi.advanceTimersByTime(20);
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('the page signals', () => {
  const listen = () => {
    const heard: string[] = [];
    return { heard, stop: createPageSignals(window).listen((signal) => heard.push(signal)) };
  };

  test('a window that has no events gives no signals, and that is no error', () => {
    const signals = createPageSignals({} as Window);
    expect([signals.online('/live'), signals.visible(), signals.prerendering()]).toEqual([true, true, false]);
    signals.listen(() => {})();
  });

  test('a listener hears the signals of the page and no other event, until it stops', () => {
    const leaks = watchLeaks();
    const { heard, stop } = listen();
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    for (const type of ['online', 'offline', 'pagehide', 'beforeunload', 'unload'])
      window.dispatchEvent(new Event(type));
    hidden.mockReturnValue(false);
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    for (const type of ['visibilitychange', 'resume', 'freeze', 'prerenderingchange'])
      document.dispatchEvent(new Event(type));
    expect(heard).toEqual([
      'online',
      'offline',
      'pagehide',
      'pageshow',
      'visibilitychange',
      'resume',
      'prerenderingchange',
    ]);
    stop();
    window.dispatchEvent(new Event('online'));
    expect(heard).toHaveLength(7);
    expect(leaks.listeners()).toBe(0);
  });

  test('a page that goes out of sight gives one signal, and its first pageshow none', () => {
    const { heard, stop } = listen();
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    expect(heard).toEqual(['hidden']);
    stop();
  });
});

describe('the transport', () => {
  const { WebSocket, sockets } = fakeWebSocket();
  const ABSOLUTE = 'must be an absolute ws: or wss: url here';
  const pageAt = (href: string): Window =>
    ({ document: { baseURI: href }, location: new URL(href) }) as unknown as Window;
  const connect = (url: string | URL, href = 'http://page.test/app/'): unknown => {
    createWebSocketTransport(pageAt(href), WebSocket).connect(url, []);
    return sockets.at(-1)?.url;
  };

  test('ws(s) urls are handed on as given, the others resolve against the page', () => {
    expect(connect(new URL('wss://server/x'))).toBe('wss://server/x');
    expect(connect('ws://Server/x')).toBe('ws://Server/x');
    expect(connect('/live')).toBe('ws://page.test/live');
    expect(connect('live?x=1')).toBe('ws://page.test/app/live?x=1');
    expect(connect('/live', 'https://page.test/')).toBe('wss://page.test/live');
    expect(connect('https://server/x')).toBe('wss://server/x');
  });

  test('an app shell, whose pages have no http url, can give absolute urls', () => {
    for (const href of ['file:///home/ann/index.html', 'tauri://localhost/', 'capacitor://localhost/', 'about:blank']) {
      expect(connect('wss://server/x', href)).toBe('wss://server/x');
      expect(connect('https://server/x', href)).toBe('wss://server/x');
    }
  });

  test('without a URL class, absolute urls work, and a relative one is told to be absolute', () => {
    vi.stubGlobal('URL', undefined);
    try {
      const page = { document: { baseURI: 'http://page.test/' } } as Window;
      const go = (url: string): unknown => {
        createWebSocketTransport(page, WebSocket).connect(url, []);
        return sockets.at(-1)?.url;
      };
      expect(['ws://a/x', 'wss://a/x', 'http://a/x', 'https://a/x'].map(go)).toEqual([
        'ws://a/x',
        'wss://a/x',
        'ws://a/x',
        'wss://a/x',
      ]);
      expect(() => go('/x')).toThrow(`url: ${ABSOLUTE}, received "/x"`);
      expect(() => go('ftp://x')).toThrow(`url: ${ABSOLUTE}, received "ftp://x"`);
      expect(() => go('ws://a/#part')).toThrow('must have no #fragment');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('where there is no document, as in a worker, urls resolve against the location', () => {
    vi.stubGlobal('location', { href: 'https://page.test/scripts/worker.js' });
    for (const page of [undefined, {} as Window]) {
      createWebSocketTransport(page, WebSocket).connect('live', []);
      createWebSocketTransport(page, WebSocket).connect('/live', []);
    }
    vi.unstubAllGlobals();
    const urls = ['wss://page.test/scripts/live', 'wss://page.test/live'];
    expect(sockets.slice(-4).map(({ url }) => url)).toEqual([...urls, ...urls]);
  });

  test('where there is no WebSocket, an error says so', () => {
    for (const page of [{} as Window, undefined]) {
      expect(() => createWebSocketTransport(page).connect('ws://server/', [])).toThrow(
        expect.objectContaining({ code: 'constructor', message: 'constructor: there is no WebSocket here' }),
      );
    }
  });

  test.each([
    ['ws://', 'http://page.test/', 'is no valid url, received "ws://"'],
    ['ftp://x', 'http://page.test/', 'must be ws:, wss:, http:, https: or relative, received "ftp://x"'],
    ['ws://host/#part', 'http://page.test/', 'must have no #fragment, received "ws://host/#***"'],
    ['/x', 'file:///home/ann/index.html', `${ABSOLUTE}, received "/x"`],
    ['x', 'tauri://localhost/', `${ABSOLUTE}, received "x"`],
    ['?x=1', 'capacitor://localhost/', `${ABSOLUTE}, received "?x=***"`],
    ['//host/x', 'app://./index.html', `${ABSOLUTE}, received "/***"`],
    ['/x', 'about:blank', `${ABSOLUTE}, received "/x"`],
    ['ftp://x', 'file:///home/ann/index.html', `${ABSOLUTE}, received "ftp://x"`],
    ['ws://', 'file:///home/ann/index.html', 'is no valid url, received "ws://"'],
    ['ws://host/#part', 'app://./index.html', 'must have no #fragment, received "ws://host/#***"'],
  ])('the transport refuses the url %s on the page %s', (url, href, message) => {
    expect(() => connect(url, href)).toThrow(expect.objectContaining({ code: 'url', message: `url: ${message}` }));
  });

  test('whether ws: is allowed on a secure page is for the browser to say: it is tried', () => {
    for (const host of ['localhost:1', '127.0.0.1', 'device.local']) {
      expect(connect(`ws://${host}/`, 'https://page.test/')).toBe(`ws://${host}/`);
    }
  });

  test('a browser that forbids the connection ends it with a url error that names the url', () => {
    const forbidding = createWebSocketTransport(
      pageAt('https://page.test/'),
      class {
        constructor() {
          throw new DOMException('An insecure WebSocket connection may not be initiated.', 'SecurityError');
        }
      } as never,
    );
    const message = 'url: the browser forbids this connection, received "ws://host/?t=***"';
    expect(() => forbidding.connect('ws://host/?t=abc', [])).toThrow(message);
  });

  test('protocols may be one, none or several, and reach the constructor as a list', () => {
    const seen: unknown[] = [];
    class Noting {
      constructor(_: string, protocols: unknown) {
        seen.push(protocols);
      }
    }
    const { connect } = createWebSocketTransport(pageAt('http://page.test/'), Noting as never);
    for (const protocols of ['soap', [], ['a', 'b']]) connect('/x', protocols);
    expect(seen).toEqual([['soap'], [], ['a', 'b']]);
  });

  test('what the WebSocket constructor refuses for good is a url error, what it throws else is handed on', () => {
    const throwing = (error: Error) =>
      createWebSocketTransport(
        pageAt('http://page.test/'),
        class {
          constructor() {
            throw error;
          }
        } as never,
      );
    const refused = new DOMException('duplicate protocols', 'SyntaxError');
    expect(() => throwing(refused).connect('/x', [])).toThrow(
      'url: the sub-protocols or the url cannot be used, received "/x"',
    );
    expect(() => throwing(new Error('no sockets today')).connect('/x', [])).toThrow(/^no sockets today$/);
    expect(() => throwing('a mere text' as never).connect('/x', [])).toThrow('a mere text');
  });

  test('urls and sub-protocols that are no texts are refused, and not turned into texts', () => {
    const transport = createWebSocketTransport(pageAt('http://page.test/'), WebSocket);
    const { length } = sockets;
    for (const url of [Promise.resolve('/x'), { url: '/x' }, ['/x'], 5]) {
      expect(() => transport.connect(url, [])).toThrow(/^url: makes no sense, received \w+$/);
    }
    for (const protocols of [5, [5], {}, Promise.resolve('x')]) {
      expect(() => transport.connect('/x', protocols as never)).toThrow(
        /^url: sub-protocols: makes no sense, received \w+$/,
      );
    }
    expect(sockets).toHaveLength(length);
  });
});
