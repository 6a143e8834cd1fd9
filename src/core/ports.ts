/**
 * What the core needs from the world around it. `src/browser` plugs these into a page; `memory-ports.ts` plays them in
 * tests. Nothing here names a DOM type: the shapes are the least that the core touches.
 */

/** Tells the time and calls back once. */
export interface Clock {
  /** Milliseconds. It counts time asleep, and never goes back. */
  now(): number;
  /** Calls `run` once, `ms` from now or later. Returns what cancels it. */
  after(ms: number, run: () => void): () => void;
  /** The epoch time (ms) that a moment on this clock stands for. */
  toEpoch(at: number): number;
}

/** A number in [0, 1), as `Math.random` gives. */
export type Chance = () => number;

/** How a connection ended: the part of a `CloseEvent` that decisions need. */
export interface CloseInfo {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** The part of a `WebSocket` that the core touches. */
export interface SocketLike {
  readonly readyState?: number;
  binaryType?: string;
  onopen: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  send(data: never): void;
  close(code?: number, reason?: string): void;
}

/** Makes sockets, and the events that a socket did not fire itself. */
export interface Transport {
  /** Starts a connection. Throws where `url` or `protocols` cannot be used. */
  connect(url: unknown, protocols: string | readonly string[]): SocketLike;
  /** The event for `onDisconnected` of a socket whose own `close` event nobody waits for. */
  closeEvent(info: CloseInfo): CloseInfo;
  /** The event that carries to `onError` what user code threw. */
  errorEvent(error: unknown): unknown;
  /** What aborts a `beforeConnect` that is no longer wanted. */
  abortController(): { readonly signal: unknown; abort(reason?: unknown): void };
}

/**
 * What the page says, by the name of the event: the network is back or gone, the page is put away or brought back (from the
 * back-forward cache), somebody looks at it again, it runs again.
 */
export type PageSignal = 'online' | 'offline' | 'pagehide' | 'pageshow' | 'visibilitychange' | 'resume';

/** Hears the page. */
export interface PageSignals {
  /** False only where the runtime is sure that there is no network. */
  online(): boolean;
  /** Calls `tell` with each signal until the function that it returns is called. */
  listen(tell: (signal: PageSignal) => void): () => void;
}

export interface Ports {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly transport: Transport;
  readonly signals: PageSignals;
}
