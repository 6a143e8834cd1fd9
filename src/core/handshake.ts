/** The application's own handshake: what a server wants to hear before anything else. */
import { giveUpOf } from './attempt.js';
import type { Figures, Handshake, MessageLike } from './connection-types.js';
import type { Attempt, Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
import { kindOf, unusable } from './kind-of.js';
import { guard } from './outlet.js';
import { isPromise, whenSettled } from './settled.js';
import { checkData } from './socket-writer.js';

interface Waiter {
  resolve(data: unknown): void;
  reject(reason: unknown): void;
}

function createHandshake(): Handshake {
  const unread: MessageLike[] = [];
  let waiting: Waiter[] = [];
  let isOver = false;
  const over = (): HeartbeatSocketError => new HeartbeatSocketError('handshake', 'the handshake is over');
  return {
    unread,
    hear(event) {
      const next = waiting.shift();
      if (next) next.resolve(event.data);
      else unread.push(event);
    },
    receive() {
      const message = new Promise((resolve, reject) => {
        const event = isOver ? undefined : unread.shift();
        if (isOver) reject(over());
        else if (event) resolve(event.data);
        else waiting.push({ resolve, reject });
      });
      // The caller may have stopped waiting for it.
      message.catch(() => {});
      return message;
    },
    stop() {
      isOver = true;
      for (const { reject } of waiting) reject(over());
      waiting = [];
    },
  };
}

const isFigure = (value: unknown): value is number => typeof value === 'number' && value >= 1;

/** What a handshake gave, without what makes no sense. The server took part, so the connection opens all the same. */
const figuresOf = (given: unknown): Figures => {
  if (kindOf(given ?? {}) !== 'Object') throw new TypeError(unusable(given));
  const { interval, pongTimeout } = Object(given);
  return {
    interval: isFigure(interval) ? interval : undefined,
    pongTimeout: isFigure(pongTimeout) && pongTimeout < Infinity ? pongTimeout : undefined,
  };
};

/** Runs the handshake. That it is done, and what it throws, comes back as an event. */
export function shake(engine: Engine): void {
  const { options, transport, raise, queue } = engine;
  const attempt = engine.attempt as Attempt;
  const { id, socket } = attempt;
  const handshake = createHandshake();
  attempt.handshake = handshake;
  attempt.aborter ??= transport.abortController();
  const threw = (thrown: unknown): void => raise('threw', { code: 'handshake', thrown }, id);
  const done = (given: unknown): void => {
    attempt.figures = guard(engine, () => figuresOf(given), 'handshake');
    raise('shaken', undefined, id);
  };
  try {
    const given = options.handshake?.({
      send(data) {
        checkData(data);
        socket?.send(data as never);
      },
      receive: handshake.receive,
      signal: attempt.aborter.signal,
      giveUp: giveUpOf(engine, attempt, 'handshake'),
    });
    if (isPromise(given)) whenSettled(given, (late) => queue.enqueue(done, late), threw);
    else done(given);
  } catch (thrown) {
    threw(thrown);
  }
}
