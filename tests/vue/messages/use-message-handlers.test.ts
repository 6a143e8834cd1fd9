/** `useMessageHandlers`: each message goes to the handler of its tag. */
import { expect, expectTypeOf, test } from 'vitest';
import { createApp, effectScope } from 'vue';
import { createHeartbeatSocket, useHeartbeatSocket, useMessageHandlers } from '../../../src';
import { mountSocket } from '../../support/mount-socket';
import { useFakeSockets } from '../../support/use-fake-sockets';

type Message =
  | { type: 'chat'; text: string }
  | { type: 'presence'; names: string[] }
  | { type: 'joined' | 'gone'; name: string };

const fake = useFakeSockets();

/** A connection in a scope of its own. */
function connect<Read = Message>(use: (socket: ReturnType<typeof useHeartbeatSocket<Read>>) => void) {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  scope.run(() => use(useHeartbeatSocket<Read>('ws://server/', { WebSocket, serializer: 'json', heartbeat: false })));
  fake.newest.accept();
  return scope;
}

const say = (message: unknown): void => fake.newest.say(JSON.stringify(message));

test('each message goes to the handler of its tag, and the rest goes to otherwise', () => {
  const heard: unknown[] = [];
  const scope = connect((socket) =>
    useMessageHandlers(socket, 'type', {
      chat: ({ text }) => heard.push(`chat ${text}`),
      gone: ({ name }) => heard.push(`gone ${name}`),
      otherwise: (message) => heard.push(message),
    }),
  );
  say({ type: 'chat', text: 'hello' });
  say({ type: 'gone', name: 'Ann' });
  say({ type: 'presence', names: ['Ann'] });
  say({ type: 'unheard of' });
  expect(heard).toEqual(['chat hello', 'gone Ann', { type: 'presence', names: ['Ann'] }, { type: 'unheard of' }]);
  scope.stop();
});

test('what has no tag, and a tag that every object has as a method, goes to otherwise', () => {
  const heard: unknown[] = [];
  const scope = connect((socket) =>
    useMessageHandlers(socket, 'type', { otherwise: (message) => heard.push(message) }),
  );
  const odd = [null, 5, 'chat', [], {}, { type: null }, { type: 'toString' }, { type: '__proto__' }, { type: {} }];
  for (const message of odd) say(message);
  expect(heard).toEqual(odd);
  scope.stop();
});

test('without otherwise, a message that has no handler is left alone', () => {
  const heard: unknown[] = [];
  const scope = connect((socket) => useMessageHandlers(socket, 'type', { chat: ({ text }) => heard.push(text) }));
  say({ type: 'presence', names: [] });
  say({ type: 'chat', text: 'hello' });
  expect(heard).toEqual(['hello']);
  scope.stop();
});

test('a tag may be a number', () => {
  const heard: unknown[] = [];
  const scope = connect<{ op: 1; value: string } | { op: 2; count: number }>((socket) =>
    useMessageHandlers(socket, 'op', { 1: ({ value }) => heard.push(value), 2: ({ count }) => heard.push(count) }),
  );
  say({ op: 1, value: 'a' });
  say({ op: 2, count: 7 });
  expect(heard).toEqual(['a', 7]);
  scope.stop();
});

test('handlers of a component that joined the app’s connection end with the component, those of others stay', () => {
  const { WebSocket } = fake;
  const app = createApp({ render: () => null });
  app.use(createHeartbeatSocket({ url: 'ws://server/', WebSocket, serializer: 'json', heartbeat: false }));
  app.mount(document.createElement('div'));
  const heard: string[] = [];
  const join = (name: string) => {
    const scope = effectScope(true);
    app.runWithContext(() =>
      scope.run(() =>
        useMessageHandlers(useHeartbeatSocket<Message>(), 'type', {
          chat: ({ text }) => heard.push(`${name} ${text}`),
        }),
      ),
    );
    return scope;
  };
  const [one] = [join('one'), join('two')];
  fake.newest.accept();
  say({ type: 'chat', text: 'a' });
  one.stop();
  say({ type: 'chat', text: 'b' });
  expect(heard).toEqual(['one a', 'two a', 'two b']);
  app.unmount();
});

