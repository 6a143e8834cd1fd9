/** The one way out for news: each event is emitted once, and all that anybody hears is derived from it here. */

import { isAlive, type State } from './connection-state.js';
import type { ConnectionListener, MessageLike } from './connection-types.js';
import type { Engine } from './engine.js';
import { type HeartbeatSocketErrorCode, toError } from './errors.js';
import type { Cause, EventDetails, EventType, HeartbeatSocketEvent } from './log-event.js';
import type { CloseInfo, SocketLike } from './ports.js';
import { keepError } from './transition.js';

/** Stands in for the value of a message that no listener hears: the serializer could not read it, or a consumer took it. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** The fields of whatever detail there is. */
type AnyDetail = Partial<
  EventDetails['changed'] &
    EventDetails['sent'] &
    EventDetails['dropped'] &
    EventDetails['ended'] &
    EventDetails['erred']
>;

/** Runs the callback that an event stands for. */
function runCallback(
  engine: Engine,
  state: State,
  listener: ConnectionListener,
  type: EventType,
  detail: AnyDetail,
  socket: SocketLike,
  native: unknown,
  extra: unknown,
): void {
  if (type === 'received') {
    if (extra !== UNREADABLE) listener.onMessage?.(socket, native as MessageLike, extra);
  } else if (type === 'sent') listener.onSend?.(detail.data);
  else if (type === 'changed') {
    if (detail.from === 'connecting' && isAlive(state)) listener.onConnected?.(socket);
  } else if (type === 'ended') {
    if (detail.wasOpen) {
      listener.onDisconnected?.(socket, (native ?? engine.transport.closeEvent(detail as CloseInfo)) as CloseInfo);
    }
  } else if (type === 'dropped') listener.onDropped?.(detail.data, detail.reason as EventDetails['dropped']['reason']);
  else if (type === 'delivered') listener.onDelivered?.(detail.data);
  else if (type === 'faulted') listener.onError?.(socket, native);
  else if (detail.gaveUp) listener.onFailed?.();
}

/** Runs a task now, or once the call that makes the connection has returned. */
export function afterCall({ untold, depth }: Engine, task: () => void): void {
  if (!untold) {
    task();
    return;
  }
  const { level } = depth;
  untold.push(() => {
    depth.enter(level);
    task();
  });
}

/** The call that makes the connection has returned: tells of what happened within it. */
export function tellUntold(engine: Engine): void {
  // What callbacks lead to meanwhile comes to the end of the list, so that everything is told in order.
  const { level } = engine.depth;
  // Each task is taken off before it runs, so that one that throws is not told again and again.
  while (engine.untold?.length) engine.untold.shift()?.();
  engine.untold = undefined;
  engine.depth.enter(level);
}

/** Tells everybody of an event. `state` and `cause` are those at the time of the event. */
function tell<Type extends EventType>(
  engine: Engine,
  state: State,
  cause: Cause,
  type: Type,
  detail: EventDetails[Type],
  socket: SocketLike,
  native: unknown,
  extra: unknown,
): void {
  const { clock } = engine;
  let event: HeartbeatSocketEvent | undefined;
  for (const listener of engine.listeners) {
    if (listener.onEvent || listener.heard) {
      const at = clock.toEpoch(clock.now());
      event ??= { type, at, socket: state.id, phase: state.phase, cause, ...detail } as unknown as HeartbeatSocketEvent;
      try {
        listener.onEvent?.(event);
        if (extra !== UNREADABLE) listener.heard?.(event, extra);
      } catch (thrown) {
        engine.options.unhandled(thrown);
      }
    }
    try {
      runCallback(engine, state, listener, type, detail as AnyDetail, socket, native, extra);
    } catch (thrown) {
      report(engine, 'callback', thrown, type === 'faulted' ? [] : [listener]);
    }
  }
}

/** A function of its own: a closure in `emit` would cost each message the memory for what it captures, also where none is made. */
const heldBack =
  (...about: Parameters<typeof tell>) =>
  (): void =>
    tell(...about);

/**
 * Shows what an event has changed, and tells everybody of it. Callbacks are also given what is no plain data: the `socket` that the
 * event is about, the `native` event that this socket fired, and as `extra` what the serializer made of a message.
 */
export function emit<Type extends EventType>(
  engine: Engine,
  type: Type,
  detail: EventDetails[Type],
  socket?: SocketLike,
  native?: unknown,
  extra?: unknown,
): void {
  const { cause, options, phase } = engine;
  // What is shown may be the phase of another tab.
  const state = (phase === engine.state.phase ? engine.state : { ...engine.state, phase }) as State;
  if (type === 'received') {
    if (extra !== UNREADABLE) options.received(extra);
  } else if (type !== 'sent' && type !== 'delivered') options.viewChanged();
  if (engine.untold) {
    afterCall(engine, heldBack(engine, state, cause, type, { ...detail }, socket as SocketLike, native, extra));
  } else tell(engine, state, cause, type, detail, socket as SocketLike, native, extra);
}

type DropReason = EventDetails['dropped']['reason'];

interface Lost {
  readonly value: unknown;
  readonly wasSent?: boolean;
  settled?(reason: DropReason): void;
}

/** Tells of a message that is lost, or that may be: it was sent. */
export function lose(engine: Engine, message: Lost, reason: DropReason): void {
  emit(engine, 'dropped', { data: message.value, reason: message.wasSent ? 'unproven' : reason });
  message.settled?.(reason);
}

/** ms within which the same error of the caller's own code is no other one. */
const SAME_ERROR = 1_000;

/**
 * Keeps an error of the caller's own code, and tells the `onError` of those in `to` of it. If none of them has one, the app is told. What
 * an `onError` throws goes to the app.
 */
export function report(
  engine: Engine,
  code: HeartbeatSocketErrorCode,
  thrown: unknown,
  to: Iterable<ConnectionListener> = engine.listeners,
): void {
  const { lastSocket } = engine;
  const error = toError(code, thrown);
  const now = engine.clock.now();
  // The same error again, at once, is no other one: whoever watches `error`, and sends what cannot be sent, would be called without end.
  const isSame = engine.state.error?.message === error.message && now - engine.erredAt < SAME_ERROR;
  if (!isSame) engine.state = keepError(engine.state, error);
  engine.erredAt = now;
  emit(engine, 'erred', { error, gaveUp: false });
  afterCall(engine, () => {
    let isHeard = false;
    for (const listener of to) {
      if (!lastSocket || !listener.onError) continue;
      isHeard = true;
      try {
        listener.onError(lastSocket, engine.transport.errorEvent(error));
      } catch (other) {
        report(engine, 'callback', other, []);
      }
    }
    if (!isHeard) engine.options.unhandled(code === 'callback' ? thrown : error);
  });
}

/** Runs what may throw. Undefined: it threw, and that was reported. `undo` is called before that. */
export function guard<T>(
  engine: Engine,
  run: () => T,
  code: HeartbeatSocketErrorCode,
  undo?: () => void,
): T | undefined {
  try {
    return run();
  } catch (thrown) {
    undo?.();
    report(engine, code, thrown);
    return undefined;
  }
}
