/** What a caller can do wrong: every callback, every command that it may give, and every way in which a connection may fail at once. */
import { type App, type Ref, ref, watch } from 'vue';
import type { UseHeartbeatSocketReturn } from '../../../src';

// biome-ignore lint/suspicious/noExplicitAny: the attack does what types forbid
export type Anything = any;

/** What a callback of the attack has at hand. */
export interface Attack {
  readonly url: Ref<string | undefined>;
  readonly app: App;
  readonly stop: () => void;
  socket: UseHeartbeatSocketReturn<Anything, Anything> | undefined;
}

let count = 0;

const circular: Record<string, unknown> = {};
circular.itself = circular;

/** Commands, and other things that a callback may do. */
export const COMMANDS: Record<string, (attack: Attack) => unknown> = {
  'open()': ({ socket }) => socket?.open(),
  'close()': ({ socket }) => socket?.close(),
  'close(), then open()': ({ socket }) => {
    socket?.close();
    socket?.open();
  },
  'open(), then close()': ({ socket }) => {
    socket?.open();
    socket?.close();
  },
  'send()': ({ socket }) => socket?.send('again'),
  'send() of what cannot be sent': ({ socket }) => socket?.send(circular),
  'close(), open(), send()': ({ socket }) => {
    socket?.close(4000, 'again');
    socket?.open();
    socket?.send('again');
  },
  'a new url': ({ url }) => {
    count += 1;
    url.value = `ws://server/${count}`;
  },
  'no url, and the old one again': ({ url }) => {
    const { value } = url;
    url.value = undefined;
    url.value = value;
  },
  'a new url and open()': ({ url, socket }) => {
    count += 1;
    url.value = `ws://server/${count}`;
    socket?.open();
  },
  'the end of its scope': ({ stop }) => stop(),
  'close() of the socket itself': ({ socket }) => socket?.ws.value?.close(),
  'an error': () => {
    throw new Error('thrown by a callback');
  },
};

/** Where the attack is called: each makes options that call it. */
export const CALLBACKS: Record<string, (act: () => unknown) => Record<string, unknown>> = {
  onConnected: (act) => ({ onConnected: act }),
  onDisconnected: (act) => ({ onDisconnected: act }),
  onError: (act) => ({ onError: act }),
  onMessage: (act) => ({ onMessage: act }),
  onSend: (act) => ({ onSend: act }),
  onEvent: (act) => ({ onEvent: act }),
  onFailed: (act) => ({ autoReconnect: { onFailed: act } }),
  onDropped: (act) => ({ buffer: { limit: 0, onDropped: act } }),
  beforeConnect: (act) => ({ beforeConnect: () => void act() }),
  'beforeConnect, async': (act) => ({
    async beforeConnect() {
      await null;
      act();
    },
  }),
  handshake: (act) => ({ handshake: () => void act() }),
  'handshake, async': (act) => ({
    async handshake() {
      await null;
      act();
    },
  }),
  retries: (act) => ({ autoReconnect: { delay: 0, retries: () => [act()] } }),
  delay: (act) => ({ autoReconnect: { delay: () => Number(void act()) || 0 } }),
  'heartbeat.message': (act) => ({ heartbeat: { interval: 1, message: () => `${act()}` } }),
  'heartbeat.responseMessage': (act) => ({ heartbeat: { interval: 1, responseMessage: act } }),
  'heartbeat.interval': (act) => ({ heartbeat: { interval: () => [act(), 1][1], pongTimeout: 1 } }),
  'heartbeat.scheduler': (act) => ({
    heartbeat: { scheduler: (beat: () => void) => ({ pause: act, resume: () => [act(), beat()], isActive: {} }) },
  }),
  'serializer.read': (act) => ({ serializer: { read: act, write: String } }),
  'serializer.write': (act) => ({ serializer: { read: String, write: () => `${act()}` } }),
  protocols: (act) => ({ protocols: () => void act() }),
};

const REFS = ['phase', 'status', 'ws', 'error', 'failures', 'pending', 'retryAt', 'data', 'latency', 'left'] as const;

/** Watchers of what the composable returns, and the error handler of the app: these call the attack as well. */
export const WATCHERS: Record<string, (attack: Attack, act: () => unknown) => void> = {
  ...Object.fromEntries(
    REFS.flatMap((name) =>
      (['sync', 'pre'] as const).map((flush) => [
        `a watcher (${flush}) of ${name}`,
        ({ socket }: Attack, act: () => unknown) => void watch(() => socket?.[name].value, act, { flush }),
      ]),
    ),
  ),
  'the error handler of the app': ({ app }, act) => {
    app.config.errorHandler = act as never;
  },
};

