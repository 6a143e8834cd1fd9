/** The engine: hands each event to `transition`, and its decision to `carryOut`. It owns the one attempt and the one timer. */
import { createCommandDepth } from './command-depth.js';
import type { EventName, Events, Loss, Plan } from './connection-events.js';
import { dueAt, isActive, isAlive, isResting, NEVER } from './connection-state.js';
import type { Connection, ConnectionOptions, Figures } from './connection-types.js';
import { isFigure } from './control.js';
import { createDeadlineTimer } from './deadline-timer.js';
import { carryOut } from './effects.js';
import type { Delivery, Engine } from './engine.js';
import { USUAL_FIGURE } from './heartbeat-options.js';
import { afterLoss, planRetry } from './loss.js';
import type { Moment } from './moment.js';
import { initialState } from './next-state.js';
import { USUAL_POLICY } from './options.js';
import { currentUrl, expire, send } from './outbound.js';
import { createOutbox, expiresAt } from './outbox.js';
import { emit, guard, lose, tellUntold } from './outlet.js';
import type { Ports } from './ports.js';
import { expectedWithin } from './round-trip.js';
import { bytesLeft, lookAtUpload } from './socket-writer.js';
import { transition } from './transition.js';
import { createTurnQueue } from './turn-queue.js';
import { unprovenOnly } from './unproven.js';
import { toText } from './url-text.js';
import { viewOf } from './view.js';
import { tellWrong } from './wrong-option.js';

/** Asks the caller's policy. If its code throws, the default policy answers. */
function plan(engine: Engine, loss: Loss, random: number): Plan {
  const { options } = engine;
  return (
    guard(engine, () => planRetry(options, loss, random), 'callback') ??
    planRetry({ ...options, ...USUAL_POLICY }, loss, random)
  );
}

/**
 * A figure of the heartbeat: what the server has named, or else the option. The default, if a getter throws or gives nonsense. Where the
 * library times no heartbeat, the server names nothing.
 */
function figure(engine: Engine, name: keyof Figures): number {
  const { attempt, options } = engine;
  const give = (attempt?.settings ?? options)[name];
  if (!give) return Infinity;
  const own: unknown = guard(engine, give, 'callback');
  const named = attempt?.figures?.[name];
  if (named) return named;
  if (own === 'auto' && attempt) return expectedWithin(attempt.beats);
  return isFigure(own) ? own : USUAL_FIGURE;
}

/** So many attempts may begin in one task of the event loop: else a callback that connects again would freeze the page. */
const MOST_ATTEMPTS = 10;

const mustYield = (engine: Engine): boolean => engine.attempts >= MOST_ATTEMPTS;

/** Makes the function that deals with one event. */
function createStep(engine: Engine, { clock, chance, signals }: Ports): Engine['step'] {
  const arm = createDeadlineTimer(clock, () => {
    engine.attempts = 0;
    engine.raise('deadline');
  });
  let stopListening: (() => void) | undefined;
  return (name, payload, id) => {
    const { options, attempt, state, phase } = engine;
    const kept = engine.outbox.messages.length > 0;
    const drained = lookAtUpload(engine);
    engine.cause = name;
    const hasFigures = isAlive(state) || name === 'opened' || name === 'shaken';
    const figureNow = (name: keyof Figures): number => (hasFigures ? figure(engine, name) : USUAL_FIGURE);
    const moment: Moment = {
      ...(attempt?.settings ?? options),
      now: clock.now(),
      random: chance(),
      latency: attempt?.beats.latency ?? 0,
      lastMessageAt: engine.lastMessageAt ?? -NEVER,
      drained,
      interval: figureNow('interval'),
      pongTimeout: figureNow('pongTimeout'),
      readyState: attempt?.socket?.readyState,
      online: signals.online(attempt?.url),
      visible: signals.visible(),
      prerendering: signals.prerendering(),
      mustYield: mustYield(engine),
      pending: kept || bytesLeft(engine) > 0,
      kept,
    };
    const outcome = transition(engine.state, moment, name, payload as Events[typeof name], id);
    const [next, ...todo] =
      'lost' in outcome ? afterLoss(outcome, plan(engine, outcome, moment.random), moment) : outcome;
    if (name === 'threw' && state.stage && !next.stage) engine.attempts = MOST_ATTEMPTS;
    engine.state = next;
    engine.phase = viewOf(engine).phase;
    if (isActive(next) || (engine.delivery.hearsPage && next.phase !== 'left'))
      stopListening ??= signals.listen((signal) => engine.raise(signal));
    else {
      stopListening?.();
      stopListening = undefined;
    }
    try {
      if (engine.phase !== phase) emit(engine, 'changed', { from: phase }, engine.attempt?.socket);
      else options.viewChanged();
      for (const effect of todo) carryOut(engine, effect);
      engine.delivery.stepped?.(engine, name);
      if (name === 'deadline') expire(engine, moment.now);
    } finally {
      const due = Math.min(
        dueAt(engine.state),
        isAlive(engine.state) ? engine.proveAt : NEVER,
        // What is kept at rest is looked at with the next event.
        isResting(engine.state) ? NEVER : expiresAt(engine.outbox),
      );
      arm(mustYield(engine) && next.phase !== 'left' ? moment.now : due);
    }
  };
}

