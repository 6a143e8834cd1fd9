/** Whether a value can be listened to as a window or the global scope of a worker can. */
export const isWindow = (value: unknown): value is Window => {
  try {
    return typeof Object(value).addEventListener === 'function';
  } catch {
    return false;
  }
};

/** The window whose events, `WebSocket` and base url are used; undefined where there is none. */
export const pageOf = ({ window }: { readonly window?: unknown }): Window | undefined =>
  isWindow(window) ? window : globalThis.window;
