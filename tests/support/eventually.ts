/** For tests whose other end is a real one: it answers when it can. */
import { vi } from 'vitest';

/** Waits until the expectation holds, on a machine that may be slow. */
export const eventually = (expectation: () => void): Promise<void> =>
  vi.waitFor(expectation, { interval: 5, timeout: 20_000 });
