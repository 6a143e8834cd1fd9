import { HeartbeatSocketError } from '../../../src/core/errors';
import type { Deed, Hook } from './choice';

/** A cause is plain data: it shares with what was thrown the name alone. */
const keyOf = (error: unknown): unknown => (error as { cause?: { name?: string } } | undefined)?.cause?.name;

let count = 0;

/** An error with a name of its own. */
function named(): Error {
  count += 1;
  return Object.assign(new Error('user code'), {
    name: `Thrown${[...`${count}`].map((digit) => 'abcdefghij'[Number(digit)]).join('')}Error`,
  });
}

/** What the engine runs and did not write: what ran in this event, what it is to do, and whether its errors are told. */
export class ForeignCode {
  /** What ran, in order. */
  readonly ran: Hook[] = [];
  readonly #deeds = new Map<Hook, Deed>();
  readonly #thrown = new Map<unknown, Hook>();
  #isAlone = true;

  starts(deeds: readonly (readonly [Hook, Deed])[]): void {
    this.ran.length = 0;
    this.#deeds.clear();
    this.#thrown.clear();
    for (const [hook, deed] of deeds) this.#deeds.set(hook, deed);
    this.#isAlone = deeds.length < 2;
  }

  /** Answers what is to be done, once. */
  run(hook: Hook): Deed | undefined {
    if (!this.ran.includes(hook)) this.ran.push(hook);
    const deed = this.#deeds.get(hook);
    this.#deeds.delete(hook);
    if (!deed?.startsWith('throw')) return deed;
    const thrown = deed === 'throw' ? named() : new HeartbeatSocketError('url', 'unusable');
    this.#thrown.set(deed === 'throw' ? thrown.name : thrown, hook);
    throw thrown;
  }

  /** `onError`, or the app where there is nobody else, got this. */
  told(error: unknown): void {
    for (const key of [error, keyOf(error), (error as Error | undefined)?.name]) this.#thrown.delete(key);
  }

  /** `error` shows this: enough for an attempt that fails, and for nothing else. */
  shown(error: unknown): void {
    const hook = this.#thrown.get(error) ?? this.#thrown.get(keyOf(error));
    // The application's handshake sends as well. What it throws is a failed attempt, maybe the last one.
    const isHandshake = /handshake|retries/.test(`${(error as { code?: string } | undefined)?.code}`);
    if (hook === 'beforeConnect' || hook === 'new WebSocket' || isHandshake) this.told(error);
  }

  /** With two deeds the attempt that threw may have been given up meanwhile: then nobody wants to know. */
  get isUntold(): boolean {
    return this.#isAlone && this.#thrown.size > 0;
  }
}
