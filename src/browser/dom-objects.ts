/** Objects of the DOM. Where the runtime has no class for them (Node, mini-programs), plain objects of the same shape take their place. */

/** Makes an event that no socket fired. */
export function makeEvent<Event extends { type: string }>(name: 'CloseEvent' | 'ErrorEvent', event: Event): Event {
  const Class = globalThis[name] as (new (type: string, fields: object) => object) | undefined;
  return Class ? (new Class(event.type, event) as Event) : event;
}

/** Makes the controller that aborts a `beforeConnect`. */
export function createAborter(): Pick<AbortController, 'abort'> & { readonly signal: object } {
  if (globalThis.AbortController) return new AbortController();
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    onabort: null as (() => void) | null,
    addEventListener: (_: 'abort', listener: () => void) => listeners.add(listener),
    removeEventListener: (_: 'abort', listener: () => void) => listeners.delete(listener),
    throwIfAborted() {
      if (signal.aborted) throw new Error('aborted');
    },
  };
  return {
    signal,
    abort() {
      if (signal.aborted) return;
      signal.aborted = true;
      // In a microtask: what a listener throws is then an unhandled rejection, and breaks nothing.
      for (const listener of [signal.onabort, ...listeners]) Promise.resolve({ type: 'abort' }).then(listener);
    },
  };
}
