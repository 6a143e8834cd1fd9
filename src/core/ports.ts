/**
 * What the core needs from the runtime. `src/browser` has the ports of a page, `src/testing` has ports in memory. No DOM type is named
 * here: each shape has only what the core uses.
 */

/** Tells the time and calls back once. */
export interface Clock {
  /** The time in ms. It counts the time that the machine sleeps, and never goes back. */
  now(): number;
  /** Calls `run` once, in `ms` or later. The function that it returns cancels that. */
  after(ms: number, run: () => void): () => void;
  /** The epoch time (ms) of a time on this clock. */
  toEpoch(at: number): number;
}

/** Gives a number in [0, 1), as `Math.random` does. */
export type Chance = () => number;

/** How a socket ended: the part of a `CloseEvent` that decisions need. */
export interface CloseInfo {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** How a socket ended that fired no `close` event. */
export const NO_CLOSE_EVENT: CloseInfo = { code: 1006, reason: '', wasClean: false };

/** What an event tells of the end of a socket, as plain data. */
export const closeInfo = ({ code, reason, wasClean }: CloseInfo): CloseInfo => ({ code, reason, wasClean });

/** The part of a `WebSocket` that the core uses. */
export interface SocketLike {
  readonly readyState?: number;
  /** Bytes that were handed over and are not sent yet. */
  readonly bufferedAmount?: number;
  binaryType?: string;
  onopen: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  send(data: never): void;
  close(code?: number, reason?: string): void;
}

/** Makes sockets, and events that no socket fired. */
export interface Transport {
  /** Makes a socket, which begins to connect. Throws if `url` or `protocols` cannot be used. */
  connect(url: unknown, protocols: string | readonly string[]): SocketLike;
  /** Makes the event that `onDisconnected` is given for a socket that the library closed. */
  closeEvent(info: CloseInfo): CloseInfo;
  /** Makes the event that `onError` is given for an error of the caller's own code. */
  errorEvent(error: unknown): unknown;
  /** Makes the controller that aborts a `beforeConnect`. */
  abortController(): { readonly signal: unknown; abort(reason?: unknown): void };
}

/**
 * What the page tells, by the name of its event: the network is back (`online`) or gone (`offline`), the page is left (`pagehide`) or
 * comes back from the back-forward cache (`pageshow`), it is visible again (`visibilitychange`), it runs again after it was frozen
 * (`resume`), the user sees it for the first time (`prerenderingchange`). Two have names of their own: nobody sees the page any more
 * (`hidden`), and the network is another one (`networkchange`).
 */
export type PageSignal =
  | 'online'
  | 'offline'
  | 'pagehide'
  | 'pageshow'
  | 'visibilitychange'
  | 'resume'
  | 'prerenderingchange'
  | 'hidden'
  | 'networkchange';

/** Listens to the page. */
export interface PageSignals {
  /** False only if the runtime says that there is no network on the way to this url. */
  online(url: unknown): boolean;
  /** False only if the runtime is sure that nobody sees the page. */
  visible(): boolean;
  /** True only if the browser runs the page ahead of time, and nobody has asked for it yet. */
  prerendering(): boolean;
  /** Calls `tell` with each signal until the function that it returns is called. */
  listen(tell: (signal: PageSignal) => void): () => void;
}

export interface Ports {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly transport: Transport;
  readonly signals: PageSignals;
}
