/** Counts what a composable might leave behind: listeners on window and document, and timers. */
import { vi } from 'vitest';

export interface Leaks {
  listeners(): number;
  timers(): number;
}

export function watchLeaks(): Leaks {
  let listeners = 0;
  for (const target of [window, document]) {
    const { addEventListener, removeEventListener } = target;
    vi.spyOn(target, 'addEventListener').mockImplementation((...args: unknown[]) => {
      listeners += 1;
      return Reflect.apply(addEventListener, target, args);
    });
    vi.spyOn(target, 'removeEventListener').mockImplementation((...args: unknown[]) => {
      listeners -= 1;
      return Reflect.apply(removeEventListener, target, args);
    });
  }
  return { listeners: () => listeners, timers: () => vi.getTimerCount() };
}
