/** Rule 1 of the state machine: at most one live socket, and old sockets change nothing. */
import { expect, test } from 'vitest';
import { createEngine, openEngine, startEngine } from '../support/engine';

test('events of an abandoned socket change nothing', () => {
  const engine = openEngine();
  const old = engine.socket;
  const handlers = { ...old };
  engine.ports.clock.advance(20_000);
  engine.ports.clock.advance(100);
  engine.socket.accept();
  expect(engine.ports.live()).toEqual([engine.socket]);
  const before = { ...engine.view };
  for (const type of ['open', 'message', 'error'] as const) old.fire(type, { data: 'late' });
  old.fire('close', { code: 4401, reason: '', wasClean: true });
  // Even through handlers that were captured before they were taken off.
  handlers.onclose?.({ code: 4401, reason: '', wasClean: true } as never);
  handlers.onmessage?.({ data: 'late' } as never);
  handlers.onerror?.({} as never);
  handlers.onopen?.({} as never);
  expect(engine.view).toEqual(before);
  expect(engine.received).toEqual([]);
  expect(engine.log).toEqual(['connected', 'disconnected:1006:silence:false', 'connected']);
});

test('open() again and again, a new url, and the network coming back leave one live socket', () => {
  const engine = startEngine();
  engine.connection.open();
  expect(engine.ports.live()).toHaveLength(1);
  engine.socket.accept();
  engine.connection.open();
  engine.ports.signal('online');
  engine.url = 'ws://other/';
  engine.connection.changeUrl();
  expect(engine.ports.live()).toHaveLength(1);
  engine.ports.signal('online');
  engine.socket.end();
  engine.ports.signal('online');
  engine.ports.signal('visibilitychange');
  expect(engine.ports.live()).toHaveLength(1);
  expect(engine.socket.url).toBe('ws://other/');
});

test('a socket that refuses its binaryType is closed, and no other one lives beside it', () => {
  const engine = createEngine({ binaryType: 'arraybuffer', autoReconnect: { delay: 1_000 } });
  const { connect } = engine.ports.transport;
  engine.ports.transport.connect = (...to) =>
    Object.defineProperty(connect(...to), 'binaryType', {
      set() {
        throw new Error('read only');
      },
    });
  engine.connection.open();
  engine.ports.clock.advance(60_000);
  expect(engine.view.error?.code).toBe('constructor');
  expect(engine.ports.live()).toEqual([]);
});
