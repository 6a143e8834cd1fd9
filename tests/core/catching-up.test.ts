/** What an app is told so that it can catch up: whether it was open before, since when it was not, and where it stood. */
import { describe, expect, test } from 'vitest';
import type { HeartbeatSocketEvent } from '../../src/core/log-event';
import { type Engine, type EngineOptions, startEngine } from '../support/engine';

type Opened = Extract<HeartbeatSocketEvent, { type: 'opened' }>;

function follow(options: EngineOptions = {}): {
  engine: Engine;
  opened: Pick<Opened, 'isFirst' | 'lostAt' | 'cursor'>[];
} {
  const opened: Pick<Opened, 'isFirst' | 'lostAt' | 'cursor'>[] = [];
  const engine = startEngine({
    serializer: 'json',
    heartbeat: false,
    autoReconnect: { delay: 100 },
    cursor: (value) => (value as { id?: number }).id,
    listener: {
      onEvent(event) {
        if (event.type !== 'opened') return;
        const { isFirst, lostAt, cursor } = event;
        opened.push({ isFirst, lostAt, cursor });
      },
    },
    ...options,
  });
  engine.socket.accept();
  return { engine, opened };
}

const loseAndReturn = (engine: Engine): number => {
  const { clock } = engine.ports;
  clock.advance(1_000);
  const lostAt = clock.now();
  engine.socket.end(1006);
  clock.advance(100);
  engine.socket.accept();
  return lostAt;
};

describe('a connection that is open', () => {
  test('says the first time that it is the first, and later since when messages may be missing', () => {
    const { engine, opened } = follow();
    expect(opened).toEqual([{ isFirst: true, lostAt: undefined, cursor: undefined }]);
    const lostAt = loseAndReturn(engine);
    expect(opened.at(-1)).toEqual({ isFirst: false, lostAt, cursor: undefined });
    engine.connection.close(1000);
    const closedAt = engine.ports.clock.now();
    engine.ports.clock.advance(5_000);
    engine.connection.open();
    engine.socket.accept();
    expect(opened.at(-1)).toEqual({ isFirst: false, lostAt: closedAt, cursor: undefined });
  });

  test('says where the stream stood, and so is beforeConnect told, before its attempt', () => {
    const asked: unknown[] = [];
    const { engine, opened } = follow({ beforeConnect: ({ cursor }) => void asked.push(cursor) });
    engine.socket.say('{"id":7}');
    engine.socket.say('{"text":"without a place"}');
    loseAndReturn(engine);
    expect([asked, opened.at(-1)?.cursor]).toEqual([[undefined, 7], 7]);
  });

  test('of another url is the first there, and has no place in its stream: not that of the url before', () => {
    const asked: unknown[] = [];
    const { engine, opened } = follow({ beforeConnect: ({ cursor }) => void asked.push(cursor) });
    engine.socket.say('{"id":7}');
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    engine.socket.accept();
    expect(opened.at(-1)).toEqual({ isFirst: true, lostAt: undefined, cursor: undefined });
    loseAndReturn(engine);
    expect([asked, opened.at(-1)?.cursor]).toEqual([[undefined, undefined, undefined], undefined]);
  });

  test('that fails before it is open changes nothing: the loss stays that of the open one', () => {
    const { engine, opened } = follow();
    engine.ports.clock.advance(1_000);
    const lostAt = engine.ports.clock.now();
    engine.socket.end(1006);
    engine.ports.clock.advance(100);
    engine.socket.end(1006);
    engine.ports.clock.advance(100);
    engine.socket.accept();
    expect(opened.at(-1)).toMatchObject({ isFirst: false, lostAt });
  });

  test('tells of it after the phase is open, and before what is kept goes out', () => {
    const order: string[] = [];
    const engine: Engine = startEngine({
      heartbeat: false,
      listener: {
        onConnected: () => void order.push('connected'),
        onSend: (data) => void order.push(`sent ${data}`),
        onEvent({ type }) {
          if (type !== 'opened') return;
          order.push(`opened in ${engine.view.phase}`);
          engine.connection.send('subscribe');
        },
      },
    });
    engine.connection.send('kept');
    engine.socket.accept();
    expect(order).toEqual(['connected', 'opened in open', 'sent subscribe', 'sent kept']);
  });
});

describe('a cursor', () => {
  test('that throws is told to onError, and the place stays', () => {
    const { engine, opened } = follow({
      cursor(value) {
        const { id } = value as { id: number };
        if (id > 7) throw new Error('no place');
        return id;
      },
    });
    engine.socket.say('{"id":7}');
    engine.socket.say('{"id":8}');
    expect(engine.view.error).toMatchObject({ code: 'callback', message: 'callback: no place' });
    expect(engine.log).toContain('error');
    loseAndReturn(engine);
    expect(opened.at(-1)?.cursor).toBe(7);
  });

  test('does not move with a message that cannot be read', () => {
    const { engine, opened } = follow({ cursor: (value) => value });
    engine.socket.say('5');
    engine.socket.say('not JSON');
    expect(engine.log).toContain('error');
    loseAndReturn(engine);
    expect(opened.at(-1)?.cursor).toBe(5);
  });

  test('is asked after onMessage, which may change the url: then the message is no place of the new one', () => {
    const { engine, opened } = follow({
      listener: {
        onMessage() {
          engine.url = 'ws://other/';
          engine.connection.changeUrl();
        },
      },
    });
    engine.socket.say('{"id":7}');
    engine.socket.accept();
    loseAndReturn(engine);
    expect(opened.every(({ cursor }) => cursor === undefined)).toBe(true);
  });
});
