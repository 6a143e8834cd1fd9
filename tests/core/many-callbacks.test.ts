/** Many callbacks that lead to one another: what they may cost, and where their messages go. */
import { expect, test, vi } from 'vitest';
import { HeartbeatSocketError } from '../../src/core/errors';
import { type Engine, openEngine } from '../support/engine';

const WITHOUT_END = new HeartbeatSocketError('callback', 'callbacks run without end');

test('fifteen components that each send at every event send a thousand messages at most, not millions', () => {
  const engine = openEngine({ heartbeat: false });
  for (let component = 0; component < 15; component += 1) {
    engine.connection.listeners.add({
      onEvent: ({ type }) => void (type === 'sent' && engine.connection.send('again')),
    });
  }
  engine.connection.send('first');
  expect(engine.socket.sent.length).toBeGreaterThan(15);
  expect(engine.socket.sent.length).toBeLessThanOrEqual(1_001);
  expect(engine.unhandled).toContainEqual(WITHOUT_END);
  // Afterwards everything is as before.
  const { length } = engine.socket.sent;
  engine.connection.listeners.clear();
  expect(engine.connection.send('later')).toBe(true);
  expect(engine.socket.sent).toHaveLength(length + 1);
});

test('a message of callbacks that run without end is reported as refused, and in no other place', () => {
  const dropped: unknown[] = [];
  let count = 0;
  const engine: Engine = openEngine({
    heartbeat: false,
    listener: {
      onSend() {
        count += 1;
        engine.connection.send(`m${count}`);
      },
      onDropped: (data, reason) => void dropped.push([data, reason]),
    },
  });
  engine.connection.send('m0');
  expect(engine.socket.sent).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  expect(dropped).toEqual([['m5', 'refused']]);
  expect(engine.unhandled).toEqual([WITHOUT_END]);
});

test('close() ends what runs without end', () => {
  let count = 0;
  const engine: Engine = openEngine({
    heartbeat: false,
    listener: {
      onSend() {
        count += 1;
        if (count > 5) return;
        if (count === 5) engine.connection.close(1000);
        else engine.connection.send('again');
      },
    },
  });
  engine.connection.listeners.add({ onSend: () => void (count === 5 && engine.connection.close(1000)) });
  engine.connection.send('first');
  expect(engine.view.phase).toBe('closed');
  expect(engine.unhandled.every((error) => (error as Error).message === WITHOUT_END.message)).toBe(true);
});

test('an upload beside a feed is not counted again with each message', () => {
  const engine = openEngine({ heartbeat: false });
  const text = 'x'.repeat(2_000_000);
  engine.connection.send(text);
  engine.ports.clock.advance(1);
  engine.socket.bufferedAmount = 1_500_000;
  const asked = vi.spyOn(String.prototype, 'charCodeAt');
  for (let message = 0; message < 20; message += 1) engine.socket.say('news');
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
  engine.socket.end(1006);
  expect(engine.log.filter((line) => line.endsWith(':unproven'))).toHaveLength(1);
});

test('without a heartbeat any message is a sign of life, whatever the plugin says of liveness', () => {
  const engine = openEngine({ heartbeat: false, ...({ liveness: 'response' } as object) });
  engine.connection.send('question');
  engine.ports.clock.advance(1);
  engine.socket.say('answer');
  engine.socket.end(1006);
  expect(engine.log.filter((line) => line.startsWith('dropped'))).toEqual([]);
});

test('the same error an hour later is another one', () => {
  const engine = openEngine({ heartbeat: false, serializer: 'json' });
  engine.connection.send(undefined as never);
  const { error } = engine.view;
  engine.ports.clock.advance(3_600_000);
  engine.connection.send(undefined as never);
  expect(engine.view.error).not.toBe(error);
});
