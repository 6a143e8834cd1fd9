/**
 * What every preset has to keep, written down once: a test file gives a record of the protocol, and the harness plays it on the core
 * with memory ports. What is sent and received is compared byte by byte. The records use the examples of the specifications.
 */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { checkOptions } from '../../src/core/check-options';
import type { CountingPreset, Preset, PresetFigures, Wire } from '../../src/heartbeats/preset';
import { type Engine, type EngineOptions, pass, startEngine } from '../support/engine';

/** A step of a handshake: what the server says, and what the client must send next. */
export type Step = { readonly server: Wire } | { readonly client: unknown };

/** Frames of the server, and what the app gets of them. */
export interface Shown {
  readonly says: Wire | readonly Wire[];
  /** What reaches the app. Left out: the frames as they are. */
  readonly messages?: readonly unknown[];
}

export interface Contract {
  readonly name: string;
  /** Makes the preset. Whatever it takes beside the figures is in the record's `handshake`. */
  readonly make: (figures?: PresetFigures) => Preset | CountingPreset;
  /** The WebSocket's sub-protocols. Default none. */
  readonly protocols?: readonly string[];
  /** The steps until the connection is open, in order. Default none. What comes next of the client is sent unasked. */
  readonly handshake?: readonly Step[];
  /** What the app gets as soon as the connection is open: what the server has said of the session. Default nothing. */
  readonly greeting?: readonly unknown[];
  /** The server's bytes are a stream, whose messages come in pieces: bytes of another kind are not told from a piece. */
  readonly isStream?: boolean;
  /** The figures (ms) that hold after that handshake. Default: those of the library. */
  readonly interval?: number;
  readonly pongTimeout?: number;
  /** Heartbeats of this side. Left out: the server sends them all, and this side none. */
  readonly beat?: {
    /** The first heartbeat of a socket, the second and so on; the last stands for all that follow. */
    readonly sends: readonly unknown[];
    /**
     * What answers each of them. `sent`: as it went out, for a server that gives back a part of it. Left out: the server does not.
     */
    readonly answers?: (sent: never, index: number) => Wire;
    /** What looks like an answer. With `liveness: 'response'` it does not save the connection, and the app gets it. */
    readonly wrong?: readonly Wire[];
  };
  /** Heartbeats of the server, with the reply. Without a reply nothing is sent back. */
  readonly serverBeats?: readonly { readonly says: Wire; readonly reply?: unknown }[];
  /** Other frames that the app never gets, and that nothing answers. */
  readonly hidden?: readonly Wire[];
  /** Messages of the app that look like control frames, and frames that hold messages. */
  readonly shown?: readonly Shown[];
  /** Other ends of the handshake that name other figures. */
  readonly negotiated?: readonly {
    readonly handshake: readonly Step[];
    readonly interval: number;
    readonly pongTimeout: number;
  }[];
  /** Messages with which the server ends a connection that is open, and the words that the app is told. */
  readonly ends?: readonly { readonly says: Wire; readonly reason: string; readonly comesBack: boolean }[];
  /** Handshakes that the server breaks off. `comesBack`: there will be another attempt. */
  readonly refusals?: readonly { readonly handshake: readonly Step[]; readonly comesBack: boolean }[];
}

/** Bytes for a record, written in hexadecimal. */
export const hex = (digits: string): ArrayBuffer =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer;

/**
 * What no protocol has: presets get it from servers of another kind, and from broken ones. `HeartBeat` is the library's own default.
 */
const GARBAGE: readonly Wire[] = [
  ...['', ' ', '\0', '\n', '\ud800', '"', '{', '[', 'HeartBeat', 'x'.repeat(70_000), `{"a":"${'x'.repeat(70_000)}"}`],
  ...['null', 'true', '0', '1e999', '{}', '[]', '[[]]', '[null]', '[{}]', '{"__proto__":null}'],
  ...['{"type":null}', '{"type":{}}', '{"event":0}', '{"id":null}'],
  ...['', '00', 'ff', 'c0', 'd0', '30', '7b7d', 'ffffffffffffffffffff', '00000000000000000000'].map(hex),
];

