/** What people meet on the way to an open connection, and in the buffer. */
import { describe, expect, test } from 'vitest';
import { type EngineOptions, openEngine, startEngine } from '../support/engine';

describe('a socket whose end is an error alone, as with a content security policy in Chromium', () => {
  test('is refused at once, not after the time for the handshake', () => {
    const engine = startEngine();
    engine.ports.random = 0.5;
    engine.socket.readyState = 3;
    engine.socket.fail();
    engine.ports.clock.advance(0);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'refused' } });
    expect(engine.view.error?.message).toBe('refused: 1006');
    expect(engine.log).toEqual(['error']);
  });

  test('is refused at once also if the browser closes it only after the error, as WebKit does for a port that it blocks', () => {
    const engine = startEngine();
    engine.ports.random = 0.5;
    engine.socket.fail();
    engine.socket.readyState = 3;
    engine.ports.clock.advance(0);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'refused' } });
  });

  test('is no end if the socket goes on: the attempt keeps its time', () => {
    const engine = startEngine();
    engine.ports.random = 0.5;
    engine.socket.fail();
    engine.ports.clock.advance(9_999);
    expect(engine.view.phase).toBe('connecting');
    engine.ports.clock.advance(1);
    expect(engine.view.error?.code).toBe('connect-timeout');
  });

  test('whose close event comes in the next moment is counted once', () => {
    const engine = startEngine();
    engine.ports.random = 0.5;
    engine.socket.readyState = 3;
    engine.socket.fail();
    engine.socket.end(1006);
    engine.ports.clock.advance(0);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1 });
  });

  test('that is not closed yet goes on connecting', () => {
    const engine = startEngine();
    engine.socket.fail();
    engine.ports.clock.advance(1_000);
    expect([engine.view.phase, engine.ports.sockets.length]).toEqual(['connecting', 1]);
  });
});

describe('a beforeConnect that gives the url itself', () => {
  const targets: [string, EngineOptions['beforeConnect']][] = [
    ['as a text', () => 'ws://server/?token=1'],
    ['as a URL', () => new URL('ws://server/?token=1') as never],
    ['as a promise of a text', async () => 'ws://server/?token=1'],
    ['as a promise of a URL', async () => new URL('ws://server/?token=1') as never],
  ];
  test.each(targets)('%s: the token is in the url that is dialled', async (_, beforeConnect) => {
    const engine = startEngine({ beforeConnect });
    for (let i = 0; i < 4; i += 1) await Promise.resolve();
    expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://server/?token=1']);
  });
});

test('delay is told how the connection ended', () => {
  const events: unknown[] = [];
  const engine = openEngine({
    autoReconnect: {
      delay: (_retry, { event }) => {
        events.push(event);
        return 10;
      },
    },
  });
  engine.socket.end(1013, 'retry-after=5');
  engine.ports.clock.advance(10);
  engine.ports.clock.advance(10_000);
  expect(events).toEqual([
    { code: 1013, reason: 'retry-after=5', wasClean: true },
    { code: 1006, reason: 'connect-timeout', wasClean: false },
  ]);
});

describe('what waits in the buffer', () => {
  test.each([
    ['bytes', (bytes: Uint8Array) => bytes],
    ['the buffer behind bytes', (bytes: Uint8Array) => bytes.buffer],
    ['a view of bytes', (bytes: Uint8Array) => new DataView(bytes.buffer, 1, 2)],
  ])('%s that the app changes after send() goes out as it was', (_, of) => {
    const bytes = Uint8Array.of(1, 2, 3);
    const engine = startEngine();
    const before = [...new Uint8Array(of(Uint8Array.of(1, 2, 3)) as ArrayBuffer)];
    engine.connection.send(of(bytes));
    bytes.fill(9);
    engine.socket.accept();
    const [sent] = engine.socket.sent as Uint8Array[];
    expect([...(sent as Uint8Array)]).toEqual(before.length ? before : [2, 3]);
  });

  test('and is dropped is reported as the value that the app gave, not as the text of the wire', () => {
    const dropped: unknown[] = [];
    const engine = startEngine({ serializer: 'json', listener: { onDropped: (data) => dropped.push(data) } });
    const message = { order: 7 };
    engine.connection.send(message);
    engine.connection.close(1000);
    expect(dropped[0]).toBe(message);
  });
});

test('binaryType is set on the socket, and otherwise the heartbeat decides', () => {
  const socketOf = (options: EngineOptions) => startEngine(options).socket;
  expect(socketOf({ binaryType: 'blob', heartbeat: { message: Uint8Array.of(1) } }).binaryType).toBe('blob');
  expect(socketOf({ heartbeat: { message: Uint8Array.of(1) } }).binaryType).toBe('arraybuffer');
  expect(socketOf({}).binaryType).toBeUndefined();
});

test('a url that is null means not now', () => {
  const engine = startEngine({ url: null });
  expect([engine.view.phase, engine.ports.sockets]).toEqual(['idle', []]);
  engine.url = 'ws://server/';
  engine.connection.changeUrl();
  expect(engine.view.phase).toBe('connecting');
  engine.url = null;
  engine.connection.changeUrl();
  expect(engine.view.phase).toBe('idle');
});
