/** Makes connections with options that types forbid, for development or for production. */
import { afterEach, vi } from 'vitest';
import { effectScope } from 'vue';
import { type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../../src';
import type { Mode } from './processes';

// biome-ignore lint/suspicious/noExplicitAny: the attack does what types forbid
export type Anything = any;

export interface Attacked {
  readonly socket: UseHeartbeatSocketReturn<Anything, Anything>;
  /** What `onError` was told. */
  readonly errors: string[];
  readonly end: () => void;
}

const ends: (() => void)[] = [];

/** Makes a connection. It ends with the test. */
export function attacked(mode: Mode, options: Record<string, unknown>, url: Anything = 'ws://server/'): Attacked {
  vi.stubEnv('NODE_ENV', mode);
  const errors: string[] = [];
  const scope = effectScope(true);
  ends.push(() => scope.stop());
  const onError = (_: unknown, { error }: Anything): void => void (error && errors.push(error.message));
  const socket = scope.run(() => useHeartbeatSocket(url, { onError, ...options } as Anything)) as Attacked['socket'];
  return { socket, errors, end: () => scope.stop() };
}

/** Called once at the top of a test file. */
export function endsWithTheTest(): void {
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    vi.unstubAllEnvs();
  });
}

export const MODES: readonly Mode[] = ['development', 'production'];