/** Bytes as such, whatever holds them, so that they are compared one by one. */
const bare = (data: unknown): unknown => {
  if (ArrayBuffer.isView(data))
    return `bytes ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')}`;
  return data instanceof ArrayBuffer ? bare(new Uint8Array(data)) : data;
};

const bareAll = (all: readonly unknown[]): unknown[] => all.map(bare);

/** A socket of a preset, with a list of what was sent and not looked at yet. */
interface Played {
  readonly engine: Engine;
  /** What the socket was given since the last look. */
  sent(): unknown[];
  say(data: Wire): void;
}

/** The server accepts the newest socket of the engine. */
function accepted(engine: Engine): Played {
  engine.socket.accept();
  let seen = 0;
  return {
    engine,
    sent() {
      const news = engine.socket.sent.slice(seen);
      seen += news.length;
      return bareAll(news);
    },
    say: (data) => engine.socket.say(data),
  };
}

function play({ protocols, ...options }: Preset | CountingPreset, changes?: EngineOptions): Played {
  return accepted(startEngine({ ...(options as EngineOptions), ...changes }));
}

/** One step of a handshake. Until the last one nothing reaches the app. */
async function takeStep({ engine, sent, say }: Played, step: Step, early: unknown[]): Promise<void> {
  await setImmediate();
  expect(engine.received).toEqual([]);
  early.push(...sent());
  if ('client' in step) return expect(early.shift()).toEqual(bare(step.client));
  expect(early, 'sent before the server has spoken').toEqual([]);
  expect(engine.view.phase).toBe('connecting');
  say(step.server);
}

async function shakeHands(played: Played, steps: readonly Step[] = []): Promise<void> {
  const early: unknown[] = [];
  for (const step of steps) await takeStep(played, step, early);
  await setImmediate();
  expect([...early, ...played.sent()], 'sent unasked').toEqual([]);
}

/** The same heartbeat with other options beside it. */
const withHeartbeat = ({ heartbeat }: Preset | CountingPreset, more: object): EngineOptions => ({
  heartbeat: (() => ({ ...(typeof heartbeat === 'function' ? heartbeat() : heartbeat), ...more })) as never,
});

