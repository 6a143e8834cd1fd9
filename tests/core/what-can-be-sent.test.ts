/** What can be sent, and what can be read: text and bytes go as they are, and of anything else an error says what it was. */
import { describe, expect, test } from 'vitest';
import { json } from '../../src/core/serializer';
import { isSendable } from '../../src/core/wire-data';
import { type Engine, openEngine } from '../support/engine';

const messageOf = ({ view }: Engine): string | undefined => view.error?.message;

/** Bytes that another thread has now. */
const TRANSFERRED = new Uint8Array(1);
structuredClone(TRANSFERRED.buffer, { transfer: [TRANSFERRED.buffer] });

describe('a socket is given', () => {
  test.each([
    'text',
    '',
    new String('text'),
    5,
    5n,
    new ArrayBuffer(1),
    new Uint8Array(1),
    new DataView(new ArrayBuffer(1)),
    new Blob(['a']),
    new File(['a'], 'a.txt'),
  ])('%o as it is', (data) => {
    const engine = openEngine();
    expect([engine.connection.send(data), engine.socket.sent, isSendable(data)]).toEqual([true, [data], true]);
  });

  test.each([
    [{ text: 'hello' }, 'Object'],
    [['hello'], 'Array'],
    [undefined, 'Undefined'],
    [null, 'Null'],
    [Promise.resolve('text'), 'Promise'],
    [Symbol('text'), 'Symbol'],
    [() => 'text', 'Function'],
    [false, 'Boolean'],
    [Number.NaN, 'Number'],
    [new SharedArrayBuffer(1), 'SharedArrayBuffer'],
    [new Uint8Array(new SharedArrayBuffer(1)), 'Uint8Array'],
    [TRANSFERRED, 'Uint8Array'],
  ])('nothing of %o, which the server would get as other text', (data, kind) => {
    const engine = openEngine();
    expect([engine.connection.send(data), engine.socket.sent]).toEqual([false, []]);
    expect([messageOf(engine), engine.log]).toEqual([`send: makes no sense, received ${kind}`, ['connected', 'error']]);
  });
});

test('the answer to a heartbeat of bytes is known by the bytes that were sent, though the app has changed them since', () => {
  const message = new Uint8Array([1, 2]);
  const engine = openEngine({ heartbeat: { message: () => message } });
  engine.ports.clock.advance(10_000);
  message[0] = 9;
  engine.ports.clock.advance(70);
  engine.socket.say(new Uint8Array([1, 2]).buffer);
  expect([engine.received, engine.view.latency]).toEqual([[], 70]);
});

test.each([
  ['nothing', () => undefined, 'Undefined'],
  ['a promise', async () => 'text', 'Promise'],
])('a message of which the serializer makes %s reaches no onMessage, and the app hears why', (_, read, kind) => {
  const engine = openEngine({ serializer: { read, write: String } });
  engine.socket.say('x');
  expect([engine.received, engine.log, messageOf(engine)]).toEqual([
    [],
    ['connected', 'error'],
    `serializer: makes no sense, received ${kind}`,
  ]);
});

test('a promise that the app has not awaited is refused, since its JSON is that of an empty object', () => {
  const engine = openEngine({ serializer: json });
  expect([engine.connection.send(Promise.resolve({ symbol: 'ACME' })), engine.socket.sent]).toEqual([false, []]);
  expect(messageOf(engine)).toBe('serializer: makes no sense, received Promise');
});

test('the error for a message that is no JSON does not quote the message, which may be a token', () => {
  const engine = openEngine({ serializer: 'json' });
  engine.socket.say('eyJhbGciOiJIUzI1NiJ9');
  expect(messageOf(engine)).toBe('serializer: the message is no JSON');
});
