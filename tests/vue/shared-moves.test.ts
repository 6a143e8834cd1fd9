/** Callers of a shared connection that move, are put away, and leave at the worst moment. */
import { describe, expect, test, vi } from 'vitest';
import { createApp, defineComponent, effectScope, h, KeepAlive, nextTick, ref, watch, watchEffect } from 'vue';
import { acceptSharedSocketUpdate, atLeastOnce, deliver, useRequests, useSubscriptions } from '../../src';
import { type AnySocket, type Anything, inScope, mountApp, sharedSockets } from '../support/shared-sockets';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();
const { rooms, urls, liveUrls } = sharedSockets(fake);

const topics = {
  subscribe: (topic: string): Anything => ({ sub: topic }),
  unsubscribe: (topic: string): Anything => ({ unsub: topic }),
};

describe('a caller that moves', () => {
  test('and sends as soon as it sees nothing holds the new room and gives back the old one', async () => {
    const use = rooms({ linger: 10 });
    const room = ref('a');
    const { scope } = inScope(() => {
      const { phase, send } = use(room);
      watch(phase, (now) => now === 'idle' && send('hello'), { flush: 'sync' });
    });
    fake.newest.accept();
    room.value = 'b';
    await nextTick();
    await vi.advanceTimersByTimeAsync(100);
    expect(liveUrls()).toEqual(['ws://server/b']);
    scope.stop();
    await vi.advanceTimersByTimeAsync(100);
    expect(liveUrls()).toEqual([]);
  });

  test('while it subscribes in a room leaves no subscription behind', async () => {
    const use = rooms({ serializer: 'json', linger: 0 });
    const others = inScope(() => [use('a'), use('b'), use('c')]);
    for (const socket of fake.sockets) socket.accept();
    const room = ref('a');
    const { scope } = inScope(() => {
      const socket: AnySocket = use(room);
      const subscribe = useSubscriptions(socket, {
        ...topics,
        subscribe(topic: string) {
          if (room.value === 'b') room.value = 'c';
          return topics.subscribe(topic);
        },
      });
      subscribe('news');
    });
    room.value = 'b';
    await nextTick();
    await nextTick();
    scope.stop();
    await nextTick();
    const both = ['{"sub":"news"}', '{"unsub":"news"}'];
    expect(fake.sockets.map(({ sent }) => sent)).toEqual([both, both, both]);
    others.scope.stop();
  });

  test('in a listener that throws then has its error told to the app', async () => {
    const use = rooms();
    const room = ref('a');
    const { app, errors } = mountApp(() => {
      use(room).on('received', () => {
        room.value = 'b';
        throw new Error('mine');
      });
    });
    fake.newest.accept();
    fake.newest.say('x');
    await nextTick();
    expect(errors).toEqual(['mine']);
    app.unmount();
  });

  test('and throws in a handler of its subscriptions has that error told, not another one', () => {
    const use = rooms({ serializer: 'json' });
    const scope = effectScope(true);
    const { app, errors } = mountApp(() =>
      scope.run(() => {
        const socket: AnySocket = use('a');
        useSubscriptions(socket, { ...topics, topicOf: ({ topic }: Anything) => topic })('news', () => {
          scope.stop();
          throw new Error('mine');
        });
      }),
    );
    fake.newest.accept();
    fake.newest.say('{"topic":"news"}');
    expect(errors).toEqual(['mine']);
    app.unmount();
  });

  test('keeps its refs', () => {
    const { scope, value: socket } = inScope(() => rooms()('a'));
    expect(socket.phase).toBe(socket.phase);
    scope.stop();
  });
});

describe('an effect', () => {
  test('that changes an argument tracks nothing of the move', async () => {
    const use = rooms();
    const [room, next] = [ref('a'), ref('b')];
    let runs = 0;
    const { scope } = inScope(() => {
      use(room);
      fake.newest.accept();
      watchEffect(() => {
        runs += 1;
        room.value = next.value;
      });
    });
    room.value = 'c';
    await nextTick();
    await nextTick();
    expect([runs, urls().at(-1)]).toEqual([1, 'ws://server/c']);
    scope.stop();
  });

  test('that sends while the caller moves does not run again with what its subscriptions read', async () => {
    const use = rooms({ serializer: 'json' });
    const others = inScope(() => [use('a'), use('b')]);
    for (const socket of fake.sockets) socket.accept();
    const [room, token] = [ref('a'), ref(1)];
    let runs = 0;
    const { scope } = inScope(() => {
      const socket: AnySocket = use(room);
      const subscribe = useSubscriptions(socket, {
        ...topics,
        subscribe: (topic: string) => ({ sub: topic, token: token.value }),
      });
      subscribe('news');
      room.value = 'b';
      watchEffect(() => {
        runs += 1;
        socket.send('x');
      });
    });
    token.value = 2;
    await nextTick();
    expect([runs, fake.newest.sent]).toEqual([1, ['{"sub":"news","token":1}', '"x"']]);
    for (const one of [scope, others.scope]) one.stop();
  });
});

