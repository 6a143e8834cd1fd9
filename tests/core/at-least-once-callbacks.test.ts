/** Delivery with proof, where callbacks do something in the middle of `send()`. */
import { expect, test } from 'vitest';
import { createAtLeastOnce } from '../../src/core/at-least-once';
import { type Engine, type EngineOptions, openEngine } from '../support/engine';

const open = (options: EngineOptions): Engine =>
  openEngine({
    delivery: createAtLeastOnce({ ackWithin: 1_000, ack: undefined, id: undefined, storage: undefined }),
    autoReconnect: { delay: 0 },
    ...options,
  });

const refuse = (): never => {
  throw new Error('refused');
};

test.each([
  ['close()', (engine: Engine) => engine.connection.close(1000), 0],
  ['open()', (engine: Engine) => engine.connection.open(), 1],
])('onDropped, called for the oldest message of a full buffer, may call %s', (_, command, pending) => {
  const dropped: unknown[] = [];
  const engine: Engine = open({
    buffer: { limit: 1 },
    listener: {
      onDropped(data, reason) {
        dropped.push(`${data}:${reason}`);
        if (data === 'a') command(engine);
      },
    },
  });
  const first = engine.socket;
  engine.connection.send('a');
  expect(engine.connection.send('b')).toBe(true);
  expect([first.sent, engine.view.pending]).toEqual([['a', 'b'], pending]);
  expect(dropped).toEqual(pending ? ['a:unproven'] : ['a:unproven', 'b:unproven']);
});

test.each([
  ['close()', (engine: Engine) => engine.connection.close(1000)],
  ['open()', (engine: Engine) => engine.connection.open()],
])('onError, called for a message that the socket refused, may call %s: the message is not kept', (_, command) => {
  const dropped: unknown[] = [];
  const engine: Engine = open({
    listener: { onError: () => command(engine), onDropped: (data) => dropped.push(data) },
  });
  engine.socket.send = refuse;
  expect(engine.connection.send('a')).toBe(false);
  expect([dropped, engine.view.pending]).toEqual([[], 0]);
});

test('a message that waited, and that the first socket refuses, is said to be refused', () => {
  const engine = open({});
  engine.socket.end(1006);
  engine.connection.send('a');
  engine.ports.clock.advance(0);
  engine.socket.send = refuse;
  engine.socket.accept();
  expect(engine.log.filter((line) => line.startsWith('dropped'))).toEqual(['dropped:a:refused']);
});
