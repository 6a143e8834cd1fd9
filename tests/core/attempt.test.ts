/** An attempt to connect: when it is made, to which url, and how it fails. */
import { expect, test, vi } from 'vitest';
import { HeartbeatSocketError } from '../../src/core/errors';
import { createEngine, type Engine, startEngine } from '../support/engine';

test('open() while waiting connects at once, and open() while connecting leaves one live socket', () => {
  const engine = startEngine({ autoReconnect: { delay: 9_000 } });
  engine.socket.end();
  engine.connection.open();
  expect(engine.view).toMatchObject({ phase: 'connecting', failures: 0 });
  engine.connection.open();
  expect(engine.ports.live()).toHaveLength(1);
});

test('a WebSocket constructor that throws is a failed attempt, never a crash', () => {
  const engine = startEngine();
  engine.connection.close(1000);
  engine.ports.random = 0.5;
  engine.ports.refusal = new Error('no sockets today');
  engine.connection.open();
  expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'constructor' } });
  engine.ports.refusal = undefined;
  engine.ports.clock.advance(2_500);
  expect(engine.view.phase).toBe('connecting');
});

test('an unusable url ends in failed, and is not tried again', () => {
  const engine = startEngine();
  engine.connection.close(1000);
  engine.ports.refusal = new HeartbeatSocketError('url', 'must be one');
  engine.connection.open();
  engine.ports.clock.advance(3_600_000);
  expect(engine.view).toMatchObject({ phase: 'failed', error: { code: 'url', message: 'url: must be one' } });
  expect(engine.ports.sockets).toHaveLength(1);
});

test('a connection whose url goes away is idle, and drops what was buffered', () => {
  for (const url of [undefined, '']) {
    const engine = startEngine();
    engine.connection.send('kept', true);
    engine.url = url;
    engine.connection.changeUrl();
    expect(engine.view).toMatchObject({ phase: 'idle', status: 'CLOSED', ws: undefined });
    expect(engine.ports.clock.pending()).toBe(0);
    expect(engine.log).toEqual(['dropped:kept:url']);
  }
});

test.each(['closed', 'failed'] as const)('open() without a url makes a %s connection idle', (phase) => {
  const engine = startEngine({ autoReconnect: false });
  if (phase === 'closed') engine.connection.close(1000);
  else engine.socket.end();
  expect(engine.view.phase).toBe(phase);
  engine.url = undefined;
  engine.connection.open();
  expect(engine.view.phase).toBe('idle');
});

test('the url getter is called once for each attempt', () => {
  const url = vi.fn(() => `ws://server/?n=${engine.ports.sockets.length}`);
  const engine: Engine = createEngine({ autoReconnect: { delay: 10 } });
  Object.defineProperty(engine, 'url', { get: url });
  engine.connection.open();
  url.mockClear();
  engine.socket.end();
  engine.ports.clock.advance(10);
  expect(engine.socket.url).toBe('ws://server/?n=1');
  expect(url).toHaveBeenCalledTimes(1);
});
