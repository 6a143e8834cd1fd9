/** Of an object that is neither text nor binary a socket would send the text `[object Object]`. The server gets none of these. */
import { expect, test } from 'vitest';
import { type EngineOptions, openEngine, startEngine } from '../support/engine';

const NONSENSE: readonly (readonly [name: string, value: unknown])[] = [
  ['an object', { a: 1 }],
  ['a list', [1]],
  ['a promise', Promise.resolve('later')],
  ['a function', () => 'later'],
  ['undefined', undefined],
  ['null', null],
];

const open = (options: EngineOptions = {}) => openEngine({ heartbeat: false, ...options });

test.each(NONSENSE)('%s that the app sends is refused, on an open connection and before it', (_, value) => {
  const opened = open();
  expect(opened.connection.send(value)).toBe(false);
  const early = startEngine({ heartbeat: false });
  early.connection.send(value);
  early.socket.accept();
  for (const { connection, socket } of [opened, early]) {
    expect(socket.sent).toEqual([]);
    expect(connection.view()).toMatchObject({ phase: 'open', pending: 0 });
  }
  expect(opened.connection.view().error).toMatchObject({ code: 'send' });
});

test.each(NONSENSE)('%s that a serializer writes is refused', (_, value) => {
  const { connection, socket } = open({ serializer: { read: String, write: () => value as never } });
  expect(connection.send('x')).toBe(false);
  expect(socket.sent).toEqual([]);
  expect(connection.view().error).toMatchObject({ code: 'send' });
});

test.each(NONSENSE)('%s that a getter gives as the heartbeat is not sent, and the connection stays', (_, value) => {
  const { connection, socket, ports } = openEngine({ heartbeat: { message: () => value, interval: 1_000 } });
  ports.clock.advance(5_000);
  expect(socket.sent).toEqual([]);
  expect(connection.view()).toMatchObject({ phase: 'open', error: { code: 'send' } });
});

test.each(NONSENSE)('%s that a handshake sends ends the attempt', async (_, value) => {
  const { connection, socket } = startEngine({ handshake: async ({ send }) => void send(value) });
  socket.accept();
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.sent).toEqual([]);
  expect(connection.view()).toMatchObject({ phase: 'waiting', error: { code: 'send' } });
});
