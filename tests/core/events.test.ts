/** One outlet: each occurrence is one event of plain data. */
import { describe, expect, test } from 'vitest';
import type { HeartbeatSocketEvent } from '../../src/core/log-event';
import { type Engine, type EngineOptions, startEngine } from '../support/engine';

const logging = (options: EngineOptions = {}): { engine: Engine; log: HeartbeatSocketEvent[] } => {
  const log: HeartbeatSocketEvent[] = [];
  const engine = startEngine({ autoReconnect: { delay: 500 }, ...options, listener: { onEvent: (e) => log.push(e) } });
  return { engine, log };
};

const types = (log: HeartbeatSocketEvent[]): string[] => log.splice(0).map(({ type }) => type);

describe('events', () => {
  test('an event says that beforeConnect is about to run, with the secrets of the url masked', async () => {
    const { log } = logging({ url: 'ws://server/?token=abc', beforeConnect: async () => undefined });
    await Promise.resolve();
    expect(log.slice(1)).toMatchObject([
      { type: 'preparing', url: 'ws://server/?token=***', phase: 'connecting', cause: 'preparing' },
      { type: 'attempted', url: 'ws://server/?token=***', phase: 'connecting', cause: 'open' },
    ]);
  });

  test('no event names an exception where the url changed during beforeConnect, and nothing threw', async () => {
    const { engine, log } = logging({ beforeConnect: async ({ url }) => ({ url: `${url}?t=1` }) });
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    for (let i = 0; i < 6; i += 1) await Promise.resolve();
    expect(engine.socket.url).toBe('ws://other/?t=1');
    const [attempted] = log.filter(({ type }) => type === 'attempted');
    expect(attempted?.cause).toBe('prepared');
    expect(log.filter(({ type, cause }) => type === 'erred' || cause === 'threw')).toEqual([]);
  });

  test('an event of the log says that the socket fired an error event', () => {
    const { engine, log } = logging();
    log.length = 0;
    engine.socket.fail();
    expect(log.map(({ type, cause }) => [type, cause])).toEqual([['faulted', 'faulted']]);
  });

  test('one event says that the connection has recovered', () => {
    const { engine, log } = logging({ heartbeat: false });
    engine.socket.end();
    engine.ports.clock.advance(500);
    engine.socket.accept();
    log.length = 0;
    engine.ports.clock.advance(60_000);
    expect(types(log)).toEqual(['recovered']);
    expect(engine.view.failures).toBe(0);
  });

  test('events say whether a socket that ended was open, and whether the connection gave up', () => {
    const { engine, log } = logging({ autoReconnect: { retries: 1, delay: 500 } });
    const told = (): unknown[] =>
      log.splice(0).flatMap((event) => {
        if (event.type === 'ended') return [event.wasOpen];
        return event.type === 'erred' ? [event.gaveUp] : [];
      });
    engine.socket.accept();
    engine.socket.end();
    expect(told()).toEqual([true, false]);
    engine.ports.clock.advance(500);
    engine.socket.end();
    expect(told()).toEqual([false, true]);
  });

  test('events are plain data: a copy of each one, sent to a worker or another tab, says the same', () => {
    const { engine, log } = logging({ serializer: 'json' });
    engine.connection.send({ a: 1 });
    engine.socket.accept();
    engine.socket.say('{"a":1}');
    engine.socket.say('no JSON');
    engine.socket.fail();
    engine.ports.clock.advance(10_000);
    engine.socket.say('HeartBeat');
    engine.socket.end(1012, 'restart');
    engine.connection.leave();
    expect(new Set(log.map(({ type }) => type)).size).toBeGreaterThan(7);
    for (const event of log) {
      const copy = structuredClone(event);
      expect({ ...copy, error: undefined }).toEqual({ ...event, error: undefined });
      if (event.type === 'erred') expect((copy as typeof event).error.cause).toEqual(event.error.cause);
    }
    const [loss] = log.filter((event) => event.type === 'erred' && event.error.code === 'closed');
    expect(loss).toMatchObject({ error: { cause: { code: 1012, reason: 'restart', wasClean: true } } });
  });

  test('each occurrence is told as one event, however many listeners there are', () => {
    const seen: HeartbeatSocketEvent[][] = [[], []];
    const engine = startEngine();
    for (const log of seen) engine.connection.listeners.add({ onEvent: (event) => log.push(event) });
    engine.socket.accept();
    engine.socket.say('hello');
    engine.socket.end(1000);
    expect(types([...(seen[0] ?? [])])).toEqual(['changed', 'opened', 'received', 'changed', 'ended', 'erred']);
    expect(seen[1]).toEqual(seen[0]);
    // The same record: a second one could differ.
    for (const [at, event] of (seen[0] ?? []).entries()) expect(seen[1]?.[at]).toBe(event);
  });
});