export function keepsContract(contract: Contract): void {
  const { make, beat, handshake, serverBeats = [], hidden = [], shown = [], negotiated = [], refusals = [] } = contract;
  const { ends = [] } = contract;
  const { interval = 10_000, pongTimeout = 10_000, greeting = [], isStream } = contract;

  /** A connection that is open. */
  const opened = async (preset = make(), changes?: EngineOptions, steps = handshake): Promise<Played> => {
    const played = play(preset, changes);
    await shakeHands(played, steps);
    expect(played.engine.view.phase).toBe('open');
    expect(bareAll(played.engine.received.splice(0))).toEqual(bareAll(greeting));
    return played;
  };

  /** The heartbeat with this index, as the socket gets it. */
  const beatAt = (index: number): unknown => bare(beat?.sends[Math.min(index, beat.sends.length - 1)]);

  /** Sends a heartbeat now, and gives it as it went out. */
  const beatNow = ({ engine, sent, say }: Played, index: number): never => {
    const { heartbeat } = make();
    if ((typeof heartbeat === 'function' ? heartbeat() : heartbeat).beats === 'both') {
      // Only the clock decides when this side's heartbeat is due. The server has to beat as well.
      say(serverBeats[0]?.says as Wire);
      engine.ports.clock.advance(interval);
    } else engine.connection.beat();
    expect(sent()).toEqual([beatAt(index)]);
    return engine.socket.sent.at(-1) as never;
  };

  /** Nothing comes any more: a heartbeat goes out after `interval`, and the socket is lost after `pongTimeout` more. */
  const fallsSilent = ({ engine, sent }: Played, first: number, second: number): void => {
    const { clock } = engine.ports;
    clock.advance(first - 1);
    expect(sent()).toEqual([]);
    clock.advance(1);
    expect(sent()).toEqual(beat ? [beatAt(0)] : []);
    clock.advance(second - 1);
    expect(engine.view.phase).toBe('suspect');
    clock.advance(1);
    expect(engine.view.error).toMatchObject({ code: 'silence' });
  };

  describe(contract.name, () => {
    test('offers the sub-protocols of the specification', () => {
      expect(make().protocols ?? []).toEqual(contract.protocols ?? []);
    });

    test('has options that development does not refuse', () => {
      const { protocols: _, ...options } = make();
      const { heartbeat } = options;
      checkOptions(options);
      if (typeof heartbeat === 'function') checkOptions({ heartbeat: heartbeat() });
    });

    test('opens after the handshake of the specification, of which the app sees nothing', async () => {
      const { engine } = await opened();
      expect(engine.log).toEqual(['connected']);
      expect(engine.received).toEqual([]);
    });

    test('beats after the interval, and gives a silent server up after pongTimeout', async () => {
      fallsSilent(await opened(), interval, pongTimeout);
    });

    test('figures that the app leaves undefined change nothing', async () => {
      fallsSilent(await opened(make({ interval: undefined, pongTimeout: undefined })), interval, pongTimeout);
    });

    test('figures of the app stand above those of the protocol', async () => {
      fallsSilent(await opened(make({ interval: 5_000, pongTimeout: 3_000 })), 5_000, 3_000);
    });

    test('one preset for two connections: nothing is shared', async () => {
      const preset = make();
      const all = [play(preset), play(preset)];
      const early: unknown[][] = [[], []];
      for (const step of handshake ?? []) {
        for (const [index, played] of all.entries()) await takeStep(played, step, early[index] as unknown[]);
      }
      await setImmediate();
      for (const played of all) {
        expect(played.engine.view.phase).toBe('open');
        if (beat) beatNow(played, 0);
      }
    });

    test('the next socket of a connection begins anew', async () => {
      const played = await opened();
      if (beat) for (const index of [0, 1]) beatNow(played, index);
      const { engine } = played;
      engine.socket.end(1006);
      pass(engine, () => engine.ports.sockets.length > 1);
      const next = accepted(engine);
      await shakeHands(next, handshake);
      expect(engine.view.phase).toBe('open');
      expect(bareAll(engine.received)).toEqual(bareAll(greeting));
      if (beat) beatNow(next, 0);
    });

    test('what is no frame of the protocol causes no error, and keeps the connection', async () => {
      const known = bareAll([...hidden, ...serverBeats.map(({ says }) => says), ...shown.flatMap(({ says }) => says)]);
      const { engine, say } = await opened();
      for (const data of GARBAGE) {
        const before = engine.received.length;
        say(data);
        await setImmediate();
        const isPiece = isStream && typeof data !== 'string';
        if (!isPiece && !known.includes(bare(data)))
          expect(bareAll(engine.received.slice(before))).toEqual([bare(data)]);
        expect([engine.view.phase, engine.log]).toEqual(['open', ['connected']]);
      }
    });

    test('what is no frame of the protocol does not end the attempts for good', async () => {
      for (const data of GARBAGE) {
        const errors: unknown[] = [];
        const { engine, say } = play(make(), { listener: { onError: (_, error) => errors.push(error) } });
        await setImmediate();
        say(data);
        await setImmediate();
        expect(engine.view.phase).not.toBe('failed');
        expect(errors.filter((error) => (error as { code?: string }).code !== 'handshake')).toEqual([]);
        engine.connection.leave();
      }
    });

    if (beat?.answers) {
      const { answers, wrong = [] } = beat;
      test('the answer is hidden from the app, and gives the latency', async () => {
        const played = await opened();
        const { engine, say } = played;
        for (const index of [0, 1, 2]) {
          const sent = beatNow(played, index);
          engine.ports.clock.advance(30 + index);
          say(answers(sent, index));
          expect(engine.view.latency).toBe(30 + index);
        }
        expect(engine.received).toEqual([]);
        expect(played.sent()).toEqual([]);
      });

      test('two heartbeats under way: both answers are hidden', async () => {
        const played = await opened();
        const { engine, say } = played;
        const sent = [0, 1].map((index) => beatNow(played, index));
        for (const [index, data] of sent.entries()) say(answers(data, index));
        expect(engine.received).toEqual([]);
        expect(engine.view).toMatchObject({ phase: 'open', latency: 0 });
      });

      test("with liveness: 'response' the answer alone keeps the connection", async () => {
        const preset = make();
        const played = await opened(preset, withHeartbeat(preset, { liveness: 'response' }));
        const { engine, say } = played;
        for (const index of [0, 1, 2]) {
          const sent = beatNow(played, index);
          engine.ports.clock.advance(Math.min(pongTimeout, interval) - 1);
          say(answers(sent, index));
          expect(engine.view.phase).toBe('open');
        }
        expect(played.sent()).toEqual([]);
      });

      for (const data of wrong) {
        test(`does not take ${JSON.stringify(bare(data)).slice(0, 60)} for the answer`, async () => {
          const preset = make();
          const played = await opened(preset, withHeartbeat(preset, { liveness: 'response' }));
          beatNow(played, 0);
          played.say(data);
          expect(bareAll(played.engine.received)).toEqual([bare(data)]);
          played.engine.ports.clock.advance(pongTimeout);
          expect(played.engine.view.error).toMatchObject({ code: 'silence' });
        });
      }
    }

    for (const { says, reply } of serverBeats) {
      const name = JSON.stringify(bare(says)).slice(0, 60);
      test(`the server's heartbeat ${name} is hidden, and ${reply === undefined ? 'not answered' : 'answered at once'}`, async () => {
        const { engine, say, sent } = await opened();
        say(says);
        expect(sent()).toEqual(reply === undefined ? [] : [bare(reply)]);
        await setImmediate();
        expect(engine.received).toEqual([]);
      });

      if (!beat) {
        test(`heartbeats ${name} of the server keep the connection`, async () => {
          const { engine, say, sent } = await opened();
          for (let count = 0; count < 3; count += 1) {
            engine.ports.clock.advance(interval);
            expect(engine.view.phase).toBe('open');
            say(says);
            expect(sent()).toEqual(reply === undefined ? [] : [bare(reply)]);
          }
          fallsSilent({ engine, say, sent }, interval, pongTimeout);
        });
      }
    }

    for (const data of hidden) {
      test(`hides ${JSON.stringify(bare(data)).slice(0, 60)} from the app, and does not answer`, async () => {
        const { engine, say, sent } = await opened();
        say(data);
        await setImmediate();
        expect([engine.received, sent(), engine.view.phase]).toEqual([[], [], 'open']);
      });
    }

    for (const { says, messages } of shown) {
      const frames = (Array.isArray(says) ? says : [says]) as readonly Wire[];
      test(`the app gets what ${JSON.stringify(bareAll(frames)).slice(0, 60)} holds`, async () => {
        const { engine, say, sent } = await opened();
        for (const frame of frames) say(frame);
        await setImmediate();
        expect(bareAll(engine.received)).toEqual(bareAll(messages ?? frames));
        expect(sent()).toEqual([]);
      });
    }

    for (const { handshake: steps, ...figures } of negotiated) {
      test(`the handshake agrees upon ${figures.interval} and ${figures.pongTimeout} ms`, async () => {
        fallsSilent(await opened(make(), {}, steps), figures.interval, figures.pongTimeout);
      });
    }

    for (const { says, reason, comesBack } of ends) {
      test(`${JSON.stringify(bare(says)).slice(0, 60)} is the end, and the library ${comesBack ? 'comes back' : 'gives up'}`, async () => {
        const { engine, say } = await opened();
        const { socket } = engine;
        say(says);
        await setImmediate();
        expect(socket.closedWith).toEqual([]);
        expect(engine.received).toEqual([]);
        expect(engine.log.filter((line) => line.startsWith('disconnected'))).toHaveLength(1);
        expect(engine.view.error?.message).toContain(reason);
        expect(engine.view.phase).toBe(comesBack ? 'waiting' : 'failed');
      });
    }

    for (const { handshake: steps, comesBack } of refusals) {
      const last = steps.at(-1) as { server: Wire };
      const name = JSON.stringify(bare(last.server)).slice(0, 60);
      test(`after ${name} the attempt ${comesBack ? 'is made again' : 'was the last'}`, async () => {
        const played = play(make());
        await shakeHands(played, steps);
        expect(played.engine.received).toEqual([]);
        const code = comesBack ? /^(handshake|refused)$/ : /^(gave-up|final-code)$/;
        expect(played.engine.view.error?.code).toMatch(code);
        expect(played.engine.view.phase).toMatch(comesBack ? /waiting|connecting/ : /failed/);
      });
    }
  });
}
