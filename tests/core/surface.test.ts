/** What a connection shows and tells: its view, what its listeners are given, what its errors say. */
import { describe, expect, test } from 'vitest';
import { createEngine, type Engine, startEngine } from '../support/engine';

const opened = (options: Parameters<typeof startEngine>[0] = {}): Engine => {
  const engine = startEngine(options);
  engine.socket.accept();
  return engine;
};

describe('the view', () => {
  test('is there before anything was asked for', () => {
    expect(createEngine().view).toEqual({
      phase: 'idle',
      status: 'CLOSED',
      left: false,
      ws: undefined,
      failures: 0,
      retryAt: undefined,
      latency: undefined,
      error: undefined,
    });
  });

  test('shows each status, and the socket while it connects', async () => {
    const engine = startEngine({ beforeConnect: async () => undefined });
    expect(engine.view).toMatchObject({ status: 'CONNECTING', left: false, ws: undefined });
    await Promise.resolve();
    expect(engine.view.ws).toBe(engine.socket);
    engine.socket.accept();
    expect(engine.view).toMatchObject({ status: 'OPEN', left: false });
    engine.socket.end();
    expect(engine.view).toMatchObject({ status: 'CLOSED', left: false });
  });

  test('retryAt is in epoch time', () => {
    const engine = startEngine({ autoReconnect: { delay: 700 } });
    engine.ports.clock.toEpoch = (at) => at + 5_000_000;
    engine.socket.end();
    expect(engine.view.retryAt).toBe(engine.ports.clock.now() + 5_000_700);
  });

  test('has no socket any more when onDisconnected tells of our own end', () => {
    const engine: Engine = opened({ listener: { onDisconnected: () => engine.log.push(`ws:${engine.view.ws}`) } });
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

  test('the socket, the very event, the value', () => {
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

  test('an error of a callback comes with the socket and an event that carries it', () => {
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

  test('one open event more does not connect it twice', () => {
    const engine = opened();
    engine.socket.fire('open');
    expect(engine.log).toEqual(['connected']);
    expect(engine.view.phase).toBe('open');
  });

  test('a made-up socket that closes without an event is lost as any other', () => {
    const engine = opened();
    engine.socket.onclose?.(undefined as never);
    expect(engine.view).toMatchObject({ phase: 'waiting', error: { code: 'closed' } });
    expect(engine.log).toEqual(['connected', 'disconnected:1006::false']);
  });

  test('a message that comes before the open event is none', () => {
    const engine = startEngine();
    engine.socket.fire('message', { data: 'early' });
    expect(engine.received).toEqual([]);
  });

  test('a runtime that cannot make events is reported, and the connection goes on', () => {
    const engine = opened();
    engine.ports.transport.closeEvent = () => {
      throw new Error('CloseEvent is not defined');
    };
    engine.connection.close(1000);
    expect(engine.unhandled).toEqual([new Error('CloseEvent is not defined')]);
    engine.connection.open();
    engine.socket.accept();
    expect(engine.view.phase).toBe('open');
  });
});

describe('what an error says', () => {
  const throwing = (thrown: unknown): Engine =>
    opened({
      listener: {
        onMessage() {
          throw thrown;
        },
      },
    });

  test.each([
    [new Error('oops'), 'callback: oops'],
    ['oops', 'callback: oops'],
    [undefined, 'callback: undefined'],
    [null, 'callback: null'],
  ])('a callback that throws %o', (thrown, message) => {
    const engine = throwing(thrown);
    engine.socket.say('x');
    expect(engine.view.error).toMatchObject({ code: 'callback', message, cause: thrown });
  });

  test('a loss: the close code and reason; a refusal: that it was one', () => {
    const lost = opened();
    lost.socket.end(1011, 'out of memory');
    expect(lost.view.error).toMatchObject({ code: 'closed', message: 'closed: 1011 out of memory' });
    const refused = startEngine();
    refused.socket.end(1006);
    expect(refused.view.error).toMatchObject({ code: 'refused', message: 'refused: 1006' });
  });

  test('giving up: why, and what it was about', () => {
    const engine = opened();
    engine.socket.end(4401, 'log in first');
    expect(engine.view.error).toMatchObject({ code: 'final-code', message: 'final-code: closed 4401 log in first' });
  });

  test('code that throws where it was asked for an answer: a callback', () => {
    const engine = opened({
      heartbeat: {
        responseMessage() {
          throw new Error('no idea');
        },
      },
    });
    engine.socket.say('x');
    expect(engine.view.error).toMatchObject({ code: 'callback', message: 'callback: no idea' });
    const silent = opened({
      heartbeat: {
        message() {
          throw new Error('no words');
        },
      },
    });
    silent.connection.beat();
    expect(silent.view.error).toMatchObject({ code: 'callback', message: 'callback: no words' });
  });

  test('a socket that takes no close code: close, and it is closed without', () => {
    const engine = opened();
    const { socket } = engine;
    const close = socket.close.bind(socket);
    socket.close = (...args) => {
      if (args.length) throw new Error('InvalidAccessError');
      close();
    };
    engine.connection.close(999);
    expect(engine.view.error).toMatchObject({ code: 'close', message: 'close: InvalidAccessError' });
    expect(socket.closedWith).toEqual([]);
    expect(engine.log.at(-1)).toBe('disconnected:999::true');
  });

  test('is gone, and so is latency, once a new connection is open; a late event of the old one changes neither', () => {
    const engine = opened({ autoReconnect: { delay: 10 } });
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
