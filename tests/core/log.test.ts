/** What `onEvent` hears. */
import { describe, expect, test } from 'vitest';
import type { HeartbeatSocketEvent } from '../../src/core/log-event';
import { maskUrl } from '../../src/core/mask-url';
import { type Engine, type EngineOptions, startEngine } from '../support/engine';

const logged = (options: EngineOptions = {}): { engine: Engine; log: HeartbeatSocketEvent[] } => {
  const log: HeartbeatSocketEvent[] = [];
  const engine = startEngine({ autoReconnect: { delay: 500 }, ...options, listener: { onEvent: (e) => log.push(e) } });
  log.length = 0;
  return { engine, log };
};

/** Without time and socket. */
const told = (log: HeartbeatSocketEvent[]): object[] => log.splice(0).map(({ at, socket, ...rest }) => rest);

describe('the log', () => {
  test('the log tells the life of a socket: opened, sent, received, beat, answered', () => {
    const { engine, log } = logged();
    engine.socket.accept();
    expect(told(log)).toEqual([
      { type: 'changed', from: 'connecting', phase: 'open', cause: 'opened' },
      { type: 'opened', isFirst: true, lostAt: undefined, cursor: undefined, phase: 'open', cause: 'opened' },
    ]);
    engine.connection.send('hello');
    engine.socket.say('hi');
    expect(told(log)).toEqual([
      { type: 'sent', data: 'hello', phase: 'open', cause: 'send' },
      { type: 'received', data: 'hi', phase: 'open', cause: 'message' },
    ]);
    engine.ports.clock.advance(10_000);
    engine.ports.clock.advance(40);
    engine.socket.say('HeartBeat');
    expect(told(log)).toEqual([
      { type: 'beat', data: 'HeartBeat', phase: 'open', cause: 'deadline' },
      { type: 'answered', latency: 40, phase: 'open', cause: 'message' },
    ]);
  });

  test('the log tells of a silent link: suspect, given up, why, and the next attempt', () => {
    const { engine, log } = logged();
    engine.socket.accept();
    engine.ports.clock.advance(20_000);
    const { error } = engine.view;
    expect(told(log).slice(2)).toEqual([
      { type: 'beat', data: 'HeartBeat', phase: 'open', cause: 'deadline' },
      { type: 'changed', from: 'open', phase: 'suspect', cause: 'deadline' },
      { type: 'changed', from: 'suspect', phase: 'waiting', cause: 'deadline' },
      {
        type: 'ended',
        code: 1006,
        reason: 'silence',
        wasClean: false,
        wasOpen: true,
        phase: 'waiting',
        cause: 'deadline',
      },
      { type: 'erred', error, gaveUp: false, phase: 'waiting', cause: 'deadline' },
    ]);
    expect(error?.code).toBe('silence');
    engine.ports.clock.advance(500);
    expect(told(log)).toEqual([
      { type: 'changed', from: 'waiting', phase: 'connecting', cause: 'deadline' },
      { type: 'attempted', url: 'ws://server/', phase: 'connecting', cause: 'deadline' },
    ]);
  });

  test('the log tells of a close by the server, of a refusal, and of giving up', () => {
    const { engine, log } = logged({ autoReconnect: { retries: 1, delay: 500 } });
    engine.socket.accept();
    engine.socket.end(1012, 'restart');
    const lost = engine.view.error;
    expect(told(log).slice(2)).toEqual([
      { type: 'changed', from: 'open', phase: 'waiting', cause: 'ended' },
      { type: 'ended', code: 1012, reason: 'restart', wasClean: true, wasOpen: true, phase: 'waiting', cause: 'ended' },
      { type: 'erred', error: lost, gaveUp: false, phase: 'waiting', cause: 'ended' },
    ]);
    engine.ports.clock.advance(500);
    log.length = 0;
    engine.socket.end();
    expect(told(log)).toEqual([
      { type: 'changed', from: 'connecting', phase: 'failed', cause: 'ended' },
      { type: 'ended', code: 1006, reason: '', wasClean: false, wasOpen: false, phase: 'failed', cause: 'ended' },
      { type: 'erred', error: engine.view.error, gaveUp: true, phase: 'failed', cause: 'ended' },
    ]);
  });

  test('the log tells that a handshake was given up because the network is back', () => {
    const { engine, log } = logged();
    log.length = 0;
    engine.ports.signal('online');
    expect(told(log)[0]).toMatchObject({ type: 'ended', code: 1006, reason: 'online', cause: 'online' });
  });

  test('the log tells what the page did, and what was dropped at leave()', () => {
    const { engine, log } = logged();
    engine.socket.accept();
    engine.ports.clock.advance(5_000);
    log.length = 0;
    engine.ports.signal('online');
    expect(told(log)).toEqual([{ type: 'beat', data: 'HeartBeat', phase: 'open', cause: 'online' }]);
    engine.ports.signal('pagehide');
    expect(told(log)).toEqual([
      { type: 'changed', from: 'open', phase: 'idle', cause: 'pagehide' },
      {
        type: 'ended',
        code: 1000,
        reason: 'page hidden',
        wasClean: true,
        wasOpen: true,
        phase: 'idle',
        cause: 'pagehide',
      },
    ]);
    engine.connection.send('later');
    engine.connection.leave();
    expect(told(log)).toEqual([
      { type: 'buffered', data: 'later', phase: 'idle', cause: 'send' },
      { type: 'changed', from: 'idle', phase: 'left', cause: 'leave' },
      { type: 'dropped', data: 'later', reason: 'left', phase: 'left', cause: 'leave' },
    ]);
  });

  test('the log does not call a message buffered for which the buffer had no room', () => {
    for (const buffer of [{ limit: 0 }, { limit: 1, overflow: 'drop-newest' }] as const) {
      const { engine, log } = logged({ buffer });
      if (buffer.limit) engine.connection.send('first');
      log.length = 0;
      engine.connection.send('no room');
      expect(told(log)).toEqual([
        { type: 'dropped', data: 'no room', reason: 'overflow', phase: 'connecting', cause: 'send' },
      ]);
    }
  });

  test('the log gives the time since the epoch, and one number to all events of a socket', () => {
    const { engine, log } = logged();
    engine.ports.clock.toEpoch = (at) => at + 5_000_000;
    engine.socket.accept();
    engine.ports.clock.advance(1_000);
    engine.socket.say('hi');
    expect(log.map(({ at }) => at)).toEqual([6_000_000, 6_000_000, 6_001_000]);
    const [first] = log.splice(0);
    engine.socket.end();
    engine.ports.clock.advance(500);
    engine.socket.accept();
    const again = log.filter(({ phase }) => phase === 'open' || phase === 'connecting');
    expect(again).toHaveLength(4);
    for (const { socket } of again) expect(socket).toBeGreaterThan(first?.socket ?? Number.NaN);
    expect(new Set(again.map(({ socket }) => socket)).size).toBe(1);
  });

  test('in the log each socket ends once, under its own number', () => {
    const { engine, log } = logged();
    const numbers = (type: string): number[] => log.filter((event) => event.type === type).map(({ socket }) => socket);
    engine.socket.accept();
    engine.socket.say('hi');
    engine.socket.end(1012);
    engine.connection.close(1000);
    expect(numbers('ended')).toEqual(numbers('received'));
    log.length = 0;
    engine.connection.open();
    engine.socket.end();
    engine.connection.leave();
    expect(numbers('ended')).toEqual(numbers('attempted'));
  });

  test('in the log an attempt that waited for beforeConnect has the cause that began the attempt', async () => {
    const { engine, log } = logged({ beforeConnect: async () => undefined });
    engine.ports.signal('visibilitychange');
    await Promise.resolve();
    expect(log.at(-1)).toMatchObject({ type: 'attempted', cause: 'open' });
  });

  test.each(['close', 'leave', 'open'] as const)(
    '%s() in onEvent as an attempt begins leaves one live socket at most',
    async (name) => {
      let times = 0;
      const engine: Engine = startEngine({
        beforeConnect: async () => undefined,
        listener: {
          onEvent({ type }) {
            if (type !== 'attempted' || times) return;
            times += 1;
            if (name === 'close') engine.connection.close(1000);
            else engine.connection[name]();
          },
        },
      });
      for (let i = 0; i < 5; i += 1) await Promise.resolve();
      expect(engine.ports.sockets).toHaveLength(name === 'open' ? 2 : 1);
      expect(engine.ports.live()).toHaveLength(name === 'open' ? 1 : 0);
      engine.connection.leave();
      expect(engine.ports.live()).toEqual([]);
    },
  );

  test('a send() in a callback does not change the cause of the events after it', () => {
    const log: HeartbeatSocketEvent[] = [];
    const engine: Engine = startEngine({
      autoReconnect: { delay: 500 },
      listener: { onEvent: (e) => log.push(e), onError: () => engine.connection.send('bye') },
    });
    engine.socket.accept();
    log.length = 0;
    engine.ports.signal('pagehide');
    expect(log.map(({ cause }) => cause)).toEqual(['pagehide', 'pagehide']);
  });

  test('in the log a message that waits for a command was sent, whatever the command', () => {
    const log: HeartbeatSocketEvent[] = [];
    const engine: Engine = startEngine({
      listener: {
        onEvent: (e) => log.push(e),
        onConnected() {
          engine.connection.open();
          engine.connection.send('later');
        },
      },
    });
    engine.socket.accept();
    expect(log.find(({ type }) => type === 'buffered')).toMatchObject({ phase: 'connecting', cause: 'send' });
  });

  test('in the log beforeConnect runs since the attempt has read the url, whatever a dropped message led to before', () => {
    const log: HeartbeatSocketEvent[] = [];
    const engine: Engine = startEngine({
      beforeConnect: async () => undefined,
      listener: { onEvent: (e) => log.push(e), onDropped: () => engine.connection.beat() },
    });
    engine.connection.send('for the old url');
    engine.url = 'ws://other/';
    engine.connection.open();
    expect(log.at(-1)).toMatchObject({ type: 'preparing', url: 'ws://other/', cause: 'preparing' });
  });

  test.each(['message', 'responseMessage'] as const)(
    'in the log the error of a serializer or a %s that throws at a message has the cause message',
    (name) => {
      const throws = (): never => {
        throw new Error('oops');
      };
      const { engine, log } = logged(
        name === 'message'
          ? { serializer: { read: throws, write: String } }
          : { heartbeat: { responseMessage: throws, liveness: 'traffic' } },
      );
      engine.socket.accept();
      engine.ports.clock.advance(10_000);
      engine.socket.say('x');
      expect(log.filter(({ type }) => type === 'erred').map(({ cause }) => cause)).toEqual(['message']);
    },
  );

  test('the log tells of an error that a callback throws', () => {
    const log: HeartbeatSocketEvent[] = [];
    const engine = startEngine({
      listener: {
        onEvent: (e) => log.push(e),
        onConnected() {
          throw new Error('oops');
        },
      },
    });
    engine.socket.accept();
    expect(log.find(({ type }) => type === 'erred')).toMatchObject({
      type: 'erred',
      cause: 'opened',
      error: { code: 'callback' },
    });
  });

  test('what onEvent throws reaches the app, and the connection opens all the same', () => {
    const oops = new Error('oops');
    const engine = startEngine({
      listener: {
        onEvent() {
          throw oops;
        },
      },
    });
    expect(new Set(engine.unhandled)).toEqual(new Set([oops]));
    engine.socket.accept();
    expect(engine.view).toMatchObject({ phase: 'open', error: undefined });
    expect(engine.log).toEqual(['connected']);
  });
});

