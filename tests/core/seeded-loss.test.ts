/** What is made of a loss: each of these was once a seeded bug that no other test noticed. */
import { describe, expect, test } from 'vitest';
import type { CloseInfo } from '../../src/core/ports';
import { createEngine, type Engine, openEngine, startEngine } from '../support/engine';

describe('a beforeConnect', () => {
  test('is told after open() how the connection gave up', () => {
    const told: (CloseInfo | undefined)[] = [];
    const engine = startEngine({
      autoReconnect: false,
      beforeConnect({ lastClose }) {
        told.push(lastClose);
        return undefined;
      },
    });
    engine.socket.end(4000, 'go away');
    engine.connection.open();
    expect(told).toMatchObject([undefined, { code: 4000, reason: 'go away' }]);
  });

  test('that fetches tokens is run once more after a 4403, though a 4401 came before that is not final here', () => {
    const engine = startEngine({
      beforeConnect: () => undefined,
      autoReconnect: { finalCodes: [4403], delay: 1_000 },
    });
    engine.socket.end(4401);
    engine.ports.clock.advance(1_000);
    engine.socket.end(4403);
    expect(engine.view.phase).toBe('waiting');
    engine.ports.clock.advance(1_000);
    engine.socket.end(4403);
    expect(engine.view.phase).toBe('failed');
  });
});

describe('a server that accepts and closes at once after a wake', () => {
  test.each([0, 10])('is excused once where a connection is stable after %i ms', (stableAfter) => {
    const losses: boolean[] = [];
    const delay = (_: number, { isLocal }: { isLocal: boolean }): number => {
      losses.push(isLocal);
      return 0;
    };
    const engine = openEngine({ autoReconnect: { stableAfter, delay } });
    engine.ports.clock.advance(5_000);
    engine.ports.signal('online');
    for (let loss = 0; loss < 3; loss += 1) {
      engine.socket.end();
      engine.ports.clock.advance(0);
      engine.socket.accept();
      engine.ports.clock.advance(stableAfter);
    }
    expect(losses).toEqual([true, false, false]);
  });
});

test('an onDropped that calls open() while an attempt begins has beforeConnect run once', () => {
  let runs = 0;
  const engine: Engine = createEngine({
    beforeConnect() {
      runs += 1;
      return undefined;
    },
    listener: { onDropped: () => engine.connection.open() },
  });
  engine.connection.send('for the old url');
  engine.url = 'ws://other/';
  engine.connection.open();
  expect([runs, engine.ports.live().length]).toEqual([1, 1]);
});
