/** The one way in: every message that a socket receives passes here, once. */

import { isAnswer } from './beats.js';
import { isAlive, NEVER } from './connection-state.js';
import type { MessageLike } from './connection-types.js';
import type { Attempt, Engine } from './engine.js';
import { unusable } from './kind-of.js';
import { emit, guard, report, UNREADABLE } from './outlet.js';
import { isPromise } from './settled.js';

/** The server gave a sign of life. While no heartbeat waits for one, this costs no more than a stamp. */
const alive = ({ state, step, delivery }: Engine, attempt: Attempt, now: number): void => {
  if (!isAlive(state)) return;
  delivery.alive?.(attempt);
  if (state.deadAt < NEVER) step('heard');
  else state.heardAt = now;
};

/** Whether a message is the answer to a heartbeat. No later step sees it then. */
function controlFrame(engine: Engine, attempt: Attempt, { data }: MessageLike, now: number): boolean {
  const { options } = engine;
  const { beats } = attempt;
  let isForBeat = false;
  try {
    isForBeat = isAnswer(beats, data, now);
  } catch (thrown) {
    report(engine, 'callback', thrown);
  }
  if (!isForBeat) return false;
  if (options.liveness === 'response') alive(engine, attempt, now);
  emit(engine, 'answered', { latency: beats.latency });
  engine.delivery.answered?.(engine, attempt, now);
  return true;
}

/** Notes the place of a message in the stream, so that the next attempt can ask for what follows. */
function moveCursor(engine: Engine, value: unknown): void {
  const { stream } = engine;
  const cursor = guard(engine, () => engine.options.cursor?.(value), 'callback');
  // `cursor` itself may have ended the connection, and then the record of its end stays.
  if (cursor !== undefined && stream && stream === engine.stream) engine.stream = { ...stream, cursor };
}

/** Tells of a message of the app. */
function appValue(engine: Engine, { socket }: Attempt, event: MessageLike, now: number): void {
  const { data } = event;
  const { received } = engine;
  let value: unknown;
  let failure: { readonly thrown: unknown } | undefined;
  try {
    value = engine.options.serializer.read(data);
    if (value === undefined || isPromise(value)) throw new TypeError(unusable(value));
  } catch (thrown) {
    value = UNREADABLE;
    failure = { thrown };
  }
  engine.lastMessageAt = now;
  received.data = data;
  emit(engine, 'received', received, socket, event, engine.takes?.(value) ? UNREADABLE : value);
  received.data = undefined;
  if (value !== UNREADABLE) {
    if (engine.options.cursor) moveCursor(engine, value);
    engine.delivery.received?.(engine, value);
  }
  if (failure) report(engine, 'serializer', failure.thrown);
}

/** Takes a message in: sign of life, control frame, handshake, value of the app, in this order. */
export function receive(engine: Engine, attempt: Attempt, event: MessageLike): void {
  const { state, options } = engine;
  if (attempt.id !== state.id || !(isAlive(state) || state.stage === 'shaking')) return;
  const now = engine.clock.now();
  if (options.liveness === 'traffic') alive(engine, attempt, now);
  // The sign of life may have been an event of its own.
  engine.cause = 'message';
  if (options.beats && controlFrame(engine, attempt, event, now)) return;
  // The application's handshake hears what comes before it has ended.
  if (engine.state.stage === 'shaking') attempt.handshake?.hear(event);
  else appValue(engine, attempt, event, now);
}
