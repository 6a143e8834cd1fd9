import { HeartbeatSocketError } from '../../../src/core/errors';
import type { Deed, Hook } from './choice';

const causeOf = (error: unknown): unknown => (error as Error | undefined)?.cause;

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
    const thrown = deed === 'throw' ? new Error('user code') : new HeartbeatSocketError('url', 'unusable');
    this.#thrown.set(thrown, hook);
    throw thrown;
  }

  /** `onError`, or the app where there is nobody else, got this. */
  told(error: unknown): void {
    this.#thrown.delete(error);
    this.#thrown.delete(causeOf(error));
  }

  /** `error` shows this: enough for an attempt that fails, and for nothing else. */
  shown(error: unknown): void {
    const hook = this.#thrown.get(error) ?? this.#thrown.get(causeOf(error));
    // The application's handshake sends as well. What it throws is a failed attempt, maybe the last one.
    const isHandshake = /handshake|retries/.test(`${(error as { code?: string } | undefined)?.code}`);
    if (hook === 'beforeConnect' || hook === 'new WebSocket' || isHandshake) this.told(error);
  }

  /** With two deeds the attempt that threw may have been given up meanwhile: then nobody wants to know. */
  get isUntold(): boolean {
    return this.#isAlone && this.#thrown.size > 0;
  }
}