function createEngine(ports: Ports, options: ConnectionOptions): Engine {
  const first = (): void => {
    if (engine.isReleased) tellUntold(engine);
  };
  const depth = createCommandDepth(options.unhandled);
  const queue = createTurnQueue(options, depth, first);
  const delivery = (options.delivery as Delivery | undefined) ?? unprovenOnly;
  const engine = {
    untold: options.isHeld && [],
    isReleased: false,
    attempts: 0,
    state: initialState(toText(options.url())),
    phase: 'idle',
    proveAt: NEVER,
    cause: 'open',
    erredAt: -NEVER,
    received: { data: undefined },
    clock: ports.clock,
    transport: ports.transport,
    options,
    listeners: new Set(),
    outbox: createOutbox(options, (message, reason) => lose(engine, message, reason), !!delivery.send),
    delivery,
    depth,
    queue,
    raise: (name, payload, id) => queue.enqueue(() => engine.step(name, payload, id)),
  } as Engine;
  engine.step = createStep(engine, ports);
  return engine;
}

/** A new connection, with its engine: functions such as `useRequests` work with the engine. */
export interface MadeConnection extends Connection {
  readonly engine: Engine;
}

/** Makes a connection. It connects when it is told to `open()`. */
export function createConnection(ports: Ports, options: ConnectionOptions): MadeConnection {
  const engine = createEngine(ports, options);
  const { raise, queue, listeners } = engine;
  const { deeper } = engine.depth;
  tellWrong(engine, options.wrong);
  const command = <Name extends EventName>(name: Name, payload?: Events[Name]): void =>
    queue.command(() => engine.step(name, payload));
  // A closed connection sends nothing, so close() ends callbacks that run without end. It is never ignored.
  const ending = (end: (url: string) => void): void =>
    deeper(
      () => end(currentUrl(engine)),
      () => end(engine.state.url),
    );
  return {
    engine,
    listeners,
    view: () => viewOf(engine),
    release() {
      engine.isReleased = true;
      Promise.resolve().then(() => queue.enqueue(() => {}));
    },
    open: () => deeper(() => command('open', { url: currentUrl(engine) })),
    close: (code, reason = '') => ending((url) => command('close', { code, reason, url })),
    drain(ms) {
      const until = engine.clock.now() + ms;
      ending((url) => command('drain', { url, until }));
    },
    leave: () => command('leave'),
    changeUrl: () =>
      deeper(() => {
        const url = currentUrl(engine);
        if (url !== engine.state.url || queue.isCommanded()) command('url', { url });
      }),
    deactivate: () => raise('deactivate'),
    activate: () => raise('activate'),
    beat: () => deeper(() => raise('beat')),
    send: (value, useBuffer = true) =>
      engine.options.within(() =>
        deeper(
          () => send(engine, value, useBuffer),
          () => lose(engine, { value }, 'refused'),
        ),
      ) ?? false,
  };
}
