/** When the connection stops trying: final close codes, and the number of retries. */
import { describe, expect, test, vi } from 'vitest';
import { delayNow, type Engine, openEngine, startEngine } from '../support/engine';

/** Accepts and closes at once, as often as the client comes, and answers with the number of sockets. */
const acceptThenClose = (engine: Engine, code = 1006, limit = 50): number => {
  for (let i = 0; i < limit && engine.view.phase !== 'failed'; i += 1) {
    engine.socket.accept();
    engine.socket.end(code);
    if (engine.view.retryAt) engine.ports.clock.advance(delayNow(engine));
  }
  return engine.ports.sockets.length;
};

describe('final codes', () => {
  test.each([1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403])(
    'a server that closes with %i is not tried again, and the connection has failed',
    (code) => {
      const engine = openEngine();
      engine.socket.end(code, 'go away');
      engine.ports.clock.advance(3_600_000);
      expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'final-code' } });
      expect(engine.view.error?.message).toBe(`final-code: closed ${code} go away`);
      expect(engine.ports.sockets).toHaveLength(1);
      expect(engine.log).toEqual(['connected', `disconnected:${code}:go away:true`, 'failed']);
    },
  );

  test('finalCodes replaces the list of final codes', () => {
    const engine = openEngine({ autoReconnect: { finalCodes: [4000] } });
    engine.socket.end(4401);
    expect(engine.view.phase).toBe('waiting');
    const other = openEngine({ autoReconnect: { finalCodes: [4000] } });
    other.socket.end(4000);
    expect(other.view.phase).toBe('failed');
  });
});

describe('retries', () => {
  test('retries: 3 means three retries, though the server accepts each of them before it closes', () => {
    const engine = startEngine({ autoReconnect: { retries: 3 } });
    expect(acceptThenClose(engine)).toBe(4);
    expect(engine.view).toMatchObject({ phase: 'failed', failures: 4, error: { code: 'retries' } });
    expect(engine.log.filter((line) => line === 'failed')).toHaveLength(1);
  });

  test('failures and retries count from 0 again once the connection has stood for stableAfter, and not before', () => {
    const engine = startEngine({ autoReconnect: { retries: 1, delay: 10 } });
    engine.socket.end();
    expect(engine.view.failures).toBe(1);
    engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.advance(4_999);
    expect(engine.view.failures).toBe(1);
    engine.ports.clock.advance(1);
    expect(engine.view.failures).toBe(0);
    engine.socket.end();
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 0 });
    engine.ports.clock.advance(10);
    engine.socket.end();
    expect(engine.view).toMatchObject({ phase: 'failed', failures: 1 });
  });

  test('a beat before stableAfter does not set the failures to 0', () => {
    const engine = startEngine({ heartbeat: { interval: 1_000 }, autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.advance(1_500);
    expect(engine.view.failures).toBe(1);
  });

  test('failures count from 0 again after stableAfter with the heartbeat off, too', () => {
    const engine = startEngine({ heartbeat: false, autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.ports.clock.advance(10);
    engine.socket.accept();
    engine.ports.clock.advance(5_000);
    expect(engine.view.failures).toBe(0);
    expect(engine.ports.clock.pending()).toBe(0);
  });

  test('a retries function gets the retries made so far and the event, and a delay function the retry about to be made', () => {
    const retries = vi.fn((retried: number) => retried < 2);
    const delay = vi.fn(() => 5);
    const engine = startEngine({ autoReconnect: { retries, delay } });
    for (let i = 0; i < 3; i += 1) {
      engine.socket.end(1013, 'busy');
      engine.ports.clock.advance(5);
    }
    expect(retries.mock.calls.map(([retried]) => retried)).toEqual([0, 1, 2]);
    expect(retries).toHaveBeenLastCalledWith(2, expect.objectContaining({ code: 1013, reason: 'busy' }));
    expect(delay.mock.calls).toMatchObject([
      [1, {}],
      [2, {}],
    ]);
    expect(engine.view.phase).toBe('failed');
  });

  test('a retries function is told of a silent link as of one that closed with 1006', () => {
    const retries = vi.fn(() => true);
    const engine = openEngine({ autoReconnect: { retries }, heartbeat: { interval: 1_000, pongTimeout: 1_000 } });
    engine.ports.random = 0.5;
    engine.ports.clock.advance(2_000);
    expect(retries).toHaveBeenCalledExactlyOnceWith(0, { code: 1006, reason: 'silence', wasClean: false });
  });

  test('autoReconnect: false gives up at the first loss, and open() tries again', () => {
    const engine = openEngine({ autoReconnect: false });
    engine.socket.end(1000);
    expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'retries' } });
    engine.connection.open();
    engine.socket.accept();
    expect(engine.view).toMatchObject({ phase: 'open', failures: 0, error: undefined });
  });

  test('a retries function that throws each time does not stop the retries, whatever the number of losses', () => {
    const engine = openEngine({
      autoReconnect: {
        retries() {
          throw new Error('retries');
        },
      },
    });
    for (let loss = 0; loss < 4; loss += 1) {
      engine.socket.end();
      expect(engine.view.phase).toBe('waiting');
      engine.ports.clock.advance(delayNow(engine));
    }
  });
});
