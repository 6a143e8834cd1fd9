/** Counts what a composable might leave behind: listeners on window and document, and timers. */
import { vi } from 'vitest';

export interface Leaks {
  /** How many of the listeners that were added since are still there. One that is removed with other arguments still is. */
  listeners(): number;
  timers(): number;
}

const isCapturing = (options: unknown): boolean =>
  typeof options === 'object' ? !!(options as AddEventListenerOptions | null)?.capture : !!options;

export function watchLeaks(): Leaks {
  const there: unknown[][] = [];
  for (const target of [window, document]) {
    const { addEventListener, removeEventListener } = target;
    const find = ([type, listener, options]: unknown[]): number => {
      const wanted = [target, type, listener, isCapturing(options)];
      return there.findIndex((one) => one.every((part, i) => part === wanted[i]));
    };
    vi.spyOn(target, 'addEventListener').mockImplementation((...args: unknown[]) => {
      if (find(args) < 0) there.push([target, args[0], args[1], isCapturing(args[2])]);
      return Reflect.apply(addEventListener, target, args);
    });
    vi.spyOn(target, 'removeEventListener').mockImplementation((...args: unknown[]) => {
      const index = find(args);
      if (index >= 0) there.splice(index, 1);
      return Reflect.apply(removeEventListener, target, args);
    });
  }
  return { listeners: () => there.length, timers: () => vi.getTimerCount() };
}
