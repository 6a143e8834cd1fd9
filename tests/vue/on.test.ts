/** `on`: one type of event, heard for as long as a scope lives. */
import { expect, expectTypeOf, test, vi } from 'vitest';
import { createApp, effectScope } from 'vue';
import { createHeartbeatSocket, useHeartbeatSocket } from '../../src';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

test('a component that joins hears with on() until it is gone, and the app’s connection stays', () => {
  const { WebSocket } = fake;
  const app = createApp({ render: () => null });
  app.use(createHeartbeatSocket({ url: 'ws://server/', WebSocket, serializer: 'json', heartbeat: false }));
  app.mount(document.createElement('div'));
  const heard: unknown[] = [];
  const scope = effectScope(true);
  app.runWithContext(() =>
    scope.run(() => {
      const { on } = useHeartbeatSocket();
      on('received', ({ value }) => heard.push(value));
      on('opened', ({ isFirst }) => heard.push(`first: ${isFirst}`));
    }),
  );
  fake.newest.accept();
  fake.newest.say('{"n":1}');
  expect(heard).toEqual(['first: true', { n: 1 }]);
  scope.stop();
  fake.newest.say('{"n":2}');
  expect([heard.length, fake.newest.readyState]).toEqual([2, 1]);
  app.unmount();
});

test('the function that on() returns ends it, inside of a scope and outside of one', () => {
  const { WebSocket } = fake;
  const scope = effectScope(true);
  const heard: string[] = [];
  const socket = scope.run(() => {
    const own = useHeartbeatSocket('ws://server/', { WebSocket, heartbeat: false });
    own.on('received', () => heard.push('inside'))();
    return own;
  });
  const stop = socket?.on('received', () => heard.push('outside'));
  fake.newest.accept();
  fake.newest.say('a');
  expect(heard).toEqual(['outside']);
  stop?.();
  fake.newest.say('b');
  expect(heard).toEqual(['outside']);
  scope.stop();
});

test('a message that cannot be read is not heard, and what a listener throws goes to the app’s error handler', () => {
  const { WebSocket } = fake;
  const errors: unknown[] = [];
  const app = createApp({ render: () => null });
  app.config.errorHandler = (error) => errors.push(error);
  const heard = vi.fn();
  const boom = new Error('boom');
  const scope = effectScope(true);
  app.runWithContext(() =>
    scope.run(() => {
      const root = createHeartbeatSocket({});
      app.use(root);
      const { on } = useHeartbeatSocket('ws://server/', { WebSocket, serializer: 'json', onError: () => {} });
      on('received', heard);
      on('changed', ({ phase }) => {
        if (phase === 'open') throw boom;
      });
    }),
  );
  fake.newest.accept();
  fake.newest.say('no JSON');
  expect(heard).not.toHaveBeenCalled();
  expect(errors).toEqual([boom]);
  scope.stop();
});

test('the event that on() hears is of its type, and the value of a message of the type that the serializer reads', () => {
  interface Price {
    value: number;
  }
  const use = () => useHeartbeatSocket<Price>('/prices', { serializer: 'json' });
  type On = ReturnType<typeof use>['on'];
  const on: On = (() => () => {}) as never;
  on('received', ({ value, data, type }) => {
    expectTypeOf(value).toEqualTypeOf<Price>();
    expectTypeOf(data).toBeUnknown();
    expectTypeOf(type).toEqualTypeOf<'received'>();
  });
  on('dropped', ({ reason }) => expectTypeOf(reason).toExtend<string>());
  // @ts-expect-error there is no such event
  on('nonsense', () => {});
  // @ts-expect-error only a message has a value
  on('opened', ({ value }) => value);
  expectTypeOf<ReturnType<On>>().toEqualTypeOf<() => void>();
});

test('what is kept and what is sent is heard with the value that the app gave', () => {
  const { WebSocket } = fake;
  const heard: unknown[] = [];
  const scope = effectScope(true);
  scope.run(() => {
    const socket = useHeartbeatSocket('ws://server/', { WebSocket, serializer: 'json', heartbeat: false });
    socket.on('buffered', ({ data, value }) => heard.push(['kept', data, value]));
    socket.on('sent', ({ data, value }) => heard.push(['sent', data, value]));
    socket.send({ n: 1 });
  });
  fake.newest.accept();
  expect(heard).toEqual([
    ['kept', '{"n":1}', { n: 1 }],
    ['sent', '{"n":1}', { n: 1 }],
  ]);
  scope.stop();
});
