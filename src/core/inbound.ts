/** The one way in: every message that a socket receives passes here, once. */

import { isAlive } from './connection-state.js';
import type { MessageLike } from './connection-types.js';
import { alive, controlFrame } from './control.js';
import type { Attempt, Engine } from './engine.js';
import { unusable } from './kind-of.js';
import { emit, guard, report, UNREADABLE } from './outlet.js';
import { isPromise } from './settled.js';

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

/** Hands a message on: to the application's handshake until that has ended, then to the app. */
function handOn(engine: Engine, attempt: Attempt, event: MessageLike, now: number): void {
  if (attempt.id !== engine.state.id) return;
  if (engine.state.stage === 'shaking') attempt.handshake?.hear(event);
  else if (isAlive(engine.state)) appValue(engine, attempt, event, now);
}

/** Hands messages on one by one, since the app may give a command at each. */
export function handOnAll(engine: Engine, attempt: Attempt, events: readonly MessageLike[], at = 0): void {
  const event = events[at];
  if (!event) return;
  engine.queue.enqueue(() => {
    engine.cause = 'message';
    handOn(engine, attempt, event, engine.clock.now());
    handOnAll(engine, attempt, events, at + 1);
  });
}

/** Takes a message in: sign of life, control frame, handshake, value of the app, in this order. */
export function receive(engine: Engine, attempt: Attempt, event: MessageLike): void {
  const { state } = engine;
  const { settings } = attempt;
  if (attempt.id !== state.id || !(isAlive(state) || state.stage === 'shaking')) return;
  const now = engine.clock.now();
  if (settings.liveness === 'traffic') alive(engine, attempt, now);
  // The sign of life may have been an event of its own.
  engine.cause = 'message';
  const messages = settings.beats ? controlFrame(engine, attempt, event, now) : undefined;
  if (!messages) handOn(engine, attempt, event, now);
  else if (messages.length) {
    handOnAll(
      engine,
      attempt,
      messages.map((data) => ({ type: 'message', data })),
    );
  }
}
