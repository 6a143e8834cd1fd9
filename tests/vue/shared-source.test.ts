/** What a definition of a shared connection may say, and where it runs. */
import { describe, expect, test, vi } from 'vitest';
import { createSSRApp, h, inject, nextTick, onScopeDispose, ref, watch } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { acceptSharedSocketUpdate, createHeartbeatSocket, defineHeartbeatSocket } from '../../src';
import { takeWarnings } from '../support/no-warnings';
import { type Anything, inScope, mountApp, sharedSockets } from '../support/shared-sockets';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();
const { usual, rooms, urls, liveUrls } = sharedSockets(fake);

describe('a definition', () => {
  test('without a url does not connect to the url of the plugin', () => {
    const use = defineHeartbeatSocket((room: string | undefined) => (room ? { url: `ws://server/${room}` } : {}));
    const { app } = mountApp(
      () => use(undefined),
      (own) => own.use(createHeartbeatSocket({ url: 'ws://app/', WebSocket: fake.WebSocket, heartbeat: false })),
    );
    expect(urls()).toEqual(['ws://app/']);
    app.unmount();
  });

  test('may watch: the watcher ends with the connection, not with the first caller', async () => {
    const path = ref('1');
    let ends = 0;
    const use = defineHeartbeatSocket(() => {
      const url = ref('ws://server/1');
      watch(path, (now) => {
        url.value = `ws://server/${now}`;
      });
      onScopeDispose(() => {
        ends += 1;
      });
      return usual({ url });
    });
    const [first, second] = [inScope(use), inScope(use)];
    first.scope.stop();
    path.value = '2';
    await nextTick();
    await nextTick();
    expect([urls().at(-1), ends]).toEqual(['ws://server/2', 0]);
    second.scope.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ends).toBe(1);
  });

  test('finds what the app provides, also when a caller has moved', async () => {
    const use = defineHeartbeatSocket((room: string) => usual({ url: `ws://server/${room}?${inject('token')}` }));
    const room = ref('a');
    const { app } = mountApp(
      () => use(room),
      (own) => own.provide('token', 't'),
    );
    room.value = 'b';
    await nextTick();
    expect(urls()).toEqual(['ws://server/a?t', 'ws://server/b?t']);
    app.unmount();
  });

  test('that gives no options throws in development, and names what it gave', () => {
    const received = (given: unknown): unknown => {
      try {
        return inScope(defineHeartbeatSocket((() => given) as Anything));
      } catch (error) {
        return (error as Error).message;
      }
    };
    const message = 'option: a definition must give its options, received';
    expect([undefined, null, 5, Promise.resolve({})].map(received)).toEqual([
      `${message} Undefined`,
      `${message} Null`,
      `${message} Number`,
      `${message} Promise`,
    ]);
  });

  test('that throws for one argument leaves the caller free for the next one', async () => {
    const use = defineHeartbeatSocket((room: string) => {
      if (room === 'bad') throw new Error('no such room');
      return usual({ url: `ws://server/${room}` });
    });
    const room = ref('a');
    const { app, errors } = mountApp(() => use(room));
    room.value = 'bad';
    await nextTick();
    room.value = 'b';
    await nextTick();
    expect([errors, urls()]).toEqual([['no such room'], ['ws://server/a', 'ws://server/b']]);
    app.unmount();
    expect(liveUrls()).toEqual([]);
  });
});

describe('arguments', () => {
  test('with the same fields in another order are the same', () => {
    const use = defineHeartbeatSocket((_: { a: number; b: { c: number; d: number } }) => usual());
    const { scope } = inScope(() => [use({ a: 1, b: { c: 2, d: 3 } }), use({ b: { d: 3, c: 2 }, a: 1 })]);
    expect(fake.sockets).toHaveLength(1);
    scope.stop();
  });

  test('whose content JSON does not show are refused: two Maps would be one room', () => {
    const use = defineHeartbeatSocket((_: unknown) => usual());
    for (const argument of [new Map(), new Set(), { call() {} }, /x/]) {
      expect(() => inScope(() => use(argument))).toThrow('an argument of a shared connection must have JSON');
    }
    const { scope } = inScope(() => use({ since: new Date(0), tags: ['a', { b: undefined }] }));
    expect(fake.sockets).toHaveLength(1);
    scope.stop();
  });

  test('that are getters are read once on a server, and nothing connects', async () => {
    const use = rooms();
    const room = ref('a');
    const html = await renderToString(
      createSSRApp({
        setup() {
          const { phase } = use(() => room.value);
          room.value = 'b';
          return () => h('p', phase.value);
        },
      }),
    );
    expect([html, fake.sockets.length, vi.getTimerCount()]).toEqual(['<p>idle</p>', 0, 0]);
  });
});

test('who calls it outside of any scope is warned in words that fit', () => {
  const { close } = rooms()('a');
  expect(takeWarnings(/defineHeartbeatSocket\(\) was called outside of any effect scope. Nothing lets/)).toBe(1);
  close();
});

describe('a hot reload', () => {
  test('with a mistake in the new source moves the others, and the next one moves all', () => {
    const before = rooms();
    const broken = defineHeartbeatSocket((room: string) => {
      if (room === 'a') throw new Error('typo');
      return usual({ url: `ws://server/${room}` });
    });
    const callers = [inScope(() => before('a')), inScope(() => before('b'))];
    acceptSharedSocketUpdate({ use: before })({ use: broken });
    expect([takeWarnings(/^typo$/), liveUrls()]).toEqual([1, ['ws://server/b']]);
    acceptSharedSocketUpdate({ use: broken })({ use: rooms() });
    expect(liveUrls()).toEqual(['ws://server/a', 'ws://server/b']);
    for (const { scope } of callers) scope.stop();
  });

  test('may go back to a definition that was there before', () => {
    const [a, b] = [rooms({ protocols: 'a' }), rooms({ protocols: 'b' })];
    const caller = inScope(() => a('room'));
    acceptSharedSocketUpdate({ use: a })({ use: b });
    acceptSharedSocketUpdate({ use: b })({ use: a });
    expect(fake.live().map(({ protocols }) => protocols)).toEqual([['a']]);
    const late = inScope(() => b('room'));
    expect(fake.live()).toHaveLength(1);
    for (const { scope } of [caller, late]) scope.stop();
  });

  test('of a module that could not be loaded, or that has left the name out, changes nothing', () => {
    const use = rooms();
    const { scope } = inScope(() => use('a'));
    acceptSharedSocketUpdate({ use })(undefined);
    acceptSharedSocketUpdate({ use })({ useOther: rooms() });
    expect([fake.sockets.length, liveUrls()]).toEqual([1, ['ws://server/a']]);
    scope.stop();
  });
});
