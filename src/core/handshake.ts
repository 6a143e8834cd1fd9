/** The application's own handshake: what a server wants to hear before anything else. */
import { callApp } from './attempt.js';
import type { Figures, Handshake, MessageLike } from './connection-types.js';
import { takeFigures } from './control.js';
import type { Attempt, Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
import { kindOf, unusable } from './kind-of.js';
import { guard } from './outlet.js';
import { checkData } from './socket-writer.js';

function createHandshake(): Handshake {
  const unread: MessageLike[] = [];
  /** Each takes a message. Without one it is told that the handshake is over. */
  const waiting: ((event?: MessageLike) => void)[] = [];
  let isOver = false;
  return {
    unread,
    hear(event) {
      const next = waiting.shift();
      if (next) next(event);
      else unread.push(event);
    },
    receive() {
      const message = new Promise((resolve, reject) => {
        const take = (event?: MessageLike): void =>
          event ? resolve(event.data) : reject(new HeartbeatSocketError('handshake', 'the handshake is over'));
        if (isOver) take();
        else if (unread.length) take(unread.shift());
        else waiting.push(take);
      });
      // The caller may have stopped waiting for it.
      message.catch(() => {});
      return message;
    },
    stop() {
      isOver = true;
      for (const take of waiting) take();
    },
  };
}

/** What a handshake gave. Nonsense is reported, and the connection opens all the same: the server took part. */
const figuresOf = (given: unknown): Figures => {
  if (kindOf(given ?? {}) !== 'Object') throw new TypeError(unusable(given));
  return Object(given);
};

/** Runs the handshake. That it is done, and what it throws, comes back as an event. */
export function shake(engine: Engine): void {
  const attempt = engine.attempt as Attempt;
  const { socket } = attempt;
  const handshake = createHandshake();
  attempt.handshake = handshake;
  const link = {
    receive: handshake.receive,
    send(data: unknown) {
      checkData(data);
      socket?.send(data as never);
    },
  };
  callApp(
    engine,
    attempt,
    'handshake',
    (control) => engine.options.handshake?.({ ...link, ...control }),
    (given) => {
      guard(engine, () => takeFigures(attempt, figuresOf(given)), 'handshake');
      engine.raise('shaken', undefined, attempt.id);
    },
  );
}