/** A socket of the attack. */
class FakeSocket {
  static live = new Set<FakeSocket>();
  static made = 0;
  readyState = 0;
  bufferedAmount = 0;
  binaryType = 'blob';
  onopen: ((event: unknown) => void) | null = null;
  onclose: ((event: unknown) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onmessage: ((event: unknown) => void) | null = null;

  constructor() {
    FakeSocket.made += 1;
    FakeSocket.live.add(this);
    setTimeout(() => this.begin());
  }

  begin(): void {
    this.accept();
  }

  accept(): void {
    if (this.readyState > 0) return;
    this.readyState = 1;
    this.onopen?.({});
    this.onmessage?.({ data: 'hello' });
  }

  send(data: unknown): void {
    this.onmessage?.({ data: `${data}` });
  }

  close(code = 1000): void {
    this.end(code);
  }

  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    FakeSocket.live.delete(this);
    this.onclose?.({ code, reason: '', wasClean: code === 1000 });
  }
}

export type Sockets = typeof FakeSocket;

/** Makes a class of sockets that differ. */
const socketsThat = (change: (socket: FakeSocket) => void): Sockets =>
  class extends FakeSocket {
    constructor() {
      super();
      change(this);
    }
  } as Sockets;

const healthy = socketsThat(() => {});

/** How the connection fares: each makes the options and the url of it. */
export const FATES: Record<string, () => { url?: string; WebSocket?: unknown; options?: Record<string, unknown> }> = {
  'all goes well': () => ({ WebSocket: healthy }),
  'the socket opens within the constructor': () => ({ WebSocket: socketsThat((socket) => socket.accept()) }),
  'the constructor throws': () => ({
    WebSocket: class {
      constructor() {
        throw new Error('no socket');
      }
    },
  }),
  'the constructor throws what cannot be printed': () => ({
    WebSocket: class {
      constructor() {
        throw Object.create(null);
      }
    },
  }),
  'the url can never be used': () => ({ url: 'ftp://server/', WebSocket: healthy }),
  'the sub-protocols can never be used': () => ({
    WebSocket: class {
      constructor() {
        throw new DOMException('bad', 'SyntaxError');
      }
    },
  }),
  'the server closes at once': () => ({
    WebSocket: socketsThat((socket) => queueMicrotask(() => socket.end(1006))),
    options: { autoReconnect: { delay: 0 } },
  }),
  'the server closes at once with a final code': () => ({
    WebSocket: socketsThat((socket) => queueMicrotask(() => socket.end(4401))),
  }),
  'the server opens and closes at once': () => ({
    WebSocket: socketsThat((socket) =>
      queueMicrotask(() => {
        socket.accept();
        socket.end(1006);
      }),
    ),
    options: { autoReconnect: { delay: 0 } },
  }),
  'beforeConnect throws': () => ({
    WebSocket: healthy,
    options: {
      autoReconnect: { delay: 0 },
      beforeConnect() {
        throw new Error('no token');
      },
    },
  }),
  'beforeConnect rejects': () => ({
    WebSocket: healthy,
    options: { autoReconnect: { delay: 0 }, beforeConnect: () => Promise.reject(new Error('no token')) },
  }),
  'beforeConnect gives up': () => ({
    WebSocket: healthy,
    options: { beforeConnect: ({ giveUp }: { giveUp(): void }) => giveUp() },
  }),
  'the handshake throws': () => ({
    WebSocket: healthy,
    options: { autoReconnect: { delay: 0 }, handshake: () => Promise.reject(new Error('no login')) },
  }),
  'send throws': () => ({
    WebSocket: socketsThat((socket) => {
      socket.send = () => {
        throw new Error('no room');
      };
    }),
  }),
  'close throws': () => ({
    WebSocket: socketsThat((socket) => {
      socket.close = () => {
        socket.end(1006);
        throw new Error('cannot close');
      };
    }),
  }),
};

export const liveSockets = (): number => FakeSocket.live.size;
export const madeSockets = (): number => FakeSocket.made;
/** Forgets the sockets of the attack before. */
export const forgetSockets = (): void => {
  FakeSocket.live.clear();
  FakeSocket.made = 0;
};

/** A url that the attack may change. */
export const urlOf = (url = 'ws://server/'): Ref<string | undefined> => ref(url);
