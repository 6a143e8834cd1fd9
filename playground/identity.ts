import { useSessionStorage } from '@vueuse/core';

// Not crypto.randomUUID(): there is none where the page comes over http from another machine.
const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('');

/**
 * Who this tab is. A reload stays the same client, so that the server's count of its connections shows one that the page
 * before it left behind. (A tab made by duplicating another is the same client too.)
 */
export function useIdentity() {
  return { id: useSessionStorage('playground-client', randomId), name: useSessionStorage('playground-name', '') };
}

/** Enough of an id to tell people apart. */
export const shortId = (id: string): string => `#${id.slice(0, 4)}`;