describe('secrets in a url', () => {
  test.each([
    ['wss://host/live?token=abc&room=7', 'wss://host/live?token=***&room=***'],
    ['wss://host/socket.io/?EIO=4&sid=abc', 'wss://host/socket.io/?EIO=***&sid=***'],
    ['wss://host/live-feed/v2/', 'wss://host/live-feed/***'],
    ['"wss://host/live?t=abc"', '"wss://host/live?t=***'],
    ['wss://user:pass@host/live', '***'],
    ['wss://token@host?a=b#c', '***'],
    ['wss://host/#access_token=abc', 'wss://host/#***'],
    ['//user:pass@host/live', '***'],
    ['//host/live', '/***'],
    [' wss://host/live', ' wss://host/live'],
    ['wss:user:pass@host/', '***'],
    ['wss:host/live', '***'],
    ['wss://user:pw', 'wss://***'],
    ['/live?jwt=a.b-c%20d', '/live?jwt=***'],
    [`/live?q={"token":"secret"}&t=o'secret x`, '/live?***&t=***'],
    ['wss://host/a@b', '***'],
    ['wss://host/room=7/live', 'wss://host/***'],
    ['wss://user:pa/ss@host/live', '***'],
    ['wss://user:pa?ss@host/live', '***'],
    ['wss://user:pa#ss@host/live', '***'],
    ['wss://host/live?TOKEN', 'wss://host/live?***'],
    ['wss://host/live?VE9LRU4==', 'wss://host/live?***'],
    ['wss://host/live?VE9LRU4==&a=1#b', 'wss://host/live?***&a=***#***'],
    ['wss://host/live?a=b?c=d', 'wss://host/live?a=***'],
    ['wss://host/live?a=1;token=TOKEN', 'wss://host/live?a=***'],
    ['wss://host/live;token=TOKEN', 'wss://host/***'],
    ['wss://host/ws/TOKEN', 'wss://host/ws/***'],
    ['wss://host/bot123456:TOKEN/updates', 'wss://host/***'],
    ['wss:\\\\user:TOKEN@host\\live', '***'],
    ['live/room', 'live/***'],
    ['/', '/'],
    ['', ''],
    ['wss://[::1]:80/live', 'wss://[::1]:80/live'],
    ['wss://host/live', 'wss://host/live'],
  ])('in a log the url %s reads %s', (url, masked) => expect(maskUrl(url)).toBe(masked));

  test('the log masks the secrets in a url', () => {
    const { engine, log } = logged({ url: 'wss://host/?token=abc' });
    engine.connection.open();
    expect(log.at(-1)).toMatchObject({ type: 'attempted', url: 'wss://host/?token=***' });
  });
});
