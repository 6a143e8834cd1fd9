import type { DeliveryStorage, StoredMessage } from '../core/stored-messages.js';

/** Bytes stand in JSON as a list of one text, in base64. */
type Written = Omit<StoredMessage, 'data'> & { readonly data: string | readonly [string] };

const write = (message: StoredMessage): Written => {
  const { data } = message;
  if (typeof data === 'string') return { ...message, data };
  return { ...message, data: [btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''))] };
};

/** A list of one message, or of none: somebody else may have written under the same key. */
const read = (written: Written | undefined): StoredMessage[] => {
  try {
    const { data, ...message } = written as Written;
    if (typeof data === 'string') return [{ ...message, data }];
    return [{ ...message, data: Uint8Array.from(atob(data[0]), (char) => char.charCodeAt(0)) }];
  } catch {
    return [];
  }
};

/**
 * Keeps messages in `sessionStorage`, for the option `storage` of `atLeastOnce`: what is not proven when the user leaves the page goes out
 * after a reload, or from the next page of this tab. While the page is there, nothing is stored: so a tab that the user duplicates has no
 * copy. The messages and their urls stand in the storage as they are, where any script of the same origin can read them.
 *
 * @param key The key in `sessionStorage`. Default `'vue-heartbeat-socket'`.
 *
 * @example
 * useHeartbeatSocket('/chat', { delivery: atLeastOnce({ storage: inSessionStorage() }) })
 */
export function inSessionStorage(key = 'vue-heartbeat-socket'): DeliveryStorage {
  /** What is no message of ours is left out. */
  const load = (): StoredMessage[] => {
    try {
      return [JSON.parse(sessionStorage.getItem(key) ?? '[]')].flat().flatMap(read);
    } catch {
      return [];
    }
  };
  const save = (messages: readonly StoredMessage[]): void => {
    if (messages.length) sessionStorage.setItem(key, JSON.stringify(messages.map(write)));
    else sessionStorage.removeItem(key);
  };
  return {
    put(messages) {
      save([...load(), ...messages]);
    },
    take(url) {
      const all = load();
      const own = all.filter((message) => message.url === url);
      if (own.length) save(all.filter((message) => message.url !== url));
      return own;
    },
  };
}
