/** Counts what the library does with the page: sockets, timers, listeners. To be called before the library is used. */
export interface PageWatch {
  readonly counts: {
    readonly sockets: number;
    readonly mostSockets: number;
    readonly closing: number;
    readonly timers: number;
    readonly mostTimers: number;
    readonly listeners: number;
  };
  /** The page's own timer, which does not count. Returns what stops it. */
  after(ms: number, run: () => void): () => void;
}

function watchSockets() {
  let sockets: WeakRef<WebSocket>[] = [];
  let most = 0;
  const withState = (...states: number[]): number =>
    sockets.filter((socket) => states.includes(socket.deref()?.readyState ?? WebSocket.CLOSED)).length;
  window.WebSocket = class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      sockets = sockets.filter((socket) => (socket.deref()?.readyState ?? WebSocket.CLOSED) < WebSocket.CLOSED);
      sockets.push(new WeakRef(this));
      most = Math.max(most, withState(WebSocket.CONNECTING, WebSocket.OPEN));
    }
  };
  return {
    live: () => withState(WebSocket.CONNECTING, WebSocket.OPEN),
    closing: () => withState(WebSocket.CLOSING),
    most: () => most,
  };
}

function watchTimers() {
  const { setTimeout, clearTimeout } = window;
  const running = new Set<number>();
  let most = 0;
  window.setTimeout = ((run: () => void, ms?: number) => {
    const timer = setTimeout(() => {
      running.delete(timer);
      run();
    }, ms);
    most = Math.max(most, running.add(timer).size);
    return timer;
  }) as typeof window.setTimeout;
  window.clearTimeout = (timer) => {
    running.delete(timer as number);
    clearTimeout(timer);
  };
  return {
    running: () => running.size,
    most: () => most,
    after(ms: number, run: () => void) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

function watchListeners() {
  let count = 0;
  for (const target of [window, document]) {
    const { addEventListener, removeEventListener } = target;
    target.addEventListener = (...args: unknown[]) => {
      count += 1;
      Reflect.apply(addEventListener, target, args);
    };
    target.removeEventListener = (...args: unknown[]) => {
      count -= 1;
      Reflect.apply(removeEventListener, target, args);
    };
  }
  return () => count;
}

export function watchPage(): PageWatch {
  const sockets = watchSockets();
  const timers = watchTimers();
  const listeners = watchListeners();
  return {
    get counts() {
      return {
        sockets: sockets.live(),
        mostSockets: sockets.most(),
        closing: sockets.closing(),
        timers: timers.running(),
        mostTimers: timers.most(),
        listeners: listeners(),
      };
    },
    after: timers.after,
  };
}
