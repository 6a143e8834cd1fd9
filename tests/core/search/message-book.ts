/**
 * Where each message went that was given to `send()`: every one is sent, kept, or reported as dropped, once. One that was sent may be
 * named as unproven afterwards, once.
 */
export class MessageBook {
  readonly isProven: boolean = false;
  /** The connection is open, and what is kept does not go out yet. */
  isGreeting = false;
  #given = 0;
  /** Those that `send()` kept, oldest first, and the url each was meant for. */
  readonly kept = new Map<number, string | undefined>();
  /** When each was given that `send()` kept. */
  readonly keptAt = new Map<number, number>();
  /** Those in the middle of `send()`. */
  readonly #sending = new Set<number>();
  readonly #sent = new Set<number>();
  /** Those that will never be sent: dropped, refused by the socket, or not to be buffered. */
  readonly #gone = new Set<number>();
  /** Those that were sent since the last sign of life, and when: they may be lost with the socket. */
  readonly unproven = new Map<number, number>();
  readonly #named = new Set<number>();
  protected readonly fault: (rule: string) => void;

  constructor(fault: (rule: string) => void) {
    this.fault = fault;
  }

  /** How many are in hand. */
  get pending(): number {
    return this.kept.size;
  }

  /** ms that each has been kept for, the oldest first. */
  ages(now: number): number[] {
    return [...this.kept.keys()].map((id) => now - (this.keptAt.get(id) as number));
  }

  /** How many of these the limit holds for. */
  get bounded(): number {
    return this.pending;
  }

  /** What may decide what becomes of messages. */
  get print(): string {
    return `${Math.min(this.unproven.size, 2)}`;
  }

  give(send: (data: number) => boolean, url: string | undefined, useBuffer: boolean, now: number): boolean {
    this.#given += 1;
    const id = this.#given;
    this.#sending.add(id);
    const taken = send(id);
    this.#sending.delete(id);
    if (taken !== this.#sent.has(id)) this.fault(`send() answers ${taken}, and the socket was told otherwise`);
    if (taken || this.#gone.has(id)) return taken;
    this.keptAt.set(id, now);
    if (useBuffer) this.kept.set(id, url);
    else this.#gone.add(id);
    return taken;
  }

  /** A socket to `url` is handed a message. */
  sent(id: number, url: string, now: number): void {
    const meantFor = this.kept.get(id);
    if (this.#sent.has(id)) this.fault('a message is sent twice');
    if (this.#gone.has(id)) this.fault('a message is sent that was dropped, refused, or not to be buffered');
    if (!this.kept.has(id) && !this.#sending.has(id)) this.fault('a message is sent that nobody gave');
    if (meantFor && meantFor !== url) this.fault('what was kept for one url goes to another');
    if (this.kept.has(id) && [...this.kept.keys()].some((other) => other < id))
      this.fault('the buffer goes out of order');
    this.kept.delete(id);
    this.#sent.add(id);
    this.unproven.set(id, now);
  }

  /** A socket is handed a heartbeat. */
  beat(): void {}

  /** The server answers a heartbeat. */
  answered(): void {}

  delivered(_id: number): void {
    this.fault('a message is delivered, and nothing proves that');
  }

  /** The server gives a sign of life. What was sent at this moment is still in the browser. */
  heard(now: number): void {
    for (const [id, at] of this.unproven) if (at < now) this.unproven.delete(id);
  }

  /** A message is named that may be lost with its socket. */
  named(id: number): void {
    if (!this.#sent.has(id)) this.fault('a message may be lost that was never sent');
    if (this.#named.has(id)) this.fault('a message that may be lost is named twice');
    this.#named.add(id);
    this.unproven.delete(id);
  }

  /** The socket has ended. */
  ended(): void {
    if (this.unproven.size) this.fault('a message that may be lost is not named');
    this.unproven.clear();
  }

  /** The socket throws at a message. One that was kept is reported as dropped. */
  refused(id: number): void {
    if (!this.kept.has(id)) this.#gone.add(id);
  }

  dropped(id: number): void {
    if (this.#sent.has(id)) this.fault('a message is both sent and dropped');
    if (this.#gone.has(id)) this.fault('a message is dropped twice');
    if (!this.kept.has(id) && !this.#sending.has(id)) this.fault('a message is dropped that nobody gave');
    this.kept.delete(id);
    this.#gone.add(id);
  }
}
