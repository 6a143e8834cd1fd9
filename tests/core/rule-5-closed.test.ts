/** Rule 5 of the state machine: closed is undone by open() or a new url alone. */
import { expect, test } from 'vitest';
import { openEngine } from '../support/engine';

test('a late event, the network and the page do not open a closed connection, and open() and a new url do', () => {
  const engine = openEngine();
  const { onclose } = engine.socket;
  engine.connection.close(1000);
  onclose?.({ code: 1006, reason: '', wasClean: false } as never);
  for (const signal of ['online', 'visibilitychange', 'pagehide', 'pageshow'] as const) engine.ports.signal(signal);
  engine.ports.clock.advance(3_600_000);
  expect(engine.view.phase).toBe('closed');
  expect(engine.ports.sockets).toHaveLength(1);
  engine.connection.open();
  expect(engine.view.phase).toBe('connecting');
  engine.connection.close(1000);
  engine.url = 'ws://other/';
  engine.connection.changeUrl();
  expect(engine.view.phase).toBe('connecting');
});
