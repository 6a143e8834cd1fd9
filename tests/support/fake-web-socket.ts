/** A WebSocket constructor whose server is the test: synchronous, and everything it was asked is on record. */
import type { WebSocketConstructor } from '../../src/browser/web-socket-transport';

export interface FakeSocket {
  readonly url: string | URL;
  readonly protocols: unknown;
  readyState: number;
  readonly sent: unknown[];
  closedWith: unknown[] | undefined;
  accept(): void;
  say(data: unknown): void;
  end(code?: number, reason?: string): void;
}

export interface FakeWebSocket {
  readonly WebSocket: WebSocketConstructor;
  readonly sockets: FakeSocket[];
  readonly newest: FakeSocket;
  live(): FakeSocket[];
}

export function fakeWebSocket(): FakeWebSocket {
  const sockets: Fake[] = [];
  class Fake implements FakeSocket {
    readonly url: string | URL;
    readonly protocols: unknown;
    readyState = 0;
    readonly sent: unknown[] = [];
    closedWith: unknown[] | undefined;
    onopen: ((event: Event) => void) | null = null;
    onclose: ((event: CloseEvent) => void) | null = null;
    onerror: ((event: Event) => void) | null = null;
    onmessage: ((event: MessageEvent) => void) | null = null;

    constructor(url: string | URL, protocols?: unknown) {
      this.url = url;
      this.protocols = protocols;
      sockets.push(this);
    }

    send(data: unknown): void {
      this.sent.push(data);
    }

    close(...args: unknown[]): void {
      this.closedWith ??= args;
      this.readyState = 2;
    }

    accept(): void {
      this.readyState = 1;
      this.onopen?.(new Event('open'));
    }

    say(data: unknown): void {
      this.onmessage?.(new MessageEvent('message', { data }));
    }

    end(code = 1006, reason = ''): void {
      this.readyState = 3;
      this.onclose?.(new CloseEvent('close', { code, reason, wasClean: code !== 1006 }));
    }
  }
  return {
    WebSocket: Fake as unknown as WebSocketConstructor,
    sockets,
    get newest() {
      const newest = sockets.at(-1);
      if (!newest) throw new Error('no socket was made');
      return newest;
    },
    live: () => sockets.filter(({ readyState }) => readyState < 2),
  };
}
