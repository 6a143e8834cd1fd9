/** Rule 6 of the state machine: what a callback asks of the connection never breaks the machine. */
import { expect, test } from 'vitest';
import { type Engine, openEngine, startEngine } from '../support/engine';

test('a message sent after open() or close() in a callback does not go to the socket that they end', () => {
  const reopened: Engine = openEngine({
    listener: {
      onMessage() {
        reopened.connection.open();
        reopened.connection.send('login', true);
      },
    },
  });
  const old = reopened.socket;
  old.say('token expired');
  expect(old.sent).toEqual([]);
  reopened.socket.accept();
  expect(reopened.socket.sent).toEqual(['login']);
  const closed: Engine = openEngine({
    listener: {
      onMessage() {
        closed.connection.close(1000);
        closed.connection.send('x', true);
      },
    },
  });
  closed.socket.say('bye');
  expect(closed.socket.sent).toEqual([]);
  expect(closed.log.at(-1)).toBe('dropped:x:closed');
});

test('after close(), open() and send() in a callback, what was sent before the close() is dropped and the rest arrives in order', () => {
  const engine: Engine = openEngine({
    listener: {
      onMessage() {
        engine.connection.close(1000);
        engine.connection.send('to be dropped?', true);
        engine.connection.close(1000);
        engine.connection.open();
        engine.connection.send('login', true);
        engine.connection.send('hello', true);
      },
    },
  });
  engine.socket.say('kicked');
  engine.socket.accept();
  expect(engine.socket.sent).toEqual(['login', 'hello']);
  expect(engine.log).toContain('dropped:to be dropped?:closed');
});

test('a message sent in a callback after close() and a new url arrives at the new url', () => {
  const engine: Engine = openEngine({
    listener: {
      onMessage() {
        engine.connection.close(1000);
        engine.url = 'ws://other/';
        engine.connection.send('for the other', true);
      },
    },
  });
  engine.socket.say('moved');
  engine.connection.changeUrl();
  engine.socket.accept();
  expect([engine.socket.url, engine.socket.sent]).toEqual(['ws://other/', ['for the other']]);
});

test('a message sent for a new url in a callback is dropped when the next callback sets the old url again', () => {
  const turnTo = (url: string): void => {
    engine.url = url;
    engine.connection.changeUrl();
  };
  const engine: Engine = startEngine({
    listener: {
      onConnected() {
        if (engine.ports.sockets.length > 1) return;
        turnTo('ws://other/');
        engine.connection.send('for the other', true);
      },
      onDisconnected: () => turnTo('ws://server/'),
    },
  });
  engine.socket.accept();
  engine.socket.accept();
  expect(engine.ports.sockets.map(({ url, sent }) => [url, sent])).toEqual([
    ['ws://server/', []],
    ['ws://server/', []],
  ]);
  expect(engine.log).toEqual(['dropped:for the other:url']);
});

test('a message sent after leave() in a callback is reported as dropped', () => {
  const engine: Engine = openEngine({
    listener: {
      onMessage() {
        engine.connection.leave();
        engine.connection.send('late', true);
      },
    },
  });
  engine.socket.say('bye');
  expect(engine.log).toContain('dropped:late:left');
});

test('open() and close() inside a callback take effect after the callback', () => {
  const seen: string[] = [];
  const engine = startEngine({
    listener: {
      onConnected() {
        engine.connection.close(1000);
        seen.push(engine.view.phase);
      },
      onDisconnected() {
        engine.connection.open();
        seen.push(engine.view.phase);
      },
    },
  });
  engine.socket.accept();
  expect(seen).toEqual(['open', 'closed']);
  expect(engine.view.phase).toBe('connecting');
  expect(engine.ports.live()).toHaveLength(1);
});
