/** The function form of `heartbeat`: a heartbeat of its own for each socket. */
import { describe, expect, test, vi } from 'vitest';
import { type Engine, type EngineOptions, openEngine } from '../support/engine';

const reconnect = (engine: Engine): void => {
  engine.socket.end(1006);
  engine.ports.clock.advance(5_000);
  engine.socket.accept();
};

const opened = (heartbeat: NonNullable<EngineOptions['heartbeat']>, options: EngineOptions = {}): Engine =>
  openEngine({ ...options, heartbeat });

describe('a heartbeat given by a function', () => {
  test('begins anew with each socket', () => {
    const engine = opened(() => {
      let number = 0;
      return { message: () => `ping ${++number}`, responseMessage: () => true };
    });
    engine.ports.clock.advance(10_000);
    engine.socket.say('pong');
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['ping 1', 'ping 2']);
    reconnect(engine);
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['ping 1']);
  });

  test('is asked for once for each socket', () => {
    const give = vi.fn(() => ({}));
    const engine = opened(give);
    engine.ports.clock.advance(60_000);
    expect(give).toHaveBeenCalledTimes(engine.ports.sockets.length);
    reconnect(engine);
    expect(give).toHaveBeenCalledTimes(engine.ports.sockets.length);
  });

  test('may be another one for each: figures, who sends, none at all', () => {
    const each = [{ interval: 2_000 }, { beats: 'server', interval: 1_000, pongTimeout: 1_000 } as const, false, true];
    const engine = opened(() => each.shift() ?? true);
    engine.ports.clock.advance(2_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
    reconnect(engine);
    engine.ports.clock.advance(2_000);
    expect(engine.socket.sent).toEqual([]);
    expect(engine.view.error?.code).toBe('silence');
    engine.ports.clock.advance(5_000);
    engine.socket.accept();
    engine.ports.clock.advance(600_000);
    expect(engine.socket.sent).toEqual([]);
    expect(engine.view.phase).toBe('open');
    reconnect(engine);
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });

  test('keeps its interval beside a scheduler, which has no effect there', () => {
    const engine = opened(() => ({ scheduler: () => ({ pause() {}, resume() {} }) }));
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });

  test('of bytes makes the socket give ArrayBuffers', () => {
    const engine = opened(() => ({ message: new Uint8Array([0xc0, 0]), responseMessage: new Uint8Array([0xd0, 0]) }));
    expect(engine.socket.binaryType).toBe('arraybuffer');
    engine.ports.clock.advance(10_000);
    engine.socket.say(new Uint8Array([0xd0, 0]).buffer);
    expect(engine.received).toEqual([]);
  });

  test('that throws is reported, and the default holds for that socket', () => {
    const errors: unknown[] = [];
    const engine = opened(
      () => {
        throw new Error('no figures yet');
      },
      { listener: { onError: (_, event) => errors.push(event) } },
    );
    expect([...errors, ...engine.unhandled]).toMatchObject([{ message: 'no figures yet' }]);
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });

  test('whose figures make no sense is reported, and the defaults of those hold', () => {
    const engine = opened(() => ({ message: 'ping', interval: -1 }));
    expect(engine.unhandled).toMatchObject([
      { code: 'option', message: 'option: interval makes no sense, received Number' },
    ]);
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['ping']);
  });
});
