/** Rule 6: values that cannot be printed, and callbacks that remove each other. */
import { describe, expect, test } from 'vitest';
import { openEngine, startEngine } from '../support/engine';

const unprintable: [string, unknown][] = [
  ['a symbol', Symbol('no text')],
  ['an object without toString', Object.create(null)],
  [
    'an object whose message throws',
    {
      get message(): string {
        throw new Error('message');
      },
    },
  ],
];

const throwing = (thrown: unknown) => (): never => {
  throw thrown;
};

describe.each(unprintable)('%s that is thrown', (_, thrown) => {
  test('by onConnected does not keep onDisconnected from running, nor the buffer from going out', () => {
    const engine = startEngine({ listener: { onConnected: throwing(thrown) } });
    engine.connection.send('kept');
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['kept']);
    engine.socket.end(1012);
    expect(engine.log).toEqual(['error', 'disconnected:1012::true', 'dropped:kept:unproven']);
    expect(engine.view.error?.code).toBe('closed');
  });

  test('by beforeConnect is a failed attempt at once', () => {
    const engine = startEngine({ beforeConnect: throwing(thrown), autoReconnect: { delay: 500 } });
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'before-connect' } });
  });

  test('by the serializer does not come out of send()', () => {
    const engine = openEngine({ serializer: { read: String, write: throwing(thrown) } });
    expect(engine.connection.send('x' as never)).toBe(false);
    expect(engine.view.error?.code).toBe('serializer');
  });

  test('by onDropped loses none of the other messages unreported', () => {
    const dropped: unknown[] = [];
    const engine = startEngine({
      listener: {
        onDropped(data) {
          dropped.push(data);
          throw thrown;
        },
      },
    });
    for (const data of ['a', 'b', 'c']) engine.connection.send(data);
    engine.connection.close(1000);
    expect(dropped).toEqual(['a', 'b', 'c']);
  });

  test('by retries leaves the decision to the default policy', () => {
    const engine = openEngine({ autoReconnect: { retries: throwing(thrown) } });
    engine.socket.end();
    expect(engine.view.phase).toBe('waiting');
  });
});

test('a component that another one unmounts in its onError does not hear of that error any more', () => {
  const heard: string[] = [];
  const engine = openEngine({ serializer: 'json' });
  const { listeners } = engine.connection;
  listeners.clear();
  const second = { onError: () => heard.push('second') };
  listeners.add({
    onError() {
      heard.push('first');
      listeners.delete(second);
    },
  });
  listeners.add(second);
  engine.socket.say('no JSON');
  expect(heard).toEqual(['first']);
});
