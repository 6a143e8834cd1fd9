/** A server that answers each message with itself, and keeps what came to it. */

const live = new Set<FakeSocket>();

/** What came over the wire since it was last forgotten: urls, sub-protocols and messages, as a browser would make text of them. */
export const wire = { urls: [] as string[], protocols: [] as string[], messages: [] as string[] };

export class FakeSocket {
  readyState = 0;
  bufferedAmount = 0;
  onopen: ((event: unknown) => void) | null = null;
  onclose: ((event: unknown) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onmessage: ((event: unknown) => void) | null = null;
  #binaryType = 'blob';

  constructor(url: unknown, protocols: unknown = []) {
    wire.urls.push(`${url}`);
    wire.protocols.push(...[protocols].flat().map((one) => `${one}`));
    live.add(this);
    setTimeout(() => {
      if (this.readyState > 0) return;
      this.readyState = 1;
      this.onopen?.({ type: 'open' });
    });
  }

  get binaryType(): string {
    return this.#binaryType;
  }

  /** A browser makes text of it, and ignores a text that is not known. */
  set binaryType(type: unknown) {
    if (/^(blob|arraybuffer)$/.test(`${type}`)) this.#binaryType = `${type}`;
  }

  say(data: unknown): void {
    if (this.readyState === 1) this.onmessage?.({ type: 'message', data });
  }

  send(data: unknown): void {
    const isBinary = ArrayBuffer.isView(data) || data instanceof ArrayBuffer || data instanceof Blob;
    wire.messages.push(isBinary ? 'bytes' : `${data}`);
    setTimeout(() => this.say(isBinary ? data : `${data}`));
  }

  close(code = 1000): void {
    this.end(code);
  }

  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    live.delete(this);
    this.onclose?.({ type: 'close', code, reason: '', wasClean: code !== 1006 });
  }
}

export const liveSockets = (): FakeSocket[] => [...live];

export function forgetWire(): void {
  live.clear();
  wire.urls = [];
  wire.protocols = [];
  wire.messages = [];
}
