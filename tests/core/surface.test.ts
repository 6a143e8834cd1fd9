/** What a connection shows and tells: its view, what its listeners are given, what its errors say. */
import { describe, expect, test } from 'vitest';
import { createEngine, type Engine, openEngine, startEngine } from '../support/engine';

describe('the view', () => {
  test('the view of a connection that nobody has opened is idle and complete', () => {
    expect(createEngine().view).toEqual({
      phase: 'idle',
      status: 'CLOSED',
      left: false,
      ws: undefined,
      failures: 0,
      retryAt: undefined,
      latency: undefined,
      error: undefined,
      pending: 0,
      url: 'ws://server/',
    });
  });

  test('the view shows each status, and the socket from the handshake on', async () => {
    const engine = startEngine({ beforeConnect: async () => undefined });
    expect(engine.view).toMatchObject({ status: 'CONNECTING', left: false, ws: undefined });
    await Promise.resolve();
    expect(engine.view.ws).toBe(engine.socket);
    engine.socket.accept();
    expect(engine.view).toMatchObject({ status: 'OPEN', left: false });
    engine.socket.end();
    expect(engine.view).toMatchObject({ status: 'CLOSED', left: false });
  });

  test('retryAt of the view is in epoch time', () => {
    const engine = startEngine({ autoReconnect: { delay: 700 } });
    engine.ports.clock.toEpoch = (at) => at + 5_000_000;
    engine.socket.end();
    expect(engine.view.retryAt).toBe(engine.ports.clock.now() + 5_000_700);
  });

  test('the view has no socket any more when onDisconnected tells of a close()', () => {
    const engine: Engine = openEngine({ listener: { onDisconnected: () => engine.log.push(`ws:${engine.view.ws}`) } });
    engine.connection.close(1000);
    expect(engine.log).toContain('ws:undefined');
  });
});

describe('what listeners are given', () => {
  const listening = (): { engine: Engine; told: Record<string, unknown[]> } => {
    const told: Record<string, unknown[]> = {};
    const tell =
      (name: string) =>
      (...args: unknown[]): void => {
        told[name] = args;
      };
    const names = ['onConnected', 'onDisconnected', 'onMessage', 'onSend', 'onError', 'onFailed', 'onDropped'];
    const listener = Object.fromEntries(names.map((name) => [name, tell(name)]));
    return { engine: startEngine({ listener, autoReconnect: false, buffer: { limit: 0 } }), told };
  };

  test('listeners are given the socket, the very event and the value', () => {
    const { engine, told } = listening();
    const { socket } = engine;
    engine.connection.send('lost');
    expect(told['onDropped']).toEqual(['lost', 'overflow']);
    socket.accept();
    expect(told['onConnected']).toEqual([socket]);
    engine.connection.send('sent');
    expect(told['onSend']).toEqual(['sent']);
    const message = { type: 'message', data: 'hello' };
    socket.fire('message', message);
    expect(told['onMessage']?.[1]).toBe(message);
    expect(told['onMessage']).toEqual([socket, message, 'hello']);
    const trouble = { type: 'error' };
    socket.fire('error', trouble);
    expect(told['onError']?.[1]).toBe(trouble);
    expect(told['onError']?.[0]).toBe(socket);
    const end = { type: 'close', code: 1006, reason: '', wasClean: false };
    socket.fire('close', end);
    expect(told['onDisconnected']?.[1]).toBe(end);
    expect(told['onDisconnected']?.[0]).toBe(socket);
    expect(told['onFailed']).toEqual([]);
  });

  test('onError is given an error of a callback with the socket and an event that carries the error', () => {
    const { engine, told } = listening();
    engine.socket.accept();
    engine.connection.listeners.add({ onSend: () => engine.log.push('x') });
    for (const listener of engine.connection.listeners) {
      listener.onSend = () => {
        throw new Error('oops');
      };
    }
    engine.connection.send('a');
    expect(told['onError']?.[0]).toBe(engine.socket);
    expect(told['onError']?.[1]).toMatchObject({
      type: 'error',
      error: { code: 'callback', message: 'callback: oops' },
    });
    // The other one has no onError.
    expect(engine.unhandled).toHaveLength(1);
  });

  test('a second open event of a socket does not call onConnected again', () => {
    const engine = openEngine();
    engine.socket.fire('open');
    expect(engine.log).toEqual(['connected']);
    expect(engine.view.phase).toBe('open');
  });

  test('a socket that closes without an event is lost as any other', () => {
    const engine = openEngine();
    engine.socket.onclose?.(undefined as never);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'closed' } });
    expect(engine.log).toEqual(['connected', 'disconnected:1006::false']);
  });

  test('a message that comes before the open event is ignored', () => {
    const engine = startEngine();
    engine.socket.fire('message', { data: 'early' });
    expect(engine.received).toEqual([]);
  });

  test('a runtime that cannot make events is reported, and the connection goes on', () => {
    const engine = openEngine();
    engine.ports.transport.closeEvent = () => {
      throw new Error('CloseEvent is not defined');
    };
    engine.connection.close(1000);
    expect(engine.log).toEqual(['connected', 'error']);
    expect(engine.view.error).toMatchObject({ code: 'callback', message: 'callback: CloseEvent is not defined' });
    engine.connection.open();
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });
});

