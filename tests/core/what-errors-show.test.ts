/** What an error of the library shows of what others have thrown: no secret, no live object, and still what went wrong. */
import assert from 'node:assert';
import { describe, expect, test } from 'vitest';
import { checkOptions } from '../../src/core/check-options';
import { HeartbeatSocketError } from '../../src/core/errors';
import { openEngine, startEngine } from '../support/engine';

/** The error of an attempt whose `beforeConnect` throws. */
const errorFor = (thrown: unknown): HeartbeatSocketError | undefined =>
  startEngine({
    beforeConnect() {
      throw thrown;
    },
  }).view.error;

const messageFor = (thrown: unknown): string | undefined => errorFor(thrown)?.message.replace('before-connect: ', '');

class Session {
  token = 'SECRET';
}

describe('of an error of the app', () => {
  test.each([
    ['no network today', 'no network today'],
    ['status 401: unauthorized', 'status 401: unauthorized'],
    ['GET wss://host/live?token=SECRET failed', 'GET wss://host/live?token=*** failed'],
    ['GET wss://host/live/SECRET failed', 'GET wss://host/live/*** failed'],
    ['GET wss://host/user123456/ failed', 'GET wss://host/*** failed'],
    ['GET wss://host/sEcReTsEcReT/ failed', 'GET wss://host/*** failed'],
    ['GET wss://host/secretsecretsecret/ failed', 'GET wss://host/*** failed'],
    ['GET wss://host/live?SECRETSECRETSECRETSECRETS=1 failed', 'GET wss://host/live?*** failed'],
    ['no file /home/SECRET', 'no file ***'],
    ['refused token=SECRET', 'refused ***'],
    ['refused token:SECRET', 'refused ***'],
    ['refused SECRETS12', 'refused ***'],
    ['refused 12SECRETS', 'refused ***'],
    ['refused SECRETSECRETSECRETSECRETS', 'refused ***'],
    ['refused 123456', 'refused ***'],
    ['bad url wss://user:SEC RET@host/', 'bad url *** ***'],
  ])('the sentence "%s" is shown as "%s"', (said, shown) => expect(messageFor(new Error(said))).toBe(shown));

  test.each([
    [new SyntaxError('Unexpected token S in SECRET'), 'SyntaxError'],
    [Object.assign(new Error('no'), { name: 'NetworkError' }), 'NetworkError'],
    [Object.assign(new Error('no'), { name: 'HTTPException' }), 'HTTPException'],
    [Object.assign(new Error('no'), { name: 'SECRET' }), 'Error'],
  ])('the cause of %s has the name, if it is one', (thrown, name) => {
    expect(errorFor(thrown)?.cause).toEqual({ name, message: name === 'SyntaxError' ? name : 'no' });
  });

  test('nothing but the name is shown if it is a SyntaxError, which quotes what could not be read', () => {
    expect(messageFor(new SyntaxError('Unexpected token S in SECRET'))).toBe('SyntaxError');
  });
});

describe('of what is thrown, and is no error,', () => {
  test.each([
    ['token=SECRET', '***', '***'],
    [Symbol('token=SECRET'), '***', '***'],
    [401, '401', 401],
    [
      { code: 401, 'token=SECRET': 1, text: 'token=SECRET', inner: { token: 'SECRET' } },
      'Object',
      { name: 'Object', code: 401, '***': 1, text: '***' },
    ],
    [['SECRET'], 'Array', { name: 'Array' }],
  ])('%o reads %s', (thrown, text, cause) => {
    expect([messageFor(thrown), errorFor(thrown)?.cause]).toEqual([text, cause]);
  });

  test('an object of a class that names itself shows its kind, and no field', () => {
    const session = Object.assign(new Session(), { [Symbol.toStringTag]: 'Session' });
    expect([messageFor(session), errorFor(session)?.cause]).toEqual(['Session', { name: 'Session' }]);
  });
});

test('what a socket throws when it is given data is told without the sentence of the browser, which quotes the data', () => {
  const engine = openEngine();
  engine.socket.send = () => {
    throw new TypeError('cannot send SECRET');
  };
  engine.connection.send('SECRET');
  expect(engine.view.error?.message).toBe('send: the socket threw TypeError');
});

test('what the constructor of a socket throws is told without the sentence of the browser, which quotes the url', () => {
  const engine = startEngine({ autoReconnect: false });
  engine.connection.close(1000);
  engine.ports.refusal = new TypeError('no host SECRET');
  engine.connection.open();
  expect(engine.view.error?.message).toMatch(/: the socket threw TypeError$/);
});

test.each([
  ['token=SECRET', "'***'"],
  ['jsn', "'jsn'"],
])('the error for an option that is the text %s shows %s', (serializer, shown) => {
  const message = `option: serializer must be 'raw', 'json' or { read, write }, received ${shown}`;
  expect(() => checkOptions({ serializer })).toThrow(expect.objectContaining({ message }));
});

test('giveUp() with an object keeps its plain fields, and shows its message', () => {
  const engine = startEngine({
    beforeConnect: ({ giveUp }) => giveUp({ status: 401, message: 'logged out' }) as undefined,
  });
  expect(engine.view.error).toMatchObject({
    code: 'gave-up',
    message: 'gave-up: logged out',
    cause: { status: 401, message: 'logged out' },
  });
});

test('giveUp() with the error of another connection ends with the code gave-up', () => {
  const other = new HeartbeatSocketError('refused', '1006');
  const engine = startEngine({ beforeConnect: ({ giveUp }) => giveUp(other) as undefined });
  expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'gave-up' } });
});

describe('a text of others that is very long', () => {
  const long = 'please wait '.repeat(100_000);

  test.each([
    ['that a handshake throws', () => startEngine({ handshake: () => assert.fail(long) })],
    ['that a beforeConnect rejects with', () => startEngine({ beforeConnect: () => assert.fail(long) })],
    ['that is no error', () => startEngine({ beforeConnect: ({ giveUp }) => giveUp(long) as undefined })],
    [
      'in a field of what is no error',
      () => startEngine({ beforeConnect: ({ giveUp }) => giveUp({ message: long, about: long }) as undefined }),
    ],
  ])('%s is cut, in the text and in the cause of the error', (_, start) => {
    const engine = start();
    engine.ports.sockets[0]?.accept();
    const { message, cause } = engine.view.error as Error;
    expect(message).toMatch(/please wait/);
    expect(message.length).toBeLessThan(160);
    expect(JSON.stringify(cause).length).toBeLessThan(320);
  });

  test('shows no beginning of a token where it is cut', () => {
    const start = 'please wait '.repeat(9);
    const engine = startEngine({
      beforeConnect: ({ giveUp }) => giveUp(`${start}for eyJhbGciOiJIUzI1NiJ9`) as undefined,
    });
    expect(engine.view.error?.message).toBe(`gave-up: ${start}for ***`);
  });
});
