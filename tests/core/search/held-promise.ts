// biome-ignore lint/suspicious/noExplicitAny: what is settled with is the caller's
type Settled = (value: any) => unknown;

/** One run of an async `beforeConnect`, and the url that it was for. */
export interface Preparation {
  readonly promise: HeldPromise;
  readonly signal: { readonly aborted: boolean };
  readonly url: string | undefined;
  settled: boolean;
}

/**
 * A promise that settles when the search says so, and at once: the search then needs no microtasks, and can try a hundred
 * thousand orders a second. Chained as the engine chains it.
 */
export class HeldPromise {
  #resolved: Settled | undefined;
  #rejected: Settled | undefined;
  #next: HeldPromise | undefined;

  // biome-ignore lint/suspicious/noThenProperty: it is one
  then(resolved?: Settled, rejected?: Settled): HeldPromise {
    this.#resolved = resolved;
    this.#rejected = rejected;
    this.#next = new HeldPromise();
    return this.#next;
  }

  resolve(value?: unknown): void {
    if (this.#resolved) this.#run(this.#resolved, value);
    else this.#next?.resolve(value);
  }

  reject(reason: unknown): void {
    if (this.#rejected) this.#run(this.#rejected, reason);
    else if (this.#next) this.#next.reject(reason);
    // Nobody handles it.
    else throw reason;
  }

  #run(run: Settled, value: unknown): void {
    let result: unknown;
    try {
      result = run(value);
    } catch (thrown) {
      this.#next?.reject(thrown);
      return;
    }
    this.#next?.resolve(result);
  }
}