test('the function that is returned ends the handlers', () => {
  const heard: unknown[] = [];
  let stop = (): void => {};
  const scope = connect((socket) => {
    stop = useMessageHandlers(socket, 'type', { chat: ({ text }) => heard.push(text) });
  });
  say({ type: 'chat', text: 'a' });
  stop();
  say({ type: 'chat', text: 'b' });
  expect(heard).toEqual(['a']);
  scope.stop();
});

test('what a handler throws goes to the app’s error handler, and the next message is handled', () => {
  const errors: unknown[] = [];
  const heard: unknown[] = [];
  const { WebSocket } = fake;
  const app = createApp({ render: () => null });
  app.config.errorHandler = (error) => errors.push(error);
  app.use(createHeartbeatSocket({ url: 'ws://server/', WebSocket, serializer: 'json', heartbeat: false }));
  const boom = new Error('boom');
  const scope = effectScope(true);
  app.runWithContext(() =>
    scope.run(() =>
      useMessageHandlers(useHeartbeatSocket<Message>(), 'type', {
        chat({ text }) {
          if (text === 'bad') throw boom;
          heard.push(text);
        },
      }),
    ),
  );
  fake.newest.accept();
  say({ type: 'chat', text: 'bad' });
  say({ type: 'chat', text: 'good' });
  expect(errors).toEqual([boom]);
  expect(heard).toEqual(['good']);
  scope.stop();
  app.mount(document.createElement('div'));
  app.unmount();
});

test('onMessage and data get the messages as well', () => {
  const heard: unknown[] = [];
  const { wrapper, socket } = mountSocket(fake, { serializer: 'json', onMessage: (_, __, value) => heard.push(value) });
  useMessageHandlers(socket as ReturnType<typeof useHeartbeatSocket<Message>>, 'type', {});
  fake.newest.accept();
  say({ type: 'chat', text: 'a' });
  expect([heard, socket.data.value]).toEqual([[{ type: 'chat', text: 'a' }], { type: 'chat', text: 'a' }]);
  wrapper.unmount();
});

test('types narrow each message, and refuse a tag or a field that does not exist', () => {
  type Socket<Read> = ReturnType<typeof useHeartbeatSocket<Read>>;
  const never = (
    // biome-ignore lint/suspicious/noExplicitAny: as a socket is typed by default
    anything: Socket<any>,
    socket: Socket<Message>,
    untyped: ReturnType<typeof useHeartbeatSocket>,
    mixed: Socket<Message | string>,
  ) => {
    useMessageHandlers(socket, 'type', {
      chat: (message) => expectTypeOf(message).toEqualTypeOf<{ type: 'chat'; text: string }>(),
      presence: (message) => expectTypeOf(message).toEqualTypeOf<{ type: 'presence'; names: string[] }>(),
      gone: (message) => expectTypeOf(message).toEqualTypeOf<{ type: 'joined' | 'gone'; name: string }>(),
      otherwise: (message) => expectTypeOf(message).toEqualTypeOf<Message>(),
    });
    // @ts-expect-error there is no such tag
    useMessageHandlers(socket, 'type', { chatt() {} });
    // @ts-expect-error one of the tags does not exist
    useMessageHandlers(socket, 'type', { chat: ({ text }) => text, chatt() {} });
    // @ts-expect-error no message has such a field
    useMessageHandlers(socket, 'kind', {});
    // @ts-expect-error a chat has no names
    useMessageHandlers(socket, 'type', { chat: ({ names }) => names });
    useMessageHandlers(anything, 'any', { tag: (message) => expectTypeOf(message).toBeAny() });
    useMessageHandlers(untyped, 'any', {
      tag: (message) => expectTypeOf(message).toBeUnknown(),
      otherwise: (message) => expectTypeOf(message).toBeUnknown(),
    });
    useMessageHandlers(mixed, 'type', { chat: ({ text }) => text });
  };
  expect(never).toBeTypeOf('function');
});
