import type { SocketLike } from '../core/ports.js';

/** A socket whose server is the test. Like a browser's, it delivers nothing after `close()`. */
export interface MemorySocket extends SocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  readyState: number;
  /** What was sent at this moment is part of it, as in a browser: it goes out in the next. A test may add to that. */
  bufferedAmount: number;
  readonly sent: unknown[];
  /** What `close()` was called with; undefined before that. */
  closedWith: readonly unknown[] | undefined;
  /** The server accepts. */
  accept(): void;
  /** The server says something. */
  say(data: unknown): void;
  /** The connection ends from the other side. */
  end(code?: number, reason?: string, wasClean?: boolean): void;
  /** An `error` event. */
  fail(): void;
  /** Fires an event whatever the state of the socket, with the handlers that are set now. */
  fire(type: 'open' | 'message' | 'error' | 'close', event?: unknown): void;
}

export function createMemorySocket(url: string, protocols: readonly string[], now: () => number): MemorySocket {
  let backlog = 0;
  let unsent = 0;
  let sentAt = NaN;
  return {
    url,
    protocols,
    readyState: 0,
    get bufferedAmount() {
      return backlog + (now() === sentAt ? unsent : 0);
    },
    set bufferedAmount(bytes) {
      backlog = bytes;
    },
    sent: [],
    closedWith: undefined,
    onopen: null,
    onclose: null,
    onerror: null,
    onmessage: null,
    send(data: unknown) {
      if (this.readyState === 0) throw new Error('InvalidStateError');
      if (this.readyState !== 1) return;
      this.sent.push(data);
      unsent = (now() === sentAt ? unsent : 0) + `${data}`.length;
      sentAt = now();
    },
    close(...args) {
      this.closedWith ??= args;
      this.readyState = Math.max(this.readyState, 2);
    },
    accept() {
      this.readyState = 1;
      this.fire('open');
    },
    say(data) {
      if (this.readyState === 1) this.fire('message', { type: 'message', data });
    },
    end(code = 1006, reason = '', wasClean = code !== 1006) {
      this.readyState = 3;
      this.fire('close', { type: 'close', code, reason, wasClean });
    },
    fail() {
      this.fire('error');
    },
    fire(type, event = { type }) {
      (this[`on${type}`] as ((event: unknown) => void) | null)?.(event);
    },
  };
}
