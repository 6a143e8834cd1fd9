import { MessageBook } from './message-book';

/** What the socket was handed: a message, or a heartbeat. */
type OnWire = number | 'beat';

/**
 * Where each message is where delivery is proven: each one is kept, handed over and unproven, delivered, or dropped. The server reads in
 * order, and each answer of it is the answer to the oldest heartbeat that it has not answered.
 */
export class ProvenBook extends MessageBook {
  override readonly isProven = true;
  /** Those that no socket has taken, or that their socket did not deliver, and the url each is for. In the order of giving. */
  #wire: OnWire[] = [];
  /** How much of the wire the server has read. */
  #read = 0;
  #url: string | undefined;
  /** Those on the wire whose end is open. */
  readonly #onWire = new Set<number>();
  readonly #wasSent = new Set<number>();
  /** What belongs to one connection alone: what `onConnected` sends, and what is not to be buffered. */
  readonly #forOne = new Set<number>();
  readonly #sending = new Map<number, boolean>();
  readonly #ended = new Map<number, 'delivered' | 'dropped' | 'refused'>();
  #given = 0;

  override get pending(): number {
    return this.kept.size + this.#onWire.size;
  }

  override get bounded(): number {
    return this.pending - [...this.#onWire].filter((id) => this.#forOne.has(id)).length;
  }

  override get print(): string {
    const of = (one: OnWire): string =>
      one === 'beat' ? 'b' : `${this.#forOne.has(one) ? 'o' : 'm'}${this.#ended.has(one) ? '' : '?'}`;
    return `${this.#wire.slice(0, this.#read).filter((one) => this.#onWire.has(one as number)).length}|${this.#wire.slice(this.#read).map(of).join('')}|${[...this.kept.keys()].map((id) => this.#wasSent.has(id)).join('')}`;
  }

  override give(send: (data: number) => boolean, url: string | undefined, useBuffer: boolean): boolean {
    this.#given += 1;
    const id = this.#given;
    this.#sending.set(id, !useBuffer || this.isGreeting);
    const taken = send(id);
    this.#sending.delete(id);
    if (taken !== this.#wasSent.has(id)) this.fault(`send() answers ${taken}, and the socket was told otherwise`);
    if (taken || this.#ended.has(id)) return taken;
    if (useBuffer) this.kept.set(id, url);
    return taken;
  }

  override sent(id: number, url: string): void {
    const meantFor = this.kept.get(id);
    const isForOne = this.#sending.get(id) ?? false;
    if (this.#wire.includes(id)) this.fault('a socket is handed a message twice');
    if (this.#ended.has(id)) this.fault(`a message is sent that was ${this.#ended.get(id)}`);
    if (!this.kept.has(id) && !this.#sending.has(id)) this.fault('a message is sent that nobody gave');
    if (meantFor && meantFor !== url) this.fault('what was kept for one url goes to another');
    if (!isForOne && [...this.kept.keys()].some((other) => other < id)) this.fault('the buffer goes out of order');
    // What is kept goes out once `onConnected` is done.
    if (this.kept.delete(id)) this.isGreeting = false;
    this.#wire.push(id);
    this.#url = url;
    this.#onWire.add(id);
    this.#wasSent.add(id);
    if (isForOne) this.#forOne.add(id);
  }

  override beat(): void {
    this.#wire.push('beat');
  }

  /** The server answers a heartbeat, so it has read all before that. Else it answers one again, or unasked. */
  override answered(): void {
    const at = this.#wire.indexOf('beat', this.#read);
    if (at >= 0) this.#read = at + 1;
  }

  override delivered(id: number): void {
    const at = this.#wire.indexOf(id);
    if (at < 0 || at >= this.#read) this.fault('a message is delivered that the server has not read');
    if (this.#wire.slice(0, at).some((one) => this.#onWire.has(one as number)))
      this.fault('messages are delivered out of order');
    this.#end(id, 'delivered');
  }

  override heard(): void {}

  override named(id: number): void {
    if (!this.#wasSent.has(id)) this.fault('a message may be lost that was never sent');
    this.#end(id, 'dropped');
  }

  override dropped(id: number): void {
    if (this.#wasSent.has(id)) this.fault('a message that may have arrived is said to be in hand');
    this.#end(id, 'dropped');
  }

  override refused(id: number): void {
    if (!this.kept.has(id)) this.#ended.set(id, 'refused');
  }

  override ended(): void {
    const back = [...this.#onWire];
    if (back.some((id) => this.#forOne.has(id))) this.fault('a message for one connection is not named at its end');
    const kept = [...this.kept, ...back.map((id) => [id, this.#url] as const)].sort(([a], [b]) => a - b);
    this.kept.clear();
    for (const [id, url] of kept) this.kept.set(id, url);
    this.#onWire.clear();
    this.#wire = [];
    this.#read = 0;
  }

  #end(id: number, how: 'delivered' | 'dropped'): void {
    const isOpen = this.kept.has(id) || this.#onWire.has(id) || this.#sending.has(id);
    if (!isOpen || this.#ended.has(id))
      this.fault(`rule 8: a message is ${how} that was ${this.#ended.get(id)} before`);
    this.kept.delete(id);
    this.#onWire.delete(id);
    this.#ended.set(id, how);
  }
}
