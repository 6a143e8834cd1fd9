import { useLocalStorage } from '@vueuse/core';

/** The same in all tabs of this browser, so that the server can count their sockets together. It names nobody. */
export const browserId = useLocalStorage('playground-browser', '');

// Not crypto.randomUUID: a page without https has none.
browserId.value ||= [...crypto.getRandomValues(new Uint8Array(12))]
  .map((byte) => byte.toString(16).padStart(2, '0'))
  .join('');
