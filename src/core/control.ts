/** Messages of the server that are not the app's: answers to heartbeats, and what the option `control` knows. */
import { abandonSocket } from './abandon-socket.js';
import { isAnswer, settleBeat } from './beats.js';
import { isAlive, NEVER } from './connection-state.js';
import type { Figures, MessageLike } from './connection-types.js';
import type { Attempt, Engine } from './engine.js';
import type { ControlFrame } from './heartbeat.js';
import { kindOf, unusable } from './kind-of.js';
import { emit, guard, report } from './outlet.js';
import { type CloseInfo, NO_CLOSE_EVENT, type SocketLike } from './ports.js';
import { checkData, write } from './socket-writer.js';

/** The server gave a sign of life. While no heartbeat waits for one, this costs no more than a stamp. */
export const alive = ({ state, step, delivery }: Engine, attempt: Attempt, now: number): void => {
  if (!isAlive(state)) return;
  delivery.alive?.(attempt);
  if (state.deadAt < NEVER) step('heard');
  else state.heardAt = now;
};

/** Whether a value is a number of ms that a figure can be. */
export const isFigure = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 1;

/** Takes in figures that the server has named, without what makes no sense. The last ones hold. */
export function takeFigures(attempt: Attempt, { interval, pongTimeout }: Figures): void {
  attempt.figures = {
    interval: interval === Infinity || isFigure(interval) ? interval : attempt.figures?.interval,
    pongTimeout: isFigure(pongTimeout) ? pongTimeout : attempt.figures?.pongTimeout,
  };
}

/** Sends back at once what `control` gave. Answers with what went out. */
function reply(engine: Engine, data: unknown): unknown {
  // The app has commanded something meanwhile that ends this socket or replaces it.
  if (data === undefined || engine.queue.isCommanded()) return undefined;
  return guard(
    engine,
    () => {
      checkData(data);
      return write(engine, data) && data;
    },
    'callback',
  );
}

/** Whether a message that `control` knows, and that answers no heartbeat, is a sign of life. */
export const provesLife = ({ attempt }: Engine): boolean =>
  attempt?.settings.liveness === 'traffic' || attempt?.settings.beats !== 'client';

/** Asks the app's code whether a message is its own: `control`, and then `responseMessage`. Undefined: it is. */
function askApp({ settings, beats }: Attempt, data: unknown, now: number): ControlFrame | undefined {
  const said = settings.control?.(data);
  // A server that sends the heartbeats answers none.
  if (said === undefined)
    return settings.beats === 'client' && isAnswer(beats, data, now) ? { answer: true } : undefined;
  if (kindOf(said) !== 'Object') throw new TypeError(unusable(said));
  // A copy: a getter of the app that throws does so here, where the error is caught.
  const frame = { ...said };
  if (!Array.isArray(frame.messages ?? [])) throw new TypeError(unusable(frame.messages));
  // A copy as plain data: the object of the app may have getters.
  frame.end &&= { reason: '', ...JSON.parse(JSON.stringify(frame.end)), wasClean: true };
  if (frame.answer) settleBeat(beats, now, Number(frame.answer) - 1);
  return frame;
}

/**
 * Deals with a message that is not the app's alone. Undefined: it is the app's. Otherwise the messages that it holds for the app are
 * the answer.
 */
export function controlFrame(
  engine: Engine,
  attempt: Attempt,
  { data }: MessageLike,
  now: number,
): readonly unknown[] | undefined {
  const { settings, beats } = attempt;
  let said: ControlFrame | undefined;
  try {
    said = askApp(attempt, data, now);
  } catch (thrown) {
    report(engine, 'callback', thrown);
  }
  if (!said) return undefined;
  const { answer, end } = said;
  const messages = said.messages ?? [];
  if (settings.liveness === 'response' && (answer || provesLife(engine))) alive(engine, attempt, now);
  if (said.interval || said.pongTimeout) {
    takeFigures(attempt, said);
    engine.step('figures');
  }
  const back = reply(engine, said.reply);
  if (answer) {
    emit(engine, 'answered', { latency: beats.latency });
    engine.delivery.answered?.(engine, attempt, now, Number(answer));
  } else if (said.reply !== undefined || !messages.length) emit(engine, 'control', { data, reply: back });
  if (end) {
    // The code may be one that no page may close a socket with.
    abandonSocket(engine, attempt.socket as SocketLike, NO_CLOSE_EVENT);
    engine.raise('ended', end as CloseInfo, attempt.id);
  }
  return messages;
}
