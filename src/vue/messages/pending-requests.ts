/** The requests of one `useRequests` that wait for their answers, and how each of them ends. */
import { isAlive } from '../../core/connection-state.js';
import type { ConnectionListener } from '../../core/connection-types.js';
import type { Engine } from '../../core/engine.js';
import { HeartbeatSocketError, type HeartbeatSocketErrorCode } from '../../core/errors.js';
import { tellDrained } from '../../core/outbound.js';
import { type DropReason, takeOut } from '../../core/outbox.js';
import { emit, guard, UNREADABLE } from '../../core/outlet.js';
import type { Phase } from '../../core/phase.js';
import type { CloseInfo } from '../../core/ports.js';

/** A request that waits. */
export interface Pending {
  readonly id: number;
  /** What was given to the connection. */
  readonly message: unknown;
  /** The answer has come. */
  answered(value: unknown): void;
  /** No answer comes, or nobody waits for it. */
  failed(reason: unknown): void;
}

/** What all of a connection have together. */
interface Desk {
  lastId: number;
  /** Each is asked about a message. True: it is an answer. */
  readonly consumers: Set<(value: unknown) => boolean>;
}

const desks = new WeakMap<Engine, Desk>();

function deskOf(engine: Engine): Desk {
  const known = desks.get(engine);
  if (known) return known;
  const consumers: Desk['consumers'] = new Set();
  const desk = { lastId: engine.options.lastId ?? 0, consumers };
  engine.takes = (value) => {
    if (value === UNREADABLE) return false;
    for (const takes of consumers) if (guard(engine, () => takes(value), 'callback')) return true;
    return false;
  };
  desks.set(engine, desk);
  return desk;
}

/** So many answers that nobody waits for any more are known by their ids. */
const MOST_LATE = 1_000;

/** Codes that are also the phase of the connection, and the reason why a message was dropped. */
const codeOf = (word: string, otherwise: HeartbeatSocketErrorCode): HeartbeatSocketErrorCode =>
  word === 'closed' || word === 'left' ? word : otherwise;

const lostError = (phase: Phase, how?: CloseInfo): HeartbeatSocketError =>
  new HeartbeatSocketError(codeOf(phase, 'lost'), 'the connection ended before the answer came', how, how?.code);

/** Why a message that is not kept any more ends its request. */
const droppedError = (reason: DropReason, phase: Phase): HeartbeatSocketError =>
  reason === 'unproven'
    ? lostError(phase)
    : new HeartbeatSocketError(codeOf(reason, 'dropped'), `the request is not kept any more: ${reason}`, { reason });

/** The answer to a request has come: where delivery is proven, that is the proof. */
function tellDelivered(engine: Engine, message: unknown): void {
  if (!takeOut(engine.outbox, message)) return;
  engine.options.viewChanged();
  emit(engine, 'delivered', { data: message });
  tellDrained(engine);
}

export interface PendingRequests {
  /** A number that no other request of the connection has. */
  nextId(): number;
  /** A request is about to be given to the connection. */
  add(pending: Pending): void;
  /** The message of the request is not kept any more. */
  dropped(pending: Pending, reason: DropReason): void;
  /** The socket has taken the request. */
  handedOver(pending: Pending): void;
  /** The request ends, and no answer can come. */
  fail(pending: Pending, reason: unknown): void;
  /** Nobody waits for the answer any more. A request that is still kept is not sent. */
  giveUp(pending: Pending, reason: unknown): void;
  giveUpAll(reason: unknown): void;
}

/** `idOf` reads the number of the request out of its answer. */
export function createPendingRequests(engine: Engine, idOf: (value: unknown) => unknown): PendingRequests {
  const desk = deskOf(engine);
  const waiting = new Map<unknown, Pending>();
  /** The ids of requests whose answers nobody waits for. */
  const late = new Set<unknown>();

  /** As long as nothing is expected, messages pass without being looked at. */
  const stopIfIdle = (): void => {
    if (waiting.size || late.size) return;
    desk.consumers.delete(takes);
    engine.listeners.delete(listener);
  };
  const fail = (pending: Pending, reason: unknown): void => {
    waiting.delete(pending.id);
    pending.failed(reason);
    stopIfIdle();
  };
  const takes = (value: unknown): boolean => {
    const id = idOf(value);
    const pending = waiting.get(id);
    const isLate = late.delete(id);
    if (pending) {
      waiting.delete(id);
      tellDelivered(engine, pending.message);
      pending.answered(value);
    }
    stopIfIdle();
    return isLate || pending !== undefined;
  };
  const listener: ConnectionListener = {
    heard(event) {
      if (event.type !== 'ended') return;
      // What one socket was asked, the next one does not answer.
      late.clear();
      const { phase, code, reason, wasClean } = event;
      const error = lostError(phase, { code, reason, wasClean });
      const kept = new Set(engine.outbox.messages.map((message) => message.value));
      for (const pending of [...waiting.values()]) if (!kept.has(pending.message)) fail(pending, error);
      stopIfIdle();
    },
  };

  const giveUp = (pending: Pending, reason: unknown): void => {
    const message = takeOut(engine.outbox, pending.message);
    if (message) engine.options.viewChanged();
    if (!message || message.wasSent) late.add(pending.id);
    if (late.size > MOST_LATE) late.delete(late.values().next().value);
    fail(pending, reason);
    tellDrained(engine);
  };

  return {
    nextId() {
      desk.lastId += 1;
      return desk.lastId;
    },
    add(pending) {
      waiting.set(pending.id, pending);
      desk.consumers.add(takes);
      engine.listeners.add(listener);
    },
    handedOver(pending) {
      const { state, outbox } = engine;
      if (isAlive(state) || !waiting.has(pending.id)) return;
      // A callback that heard of the message has ended the socket, which was told before this.
      const isKept = outbox.messages.some(({ value }) => value === pending.message);
      if (!isKept) fail(pending, lostError(state.phase));
    },
    fail,
    dropped(pending, reason) {
      if (waiting.has(pending.id)) fail(pending, droppedError(reason, engine.state.phase));
    },
    giveUp,
    giveUpAll(reason) {
      for (const pending of [...waiting.values()]) giveUp(pending, reason);
    },
  };
}
