/** What becomes of messages: each of these was once a seeded bug that no other test noticed. */
import { describe, expect, test } from 'vitest';
import { type Engine, openEngine, startEngine } from '../support/engine';

describe('messages', () => {
  test('that are sent after close() are each told as dropped', () => {
    const engine: Engine = openEngine();
    engine.connection.close(1000);
    for (const message of ['a', 'b']) engine.connection.send(message);
    expect(engine.log.slice(-2)).toEqual(['dropped:a:closed', 'dropped:b:closed']);
  });

  test('without room are told as dropped and not as buffered, also if the app sends the same one twice', () => {
    const told: string[] = [];
    const engine = startEngine({
      buffer: { limit: 1, overflow: 'drop-newest' },
      listener: { onEvent: ({ type }) => told.push(type) },
    });
    engine.connection.send('tick');
    told.length = 0;
    engine.connection.send('tick');
    expect(told).toEqual(['dropped']);
    expect(engine.log).toEqual(['dropped:tick:overflow']);
  });

  test('that are Blobs take their room in the buffer', () => {
    const engine = startEngine({ buffer: { maxBytes: 10 } });
    engine.connection.send(new Blob(['x'.repeat(11)]));
    expect([engine.view.pending, engine.log]).toEqual([0, ['dropped:[object Blob]:overflow']]);
  });

  test('for a server with a rate limit go out at that rate, though each timer is late', () => {
    const engine = startEngine({ heartbeat: false, buffer: { perSecond: 5 } });
    const { clock } = engine.ports;
    const { after } = clock;
    clock.after = (ms, run) => after.call(clock, ms + 100, run);
    for (let message = 0; message < 100; message += 1) engine.connection.send(message);
    engine.socket.accept();
    clock.advance(10_000);
    expect(engine.socket.sent.length).toBeGreaterThan(48);
    expect(engine.socket.sent.length).toBeLessThan(53);
  });

  test('that a full socket has kept out go out when it has room, though the app goes on sending', () => {
    const engine = openEngine({ heartbeat: false, buffer: { highWaterMark: 10 } });
    engine.socket.bufferedAmount = 11;
    engine.connection.send('first');
    engine.socket.bufferedAmount = 0;
    for (let message = 0; message < 5; message += 1) {
      engine.ports.clock.advance(40);
      engine.connection.send(message);
    }
    expect(engine.socket.sent[0]).toBe('first');
  });

  test('that a full socket has kept out go out when it has room, though an answer is overdue', () => {
    const engine = openEngine({ buffer: { highWaterMark: 10 } });
    engine.socket.bufferedAmount = 11;
    engine.connection.send('kept');
    engine.ports.clock.advance(15_000);
    expect(engine.view.phase).toBe('suspect');
    engine.socket.bufferedAmount = 0;
    engine.ports.clock.advance(50);
    expect(engine.socket.sent).toEqual(['HeartBeat', 'kept']);
  });

  test('that have gone out are not shown as pending: the view is said to have changed after them', () => {
    const changes: number[] = [];
    const engine: Engine = startEngine({ listener: { onSend: () => changes.push(engine.viewChanges) } });
    engine.connection.send('kept');
    engine.socket.accept();
    expect(engine.viewChanges).toBeGreaterThan(changes[0] as number);
    expect(engine.view.pending).toBe(0);
  });
});
