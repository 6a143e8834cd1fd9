/** A WebSocket without a network: whoever runs the page says what happens to it, and it costs as little as can be. */
type Listener = (event: object) => void;

export class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  /** The one made last. */
  static newest: FakeSocket | undefined;

  readonly url: string;
  readyState = FakeSocket.CONNECTING;
  binaryType = 'blob';
  onopen: Listener | null = null;
  onclose: Listener | null = null;
  onerror: Listener | null = null;
  onmessage: Listener | null = null;
  readonly #listeners: Record<string, Listener[]> = {};

  constructor(url: string) {
    this.url = url;
    FakeSocket.newest = this;
  }

  addEventListener(type: string, listener: Listener): void {
    const all = this.#listeners[type];
    if (all) all.push(listener);
    else this.#listeners[type] = [listener];
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners[type] = (this.#listeners[type] ?? []).filter((one) => one !== listener);
  }

  send(): void {}

  close(): void {
    this.readyState = FakeSocket.CLOSED;
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.#fire('open', this.onopen, new Event('open'));
  }

  hear(event: object): void {
    this.#fire('message', this.onmessage, event);
  }

  #fire(type: string, handler: Listener | null, event: object): void {
    handler?.(event);
    const all = this.#listeners[type];
    if (all) for (const listener of all) listener(event);
  }
}
