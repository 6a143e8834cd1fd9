import { describe, expect, test } from 'vitest';
import { createEngine, type Engine, startEngine } from '../support/engine';

const opened = (options: Parameters<typeof startEngine>[0] = {}): Engine => {
  const engine = startEngine(options);
  engine.socket.accept();
  return engine;
};

describe('receiving', () => {
  test('each one, in order', () => {
    const engine = opened();
    for (let i = 0; i < 1_000; i += 1) engine.socket.say(i);
    expect(engine.received).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  });

  test('JSON that does not parse goes to onError and is dropped; the next message arrives', () => {
    const engine = opened({ serializer: 'json' });
    engine.socket.say('{"a":');
    engine.socket.say('{"a":1}');
    expect(engine.log).toEqual(['connected', 'error']);
    expect(engine.view).toMatchObject({ phase: 'open', error: { code: 'serializer' } });
    expect(engine.received).toEqual([{ a: 1 }]);
  });

  test('with nobody listening for errors, the app hears of bad JSON', () => {
    const engine = opened({ serializer: 'json' });
    engine.connection.listeners.clear();
    engine.socket.say('{"a":');
    expect(engine.unhandled).toMatchObject([{ name: 'HeartbeatSocketError', code: 'serializer' }]);
  });
});

describe('sending', () => {
  test('true when handed to an open socket; CLOSING and CLOSED are not open', () => {
    const engine = startEngine();
    expect(engine.connection.send('early', false)).toBe(false);
    engine.socket.accept();
    expect(engine.connection.send('now', false)).toBe(true);
    engine.socket.readyState = 2;
    expect(engine.connection.send('closing', false)).toBe(false);
    expect(engine.socket.sent).toEqual(['now']);
  });

  test('a socket without readyState is open by its own events', () => {
    const engine = startEngine();
    Object.assign(engine.socket, { readyState: undefined, send: (data: unknown) => engine.log.push(`sent:${data}`) });
    expect(engine.connection.send('early', false)).toBe(false);
    engine.socket.fire('open');
    expect(engine.connection.send('now', false)).toBe(true);
    expect(engine.log).toEqual(['connected', 'sent:now']);
  });

  test('what onConnected sends goes before the buffer', () => {
    const engine: Engine = startEngine({ listener: { onConnected: () => engine.connection.send('login', true) } });
    engine.connection.send('a', true);
    engine.connection.send('b', true);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['login', 'a', 'b']);
  });

  test('close() in onConnected keeps the buffer from the server, and says what was lost', () => {
    const engine: Engine = startEngine({ listener: { onConnected: () => engine.connection.close(1000) } });
    engine.connection.send('a', true);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toContain('dropped:a:closed');
  });

  test('a message of the buffer that no socket takes is reported, and the others go out', () => {
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

  test('the buffer is bounded, and each message lost is told', () => {
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

  test('nothing leaks to another server: a new url empties the buffer', () => {
    const engine = startEngine();
    engine.connection.send('for the first', true);
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.connection.send('for the second', true);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['for the second']);
    expect(engine.log).toEqual(['dropped:for the first:url', 'connected']);
  });

  test('what is sent while there is no url is for the url that comes', () => {
    const engine = opened();
    engine.url = undefined;
    engine.connection.changeUrl();
    engine.connection.send('later', true);
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['later']);
  });

  test('onSend that sends again and ends the socket loses nothing of the buffer unreported', () => {
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
    expect(engine.log.filter((line) => line.startsWith('dropped'))).toEqual(['dropped:2:closed', 'dropped:3:closed']);
  });

  test('nor on a retry, where nobody watches the url', () => {
    const engine = startEngine({ autoReconnect: { delay: 10 } });
    engine.connection.send('for the first', true);
    engine.socket.end();
    engine.url = 'ws://second/';
    engine.ports.clock.advance(10);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toEqual(['dropped:for the first:url', 'connected']);
  });

  test('nor what is sent before the first open(), or after close(), while the url is another one', () => {
    for (const start of [createEngine, opened]) {
      const engine = start();
      engine.connection.close(1000);
      engine.connection.send('for the first', true);
      engine.url = 'ws://second/';
      engine.connection.changeUrl();
      engine.socket.accept();
      expect(engine.socket.url).toBe('ws://second/');
      expect(engine.socket.sent).toEqual([]);
      expect(engine.log).toContain('dropped:for the first:url');
    }
  });

  test('nor what is sent while a component is out of sight, if the url has changed by the time it is back', () => {
    const engine = opened();
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

  test('what is sent while a component is out of sight is for the url there is then', () => {
    const engine = opened();
    engine.connection.deactivate();
    engine.url = 'ws://second/';
    engine.connection.changeUrl();
    engine.connection.send('for the second', true);
    engine.connection.activate();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['for the second']);
  });

  test('what onDropped sends when it is closed does not go to another url later', () => {
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
    expect(engine.log).toEqual(['dropped:first:closed', 'dropped:again:url', 'connected']);
  });

  test('nor does what is being sent while onDropped changes the url once more', () => {
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

  test('a url that onDropped changes back is the one it connects to', () => {
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

  test('what is sent while it connects goes out, though the url is another one each time it is asked for', () => {
    const engine = createEngine();
    let asked = 0;
    Object.defineProperty(engine, 'url', { get: () => `ws://server/?at=${asked++}` });
    engine.connection.open();
    for (const data of ['a', 'b', 'c']) engine.connection.send(data);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['a', 'b', 'c']);
    expect(engine.log).toEqual(['connected']);
  });

  test('what is sent for a new url before anybody has seen it goes there', () => {
    const engine = startEngine();
    engine.connection.send('for the first');
    engine.url = 'ws://second/';
    engine.connection.send('for the second');
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['for the second']);
    expect(engine.log).toEqual(['dropped:for the first:url', 'connected']);
  });

  test('close() as a message is buffered drops that one too', () => {
    const engine: Engine = startEngine({
      listener: { onEvent: ({ type }) => type === 'buffered' && engine.connection.close(1000) },
    });
    engine.connection.send('x');
    engine.connection.open();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual([]);
    expect(engine.log).toEqual(['dropped:x:closed', 'connected']);
  });

  test('what is sent before the first open() waits for it', () => {
    const engine = createEngine();
    engine.connection.send('first', true);
    engine.connection.open();
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['first']);
  });

  test('it survives a loss and a reconnect', () => {
    const engine = opened({ autoReconnect: { delay: 10 } });
    engine.socket.end();
    engine.connection.send('meanwhile', true);
    engine.ports.clock.advance(10);
    engine.socket.accept();
    expect(engine.socket.sent).toEqual(['meanwhile']);
  });

  test('a value that the serializer cannot write is reported, and not sent', () => {
    const engine = opened({ serializer: 'json' });
    expect(engine.connection.send(1n, true)).toBe(false);
    expect(engine.view.error).toMatchObject({ code: 'serializer' });
    expect(engine.connection.send({ a: 1 }, true)).toBe(true);
    expect(engine.socket.sent).toEqual(['{"a":1}']);
    expect(engine.unhandled).toHaveLength(0);
  });

  test('undefined is no JSON: not the text `undefined` is sent', () => {
    const engine = opened({ serializer: 'json' });
    expect(engine.connection.send(undefined, true)).toBe(false);
    expect(engine.socket.sent).toEqual([]);
    expect(engine.view.error?.message).toBe('serializer: undefined has no JSON');
    expect(engine.log).toEqual(['connected', 'error']);
  });

  test('onSend hears of what was handed over, from the buffer too, and not of beats', () => {
    const sent: unknown[] = [];
    const engine = startEngine({ listener: { onSend: (data) => sent.push(data) } });
    engine.connection.send('a', true);
    engine.socket.accept();
    engine.connection.send('b', true);
    engine.ports.clock.advance(10_000);
    expect(sent).toEqual(['a', 'b']);
  });
});