describe('what an error says', () => {
  const throwing = (thrown: unknown): Engine =>
    openEngine({
      listener: {
        onMessage() {
          throw thrown;
        },
      },
    });

  test.each([
    [new Error('oops'), 'callback: oops', { name: 'Error', message: 'oops' }],
    ['oops', 'callback: oops', 'oops'],
    [undefined, 'callback: undefined', undefined],
    [null, 'callback: null', null],
    [{ status: 401, response: {} }, 'callback: Object', { name: 'Object', status: 401 }],
    [new Event('error'), 'callback: Event', { name: 'Event' }],
  ])('a callback that throws %o gives the error "%s", with plain data as the cause', (thrown, message, cause) => {
    const engine = throwing(thrown);
    engine.socket.say('x');
    expect(engine.view.error).toMatchObject({ code: 'callback', message, cause });
  });

  test('the error of a lost socket names the close code and reason, and the error of a refused socket says that it was refused', () => {
    const lost = openEngine();
    lost.socket.end(1011, 'out of memory');
    expect(lost.view.error).toMatchObject({ code: 'closed', message: 'closed: 1011 out of memory' });
    const refused = startEngine();
    refused.socket.end(1006);
    expect(refused.view.error).toMatchObject({ code: 'refused', message: 'refused: 1006' });
  });

  test('the error of a connection that has given up says why, with the close code and reason', () => {
    const engine = openEngine();
    engine.socket.end(4401, 'log in first');
    expect(engine.view.error).toMatchObject({ code: 'final-code', message: 'final-code: closed 4401 log in first' });
  });

  test('a heartbeat option that throws gives a callback error', () => {
    const engine = openEngine({
      heartbeat: {
        responseMessage() {
          throw new Error('no idea');
        },
      },
    });
    engine.socket.say('x');
    expect(engine.view.error).toMatchObject({ code: 'callback', message: 'callback: no idea' });
    const silent = openEngine({
      heartbeat: {
        message() {
          throw new Error('no words');
        },
      },
    });
    silent.connection.beat();
    expect(silent.view.error).toMatchObject({ code: 'callback', message: 'callback: no words' });
  });

  test('a socket that refuses the close code is closed without one, and the error says so', () => {
    const engine = openEngine();
    const { socket } = engine;
    const close = socket.close.bind(socket);
    socket.close = (...args) => {
      if (args.length) throw new Error('InvalidAccessError');
      close();
    };
    engine.connection.close(999);
    expect(engine.view.error).toMatchObject({
      code: 'close',
      message: 'close: the socket threw Error',
    });
    expect(socket.closedWith).toEqual([]);
    expect(engine.log.at(-1)).toBe('disconnected:999::true');
  });

  test('the error is gone once a new socket is open, and a late event of the old socket does not change the latency', () => {
    const engine = openEngine({ autoReconnect: { delay: 10 } });
    const late = engine.socket.onopen;
    engine.socket.end();
    expect(engine.view.error).toMatchObject({ code: 'closed' });
    engine.ports.clock.advance(10);
    engine.socket.accept();
    expect(engine.view.error).toBeUndefined();
    engine.connection.beat();
    engine.ports.clock.advance(5);
    engine.socket.say('HeartBeat');
    expect(engine.view.latency).toBe(5);
    late?.({} as never);
    expect(engine.view.latency).toBe(5);
  });
});
