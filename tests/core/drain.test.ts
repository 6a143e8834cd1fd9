/** `close({ drain })` beside what else may happen meanwhile. */
import { expect, test } from 'vitest';
import { createAtLeastOnce } from '../../src/core/at-least-once';
import { type Engine, openEngine, startEngine } from '../support/engine';

/** A connection that was lost with a message in hand, and closes within a minute. */
function drain(): Engine {
  const engine = openEngine({ autoReconnect: { delay: 100 } });
  engine.socket.end(1006);
  engine.connection.send('a');
  engine.connection.drain(60_000);
  return engine;
}

test('a second close({ drain }) makes the time shorter, and never longer', () => {
  const engine = drain();
  engine.connection.drain(1_000);
  engine.connection.drain(5_000);
  engine.ports.clock.advance(999);
  expect(engine.view.phase).not.toBe('closed');
  engine.ports.clock.advance(1);
  expect([engine.view.phase, engine.log.at(-1)]).toEqual(['closed', 'dropped:a:closed']);
});

test('a page that is left and comes back goes on with it', () => {
  const engine = drain();
  engine.ports.signal('pagehide');
  engine.ports.signal('pageshow');
  engine.socket.accept();
  expect([engine.socket.sent, engine.view.phase]).toEqual([['a'], 'closed']);
});

test('on a page that does not come back it ends in time', () => {
  const engine = drain();
  engine.connection.drain(1_000);
  engine.ports.signal('pagehide');
  engine.ports.clock.advance(1_000);
  expect([engine.view.phase, engine.ports.clock.pending()]).toEqual(['closed', 0]);
});

test('a new url ends it on a page that was left, too', () => {
  const engine = drain();
  engine.ports.signal('pagehide');
  engine.url = 'ws://other/';
  engine.connection.changeUrl();
  engine.connection.send('b');
  engine.ports.signal('pageshow');
  engine.socket.accept();
  expect([engine.socket.sent, engine.view.phase]).toEqual([['b'], 'open']);
});

test('open() ends it on a prerendered page, too', () => {
  const engine = drain();
  engine.ports.isPrerendering = true;
  engine.connection.open();
  engine.ports.signal('prerenderingchange');
  engine.socket.accept();
  expect([engine.socket.sent, engine.view.phase]).toEqual([['a'], 'open']);
});

test('the user closes at once all the same, and open() connects for good', () => {
  const engine = drain();
  engine.connection.close(1000);
  expect(engine.view.phase).toBe('closed');
  engine.connection.open();
  engine.socket.accept();
  engine.ports.clock.advance(60_000 - 1);
  engine.socket.say('news');
  engine.ports.clock.advance(1);
  expect(engine.view.phase).not.toBe('closed');
});

test('a connection that never opened drains as well', () => {
  const engine = startEngine();
  engine.connection.send('a');
  engine.connection.drain(5_000);
  engine.socket.accept();
  expect([engine.socket.sent, engine.view.phase, engine.socket.closedWith]).toEqual([
    ['a'],
    'closed',
    [1000, undefined],
  ]);
});

test.each([
  ['a final close code', {}, 1008],
  ['the end of its retries', { autoReconnect: { retries: 0 } }, 1006],
])('a connection that gives up with %s while it drains is closed, and tells what it keeps', (_, options, code) => {
  const engine = openEngine({ buffer: { highWaterMark: 0 }, ...options });
  engine.connection.send('goes out');
  engine.connection.send('kept');
  engine.connection.drain(5_000);
  engine.socket.end(code);
  expect(engine.view.phase).toBe('closed');
  expect(engine.log.filter((line) => line === 'dropped:kept:closed')).toHaveLength(1);
  expect(engine.ports.clock.pending()).toBe(0);
});

test('a connection that is lost with nothing that could go again is closed, and makes no attempt', () => {
  const settings = { ackWithin: 1_000, ack: undefined, id: undefined, storage: undefined };
  const engine = openEngine({ delivery: createAtLeastOnce(settings), autoReconnect: { delay: 10_000 } });
  engine.connection.send('for this connection alone', false);
  engine.connection.drain(60_000);
  engine.socket.end(1006);
  expect(engine.view.phase).toBe('closed');
});

test('it ends with the last message, also if that one has expired', () => {
  const engine = openEngine({ autoReconnect: { delay: 600_000 }, buffer: { maxAge: 5_000 } });
  engine.socket.end(1006);
  engine.connection.send('a');
  engine.connection.drain(60_000);
  engine.ports.clock.advance(4_999);
  expect(engine.view.phase).toBe('waiting');
  engine.ports.clock.advance(1);
  expect([engine.log.at(-1), engine.view.phase]).toEqual(['dropped:a:expired', 'closed']);
});