describe("on('opened') is heard once", () => {
  test('by a listener that is added while the connection opens', async () => {
    const use = rooms();
    const heard: string[] = [];
    const inside = effectScope(true);
    const { scope } = inScope(() => {
      const { phase, on } = use('a');
      const ifOpen = (name: string) => (now: string) => now === 'open' && on('opened', () => heard.push(name));
      watch(phase, ifOpen('sync watcher'), { flush: 'sync' });
      on('changed', (event) => ifOpen('listener')(event.phase));
      on('changed', (event) => {
        if (event.phase === 'open') inside.run(() => use('a').on('opened', () => heard.push('new caller')));
      });
    });
    fake.newest.accept();
    await nextTick();
    expect(heard.sort()).toEqual(['listener', 'new caller', 'sync watcher']);
    scope.stop();
    inside.stop();
  });

  test('by a caller that sends in one room after the other in one tick', async () => {
    const use = rooms();
    const room = ref('a');
    const others = inScope(() => [use('a'), use('b')]);
    for (const socket of fake.sockets) socket.accept();
    const heard: string[] = [];
    const { scope } = inScope(() => {
      const { on, send } = use(room);
      on('opened', () => heard.push(room.value));
      for (const next of ['b', 'a', 'b']) {
        room.value = next;
        send('x');
      }
    });
    await nextTick();
    expect(heard).toEqual(['b']);
    room.value = 'a';
    await nextTick();
    await nextTick();
    expect(heard).toEqual(['b', 'a']);
    for (const { scope: one } of [{ scope }, others]) one.stop();
  });

  test('for each time that <KeepAlive> shows the component again, and each message once', async () => {
    const use = rooms({ whenDeactivated: 'close' });
    const shown = ref(true);
    const heard: unknown[] = [];
    const Part = defineComponent(() => {
      const { on } = use('a');
      on('received', ({ value }) => heard.push(value));
      on('opened', () => heard.push('opened'));
      return () => null;
    });
    const app = createApp(() => h(KeepAlive, null, { default: () => (shown.value ? h(Part) : null) }));
    app.mount(document.createElement('div'));
    fake.newest.accept();
    for (let turn = 0; turn < 6; turn += 1) {
      shown.value = !shown.value;
      await nextTick();
    }
    await nextTick();
    fake.newest.say('x');
    expect([heard, fake.sockets.length]).toEqual([['opened', 'opened', 'opened', 'opened', 'x'], 1]);
    app.unmount();
  });
});

test('a component that <KeepAlive> has put away connects neither for a new argument nor after a hot reload', async () => {
  const use = rooms({ whenDeactivated: 'close', linger: 0 });
  const room = ref('a');
  const shown = ref(true);
  const Part = defineComponent(() => {
    const { phase } = use(room);
    return () => h('p', phase.value);
  });
  const app = createApp(() => h(KeepAlive, null, { default: () => (shown.value ? h(Part) : null) }));
  app.mount(document.createElement('div'));
  shown.value = false;
  await nextTick();
  room.value = 'b';
  await nextTick();
  expect(liveUrls()).toEqual([]);
  acceptSharedSocketUpdate({ use })({ use: rooms({ whenDeactivated: 'close', linger: 0 }) });
  expect(liveUrls()).toEqual([]);
  shown.value = true;
  await nextTick();
  expect(urls()).toEqual(['ws://server/a', 'ws://server/b']);
  app.unmount();
});

describe('a caller that has left', () => {
  test('says so to who delivers, asks or subscribes in another scope, and does not break them', async () => {
    const use = rooms({ serializer: 'json', heartbeat: true, delivery: atLeastOnce() });
    const { scope, value: socket } = inScope<AnySocket>(() => use('a'));
    const outer = inScope(() => [useRequests(socket, 'id'), useSubscriptions(socket, topics)] as const);
    scope.stop();
    const [request, subscribe] = outer.value;
    await expect(deliver(socket, 'x')).rejects.toMatchObject({ code: 'left' });
    await expect(request({ ask: 1 })).rejects.toMatchObject({ code: 'left' });
    subscribe('news')();
    outer.scope.stop();
  });

  test('is not heard of by an effect that has only sent', async () => {
    const use = rooms();
    const room = ref('a');
    const { scope, value: socket } = inScope(() => use(room));
    room.value = 'b';
    let runs = 0;
    const outer = inScope(() =>
      watchEffect(() => {
        runs += 1;
        socket.send('x');
      }),
    );
    scope.stop();
    await nextTick();
    expect(runs).toBe(1);
    outer.scope.stop();
  });

  test('in the tick of a change rejects the request that it has just made', async () => {
    const use = rooms({ serializer: 'json' });
    const room = ref('a');
    const { scope, value } = inScope(() => useRequests(use(room) as AnySocket, 'id'));
    room.value = 'b';
    const request = value({ ask: 1 });
    scope.stop();
    await expect(request).rejects.toMatchObject({ code: 'left' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(liveUrls()).toEqual([]);
  });
});

test('a store that outlives its app connects no more', async () => {
  const use = rooms();
  const room = ref('a');
  const store = effectScope(true);
  const { app } = mountApp(() => store.run(() => use(room)));
  app.unmount();
  room.value = 'b';
  await nextTick();
  expect(liveUrls()).toEqual([]);
  store.stop();
});

test('a thousand mounts leave no socket and no timer', () => {
  const use = rooms({ linger: 0 });
  for (let number = 0; number < 1_000; number += 1) {
    const { scope } = inScope(() => use(`${number}`).on('received', () => {}));
    scope.stop();
  }
  expect([fake.sockets.length, liveUrls().length, vi.getTimerCount()]).toEqual([1_000, 0, 0]);
});
