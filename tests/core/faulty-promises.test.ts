/** What a faulty library gives in place of a promise: the connection takes the first answer, and never waits for another one. */
import { describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../support/engine';

type Settle = (value?: unknown) => void;

/** Anything that has a function `then` counts as a promise. */
const promise = (then: (resolve: Settle, reject: Settle) => unknown): never => ({ then }) as never;

const preparing = (then: (resolve: Settle, reject: Settle) => unknown): Engine =>
  startEngine({ beforeConnect: () => promise(then) });

const shaking = (then: (resolve: Settle, reject: Settle) => unknown): Engine => {
  const engine = startEngine({ handshake: () => promise(then) });
  engine.socket.accept();
  return engine;
};

describe('a beforeConnect whose promise', () => {
  test.each([
    ['is rejected after it is resolved', (reject: Settle) => reject(new Error('too late'))],
    [
      'throws after it is resolved',
      () => {
        throw new Error('too late');
      },
    ],
  ])('%s goes on with what it has fetched', (_, after) => {
    const engine = preparing((resolve, reject) => {
      resolve({ url: 'ws://server/?token' });
      after(reject);
    });
    expect(engine.view).toMatchObject({ phase: 'connecting', error: undefined });
    expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://server/?token']);
  });

  test('is resolved after it is rejected makes no socket', () => {
    const engine = preparing((resolve, reject) => {
      reject(new Error('401'));
      resolve({ url: 'ws://server/?token' });
    });
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { message: 'before-connect: 401' } });
    expect(engine.ports.sockets).toEqual([]);
  });

  test('cannot be waited for is a failed attempt at once', () => {
    const engine = preparing(() => {
      throw new Error('no promise');
    });
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { message: 'before-connect: no promise' } });
  });
});

describe('a handshake whose promise', () => {
  test('is rejected after it is resolved leaves the connection open', () => {
    const engine = shaking((resolve, reject) => {
      resolve();
      reject(new Error('too late'));
    });
    expect(engine.view).toMatchObject({ phase: 'open', error: undefined });
  });

  test('cannot be waited for is a failed attempt at once', () => {
    const engine = shaking(() => {
      throw new Error('no promise');
    });
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { message: 'handshake: no promise' } });
  });
});
