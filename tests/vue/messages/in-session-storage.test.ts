/** `inSessionStorage`: what stands in the storage of a tab. */
import { afterEach, expect, test } from 'vitest';
import { atLeastOnce, inSessionStorage, type StoredMessage } from '../../../src';

afterEach(() => sessionStorage.clear());

const message = (data: string | Uint8Array, url = 'ws://server/'): StoredMessage => ({
  ...{ id: String(data), url, data, at: 1, wasSent: false },
});

test('messages are given back by url, in order, texts as texts and bytes as bytes, and then they are gone', () => {
  const storage = inSessionStorage();
  storage.put([message('a'), message('b', 'ws://other/')]);
  storage.put([message(Uint8Array.of(0, 128, 255))]);
  expect(inSessionStorage().take('ws://server/')).toEqual([message('a'), message(Uint8Array.of(0, 128, 255))]);
  expect(storage.take('ws://server/')).toEqual([]);
  expect(storage.take('ws://other/')).toEqual([message('b', 'ws://other/')]);
  expect(sessionStorage).toHaveLength(0);
});

test.each([['no JSON'], ['7'], ['null'], ['{"url":"ws://server/"}'], ['[null, {"url":"ws://server/","data":5}]']])(
  'what somebody else has written under the key (%s) loses no message',
  (written) => {
    sessionStorage.setItem('vue-heartbeat-socket', written);
    const storage = inSessionStorage();
    expect(storage.take('ws://server/')).toEqual([]);
    storage.put([message('a')]);
    expect(storage.take('ws://server/')).toEqual([message('a')]);
  },
);

test('another key is another storage', () => {
  inSessionStorage('chat').put([message('a')]);
  expect(inSessionStorage().take('ws://server/')).toEqual([]);
  expect(inSessionStorage('chat').take('ws://server/')).toEqual([message('a')]);
});

test('a storage whose put takes time is refused by its type: the page is gone before it is done', () => {
  const take = () => [];
  const never = () => {
    // @ts-expect-error an async put
    atLeastOnce({ storage: { async put() {}, take } });
    // @ts-expect-error a put that gives a promise
    atLeastOnce({ storage: { put: (messages) => Promise.resolve(void messages), take } });
    atLeastOnce({ storage: { put() {}, take } });
    atLeastOnce({ storage: { put: (messages: readonly StoredMessage[]): void => void messages, take } });
  };
  expect(never).toBeTypeOf('function');
});
