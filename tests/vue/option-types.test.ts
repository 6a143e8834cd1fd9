/** What types refuse, so that nobody has to run it to find out. `tsc` checks this file: each line that it should refuse is marked. */
import { expect, expectTypeOf, test } from 'vitest';
import { computed, reactive, ref } from 'vue';
import { createHeartbeatSocket, defineHeartbeatSocket, useHeartbeatSocket } from '../../src';
import { tabs } from '../../src/tabs';

const url = 'ws://server/';

/** Never called. */
function refused(): void {
  // @ts-expect-error a promise is no url
  useHeartbeatSocket(Promise.resolve(url));
  // @ts-expect-error a getter that gives a promise gives no url
  useHeartbeatSocket(async () => url);
  // @ts-expect-error an object is no url
  useHeartbeatSocket({ url });
  // @ts-expect-error a ref of an object is no url
  useHeartbeatSocket(ref({ url }));
  // @ts-expect-error a ref holds no options
  useHeartbeatSocket(url, ref({}));
  // @ts-expect-error a list holds no options
  useHeartbeatSocket(url, ['json']);
  // @ts-expect-error a Set holds no options
  createHeartbeatSocket(new Set());
  // @ts-expect-error a promise is no url of a plugin
  createHeartbeatSocket({ url: Promise.resolve(url) });
  // @ts-expect-error a ref of false is no false
  useHeartbeatSocket(url, { heartbeat: ref(false) });
  // @ts-expect-error a computed of false is no false
  useHeartbeatSocket(url, { autoReconnect: computed(() => false) });
  // @ts-expect-error a ref of false is no false
  useHeartbeatSocket(url, { immediate: ref(false) });
  // @ts-expect-error a list is no group
  useHeartbeatSocket(url, { heartbeat: [] });
  // @ts-expect-error a Map is no group
  useHeartbeatSocket(url, { buffer: new Map([['limit', 5]]) });
  // @ts-expect-error a Set is no list
  useHeartbeatSocket(url, { autoReconnect: { finalCodes: new Set([4000]) } });
  // @ts-expect-error an object is no message
  useHeartbeatSocket(url, { heartbeat: { message: { type: 'ping' } } });
  // @ts-expect-error a getter of an object gives no message
  useHeartbeatSocket(url, { heartbeat: { message: () => ({ type: 'ping' }) } });
  // @ts-expect-error shared memory is no message
  useHeartbeatSocket(url, { heartbeat: { message: new Uint8Array(new SharedArrayBuffer(1)) } });
  // @ts-expect-error a boolean is no answer
  useHeartbeatSocket(url, { heartbeat: { responseMessage: true } });
  // @ts-expect-error a text is no number of ms
  useHeartbeatSocket(url, { connectTimeout: '5' });
  // @ts-expect-error a reactive object is no callback
  useHeartbeatSocket(url, { onMessage: reactive({}) });
  // @ts-expect-error an instance is no class
  useHeartbeatSocket(url, { WebSocket: {} as WebSocket });
  // @ts-expect-error a ref of a window is no window
  useHeartbeatSocket(url, { window: ref<Window>() });
  // @ts-expect-error a serializer gives no promise
  useHeartbeatSocket(url, { serializer: { read: String, write: async (value: number) => `${value}` } });
  // @ts-expect-error a serializer gives what can be sent
  useHeartbeatSocket(url, { serializer: { read: String, write: (value: object) => value } });
  // @ts-expect-error a serializer gives what can be sent
  useHeartbeatSocket(url, { serializer: { read: String, write: () => undefined } });
  // @ts-expect-error a number is no target
  useHeartbeatSocket(url, { beforeConnect: () => 5 });
  // @ts-expect-error a list is no target
  useHeartbeatSocket(url, { beforeConnect: async () => [url] });
  // @ts-expect-error a Response is no target, though it has a url
  useHeartbeatSocket(url, { beforeConnect: () => fetch('/token') });
  // @ts-expect-error a promise is no url of a target
  useHeartbeatSocket(url, { beforeConnect: () => ({ url: Promise.resolve(url) }) });
  // @ts-expect-error a number is no sub-protocol
  useHeartbeatSocket(url, { beforeConnect: () => ({ protocols: 5 }) });
  // @ts-expect-error a text is no result of a handshake
  useHeartbeatSocket(url, { handshake: () => 'ready' });
  // @ts-expect-error true shares with nobody
  useHeartbeatSocket(url, { share: true });
  // @ts-expect-error tabs is to be called
  useHeartbeatSocket(url, { share: tabs });
  // @ts-expect-error true shares with nobody
  createHeartbeatSocket({ url, share: true });
  // @ts-expect-error true shares with nobody
  defineHeartbeatSocket({ url, share: true });
  // @ts-expect-error a number is no name
  tabs({ name: 5 });
  // @ts-expect-error a text holds no options
  tabs('name');
  // @ts-expect-error an object cannot be sent without a serializer
  useHeartbeatSocket(url).send({});
  // @ts-expect-error undefined cannot be sent
  useHeartbeatSocket(url).send(undefined);
  // @ts-expect-error shared memory cannot be sent
  useHeartbeatSocket(url).send(new SharedArrayBuffer(1));
}

test('types refuse what makes no sense', () => {
  expect(refused).toBeTypeOf('function');
});

test('types take what a serializer may give', () => {
  type Written = ReturnType<
    Extract<NonNullable<Parameters<typeof useHeartbeatSocket>[1]>['serializer'], object>['write']
  >;
  expectTypeOf<
    string | ArrayBuffer | Uint8Array<ArrayBuffer> | DataView<ArrayBuffer> | Blob | File
  >().toExtend<Written>();
});
