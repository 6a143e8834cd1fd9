import { describe, expect, test } from 'vitest';
import { createEngine, type Engine, openEngine, startEngine } from '../support/engine';

describe('receiving', () => {
  test('every message of the server arrives, in order', () => {
    const engine = openEngine();
    for (let i = 0; i < 1_000; i += 1) engine.socket.say(i);
    expect(engine.received).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  });

  test('JSON that does not parse goes to onError and is dropped; the next message arrives', () => {
    const engine = openEngine({ serializer: 'json' });
    engine.socket.say('{"a":');
    engine.socket.say('{"a":1}');
    expect(engine.log).toEqual(['connected', 'error']);
    expect(engine.view).toMatchObject({ phase: 'open', error: { code: 'serializer' } });
    expect(engine.received).toEqual([{ a: 1 }]);
  });

  test('with nobody listening for errors, the app hears of bad JSON', () => {
    const engine = openEngine({ serializer: 'json' });
    engine.connection.listeners.clear();
    engine.socket.say('{"a":');
    expect(engine.unhandled).toMatchObject([{ name: 'HeartbeatSocketError', code: 'serializer' }]);
  });
});

describe('sending', () => {
  test('send() answers true when an open socket takes the message, and false while the socket connects or closes', () => {
    const engine = startEngine();
    expect(engine.connection.send('early', false)).toBe(false);
    engine.socket.accept();
    expect(engine.connection.send('now', false)).toBe(true);
    engine.socket.readyState = 2;
    expect(engine.connection.send('closing', false)).toBe(false);
    expect(engine.socket.sent).toEqual(['now']);
  });

  test('a socket without readyState counts as open from its open event on', () => {
    const engine = startEngine();
    Object.assign(engine.socket, { readyState: undefined, send: (data: unknown) => engine.log.push(`sent:${data}`) });
    expect(engine.connection.send('early', false)).toBe(false);
    engine.socket.fire('open');
    expect(engine.connection.send('now', false)).toBe(true);
    expect(engine.log).toEqual(['connected', 'sent:now']);
  });

  test('what onConnected sends goes out before the buffered messages', () => {
    const engine: Engine = startEngine({ listener: { onConnected: () => engine.connection.send('login', true) } });
    engine.connection.send('a', true);
    engine.connection.send('b', true);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['login', 'a', 'b']);
  });

  test('close() in onConnected sends none of the buffered messages, and onDropped is told of them', () => {
    const engine: Engine = startEngine({ listener: { onConnected: () => engine.connection.close(1000) } });
    engine.connection.send('a', true);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toContain('dropped:a:closed');
  });

  test('a buffered message that the socket refuses is reported, and the others go out', () => {
    const engine = startEngine();
    for (const data of ['a', 'bad', 'c']) engine.connection.send(data, true);
    const { socket } = engine;
    const send = socket.send.bind(socket);
    socket.send = (data: unknown) => {
      if (data === 'bad') throw new Error('bad data');
      send(data as never);
    };
    socket.accept();
    expect(socket.sent).toEqual(['a', 'c']);
    expect(engine.view.error).toMatchObject({ code: 'send' });
  });

  test('the buffer has a limit, and onDropped is told of each message lost', () => {
    const oldest = startEngine({ buffer: { limit: 2 } });
    for (const data of ['a', 'b', 'c']) oldest.connection.send(data, true);
    oldest.socket.accept();
    expect(oldest.socket.sent).toEqual(['b', 'c']);
    expect(oldest.log).toEqual(['dropped:a:overflow', 'connected']);
    const newest = startEngine({ buffer: { limit: 2, overflow: 'drop-newest' } });
    for (const data of ['a', 'b', 'c']) newest.connection.send(data, true);
    newest.socket.accept();
    expect(newest.socket.sent).toEqual(['a', 'b']);
    expect(newest.log).toEqual(['dropped:c:overflow', 'connected']);
  });

  test('messages buffered for one url are dropped when a new url comes', () => {
    const engine = startEngine();
    engine.connection.send('for the first', true);
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.connection.send('for the second', true);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['for the second']);
    expect(engine.log).toEqual(['dropped:for the first:url', 'connected']);
  });

  test('a message sent while there is no url goes to the url that comes next', () => {
    const engine = openEngine();
    engine.url = undefined;
    engine.connection.changeUrl();
    engine.connection.send('later', true);
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['later']);
  });

  test('when onSend sends again as the socket closes, onDropped is told of every message left in the buffer', () => {
    const engine: Engine = startEngine({
      buffer: { limit: 2 },
      listener: {
        onSend(data) {
          if (data !== '1') return;
          engine.socket.readyState = 2;
          engine.connection.send('3', true);
        },
      },
    });
    engine.connection.send('1', true);
    engine.connection.send('2', true);
    engine.socket.accept();
    engine.connection.close(1000);
    expect(engine.socket.sent).toEqual(['1']);
    expect(engine.log.filter((line) => line.startsWith('dropped'))).toEqual([
      'dropped:1:unproven',
      'dropped:2:closed',
      'dropped:3:closed',
    ]);
  });

  test('a message buffered for one url is not sent to another on a retry, where nobody watches the url', () => {
    const engine = startEngine({ autoReconnect: { delay: 10 } });
    engine.connection.send('for the first', true);
    engine.socket.end();
    engine.url = 'ws://second/';
    engine.ports.clock.advance(10);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toEqual(['dropped:for the first:url', 'connected']);
  });

  test('a message sent before the first open() is dropped when the url changes before it can go out', () => {
    const engine = createEngine();
    engine.connection.send('for the first', true);
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(engine.socket.url).toBe('ws://second/');
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toContain('dropped:for the first:url');
  });

  test('a message sent while the component is deactivated is dropped if the url has changed when the component is activated', () => {
    const engine = openEngine();
    engine.connection.deactivate();
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.connection.send('for the second', true);
    engine.url = 'ws://server/';
    engine.connection.changeUrl();
    engine.connection.activate();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toContain('dropped:for the second:url');
  });

  test('a message sent while the component is deactivated goes to the url that was set at that time', () => {
    const engine = openEngine();
    engine.connection.deactivate();
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.connection.send('for the second', true);
    engine.connection.activate();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['for the second']);
  });

  test('what onDropped sends during close() does not go to another url later', () => {
    const engine: Engine = startEngine({
      listener: {
        onDropped(data, reason) {
          engine.log.push(`dropped:${data}:${reason}`);
          if (data === 'first') engine.connection.send('again', true);
        },
      },
    });
    engine.connection.send('first', true);
    engine.connection.close(1000);
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toEqual(['dropped:first:closed', 'dropped:again:closed', 'connected']);
  });

  test('a message that is being sent to one url is dropped when onDropped sets another url meanwhile', () => {
    const engine: Engine = startEngine({
      listener: {
        onDropped(data, reason) {
          engine.log.push(`dropped:${data}:${reason}`);
          if (data !== 'for the first') return;
          engine.url = 'ws://third/';
          engine.connection.changeUrl();
          engine.connection.send('for the third', true);
        },
      },
    });
    engine.connection.send('for the first', true);
    engine.url = 'ws://second/';
    engine.connection.send('for the second', true);
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(engine.socket.url).toBe('ws://third/');
    expect(engine.socket.sent).toEqual(['for the third']);
    expect(engine.log).toEqual(['dropped:for the first:url', 'dropped:for the second:url', 'connected']);
  });

  test('when onDropped sets the old url again, the socket connects to the old url', () => {
    const engine: Engine = startEngine({
      listener: {
        onDropped() {
          engine.url = 'ws://server/';
          engine.connection.changeUrl();
        },
      },
    });
    engine.connection.send('for the first', true);
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    expect(engine.socket.url).toBe('ws://server/');
    expect(engine.ports.live()).toEqual([engine.socket]);
  });

  test('messages sent while the socket connects go out, though the url getter gives another url each time', () => {
    const engine = createEngine();
    let asked = 0;
    Object.defineProperty(engine, 'url', { get: () => `ws://server/?at=${asked++}` });
    engine.connection.open();
    for (const data of ['a', 'b', 'c']) engine.connection.send(data);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['a', 'b', 'c']);
    expect(engine.log).toEqual(['connected']);
  });

  test('a message sent after the url has changed, and before changeUrl() tells of it, goes to the new url', () => {
    const engine = startEngine();
    engine.connection.send('for the first');
    engine.url = 'ws://second/';
    engine.connection.send('for the second');
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['for the second']);
    expect(engine.log).toEqual(['dropped:for the first:url', 'connected']);
  });

  test('close() in onEvent as a message is buffered drops that message too', () => {
    const engine: Engine = startEngine({
      listener: { onEvent: ({ type }) => type === 'buffered' && engine.connection.close(1000) },
    });
    engine.connection.send('x');
    engine.connection.open();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toEqual(['dropped:x:closed', 'connected']);
  });

  test('a message sent before the first open() waits for the socket', () => {
    const engine = createEngine();
    engine.connection.send('first', true);
    engine.connection.open();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['first']);
  });

  test('a message sent after a loss goes out on the next socket', () => {
    const engine = openEngine({ autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.connection.send('meanwhile', true);
    engine.ports.clock.advance(10);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['meanwhile']);
  });

  test('a value that the serializer cannot write is reported, and not sent', () => {
    const engine = openEngine({ serializer: 'json' });
    expect(engine.connection.send(1n, true)).toBe(false);
    expect(engine.view.error).toMatchObject({ code: 'serializer' });
    expect(engine.connection.send({ a: 1 }, true)).toBe(true);
    expect(engine.socket.sent).toEqual(['{"a":1}']);
    expect(engine.unhandled).toHaveLength(0);
  });

  test('with the json serializer, send(undefined) sends nothing and is reported', () => {
    const engine = openEngine({ serializer: 'json' });
    expect(engine.connection.send(undefined, true)).toBe(false);
    expect(engine.socket.sent).toEqual([]);
    expect(engine.view.error?.message).toBe('serializer: makes no sense, received Undefined');
    expect(engine.log).toEqual(['connected', 'error']);
  });

  test('onSend hears of each message handed to the socket, from the buffer too, and not of beats', () => {
    const sent: unknown[] = [];
    const engine = startEngine({ listener: { onSend: (data) => sent.push(data) } });
    engine.connection.send('a', true);
    engine.socket.accept();
    engine.connection.send('b', true);
    engine.ports.clock.advance(10_000);
    expect(sent).toEqual(['a', 'b']);
  });
});
