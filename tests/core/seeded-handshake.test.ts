/** What a handshake does that is not as it should be: each of these was once a seeded bug that no other test noticed. */
import { describe, expect, test } from 'vitest';
import { startEngine } from '../support/engine';

/** Lets promises settle. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('a handshake', () => {
  test('that asks for two messages at once gets them in order', async () => {
    const heard: unknown[] = [];
    const engine = startEngine({
      async handshake({ receive }) {
        heard.push(...(await Promise.all([receive(), receive()])));
        return undefined;
      },
    });
    engine.socket.accept();
    engine.socket.say('hello');
    engine.socket.say('version 2');
    await settled();
    expect(heard).toEqual(['hello', 'version 2']);
  });

  test('that gives pongTimeout: Infinity does not hide a dead link', () => {
    const engine = startEngine({ handshake: () => ({ pongTimeout: Infinity }) });
    engine.socket.accept();
    engine.ports.clock.advance(20_000);
    expect(engine.view.error?.code).toBe('silence');
  });

  test('that fails when its attempt is long over does not fail the next one', async () => {
    let fail: () => void = () => {};
    const engine = startEngine({
      handshake: () => new Promise((_, reject) => (fail = () => reject(new Error('late')))),
    });
    engine.socket.accept();
    const failFirst = fail;
    engine.connection.open();
    engine.socket.accept();
    failFirst();
    await settled();
    expect(engine.view).toMatchObject({ phase: 'connecting', failures: 0 });
  });

  test('whose promise settles twice, as a faulty library makes it, does not hide that the server is silent', async () => {
    let done: (given: undefined) => void = () => {};
    const then = (resolve: typeof done): void => {
      done = resolve;
    };
    const engine = startEngine({ handshake: () => ({ then }) as PromiseLike<undefined> });
    engine.socket.accept();
    await Promise.resolve();
    done(undefined);
    await Promise.resolve();
    engine.ports.clock.advance(15_000);
    expect(engine.view.phase).toBe('suspect');
    done(undefined);
    await Promise.resolve();
    expect(engine.view.phase).toBe('suspect');
  });

  test('that asked for a message and does not wait for it any more leaves no unhandled rejection in the console', async () => {
    const unhandled: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
    try {
      const engine = startEngine({
        handshake({ receive }) {
          void receive();
          return new Promise(() => {});
        },
      });
      engine.socket.accept();
      engine.connection.close(1000);
      await settled();
      expect(unhandled).toEqual([]);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const other of others) process.on('unhandledRejection', other);
    }
  });

  test('that negotiates an interval makes no heartbeat where there is none', () => {
    const engine = startEngine({ heartbeat: false, handshake: () => ({ interval: 1_000 }) });
    engine.socket.accept();
    engine.ports.clock.advance(60_000);
    expect(engine.ports.sockets.map(({ sent }) => sent)).toEqual([[]]);
  });
});
