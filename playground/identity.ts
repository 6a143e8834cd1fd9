import { useSessionStorage } from '@vueuse/core';
import { serverBase } from './server-address.ts';

/**
 * Who this tab is, as the server said; empty before it has. A reload stays the same client, so that the server's count of its
 * connections shows one that the page before it left behind. (A tab made by duplicating another is the same client too.) What one
 * server has given is shown to no other.
 */
export const pass = useSessionStorage(`playground-pass ${serverBase}`, { id: '', token: '' });

/** The name in the chat. */
export const name = useSessionStorage('playground-name', '');

/** Enough of an id to tell people apart. */
export const shortId = (id: string): string => `#${id.slice(0, 4)}`;
