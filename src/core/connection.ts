/** The engine: hands each event to `transition`, and carries out what that decides. It owns the one attempt and the one timer. */
import { abandon, ask, dial, prepare, tellEnd } from './attempt.js';
import type { Effect, Effects, EventName, Events, Loss, Plan } from './connection-events.js';
import { initialState, isActive, isAlive, isResting, NEVER } from './connection-state.js';
import type { Connection, ConnectionOptions, ConnectionView } from './connection-types.js';
import { createDeadlineTimer } from './deadline-timer.js';
import type { Attempt, Engine } from './engine.js';
import { afterLoss, isOutdated, retryNumber } from './loss.js';
import { USUAL_POLICY } from './options.js';
import { currentUrl, flush, send, sendBeat } from './outbound.js';
import { createOutbox } from './outbox.js';
import { emit, guard } from './outlet.js';
import type { Ports } from './ports.js';
import { planRetry } from './reconnect-policy.js';
import { transition } from './transition.js';
import { createTurnQueue } from './turn-queue.js';
import { toText } from './url-text.js';

/** How each effect is carried out. */
const EFFECTS: { readonly [Name in keyof Effects]: (engine: Engine, ...about: Parameters<Effects[Name]>) => void } = {
  prepare,
  address: ({ outbox }, url) => outbox.address(url),
  ask(engine) {
    const { attempt, queue } = engine;
    // In a turn of its own: a message that is dropped for the url may lead to another url, or to none.
    queue.enqueue(() => attempt?.id === engine.state.id && ask(engine));
  },
  dial,
  opened(engine) {
    // Too late to abort `beforeConnect`.
    (engine.attempt as Attempt).aborter = undefined;
    // What `onConnected` sends goes out before what is buffered, and what it commands is done before.
    engine.queue.enqueue(() => flush(engine));
  },
  abandon,
  ended: (engine, how) => tellEnd(engine, how, engine.attempt?.socket, engine.attempt?.closeEvent),
  erred: (engine, error, gaveUp) => emit(engine, 'erred', { error, gaveUp }),
  beat: sendBeat,
  empty: ({ outbox }, reason) => outbox.empty(reason),
  stalled: ({ attempt }) => attempt?.beats.stalled(),
  recovered: (engine) => emit(engine, 'recovered', {}),
};

const carryOut = (engine: Engine, [name, ...about]: Effect): void =>
  (EFFECTS[name] as (engine: Engine, ...about: unknown[]) => void)(engine, ...about);

/** Asks the caller's policy. If its code throws, the default policy answers. */
function plan(engine: Engine, loss: Loss, random: number): Plan {
  const { lost, ending, isLocal } = loss;
  const { options } = engine;
  const askPolicy = (policy: Parameters<typeof planRetry>[0]): Plan =>
    planRetry(policy, lost.retried, retryNumber(loss), ending[1], { isLocal, random }, !isOutdated(lost));
  return guard(engine, () => askPolicy(options), 'callback') ?? askPolicy({ ...options, ...USUAL_POLICY });
}

/** Makes the function that deals with one event. */
function createStep(engine: Engine, { clock, chance, signals }: Ports): Engine['step'] {
  const arm = createDeadlineTimer(clock, () => engine.raise('deadline'));
  // One record, brought up to date for each event.
  const moment = { ...engine.options, now: 0, random: 0, online: true, visible: true, roundTrip: 0 };
  let stopListening: (() => void) | undefined;
  return (name, payload, id) => {
    const { phase } = engine.state;
    moment.now = clock.now();
    moment.random = chance();
    moment.online = name !== 'offline' || signals.online();
    moment.visible = signals.visible();
    moment.roundTrip = engine.attempt?.beats.latency ?? 0;
    engine.cause = name;
    const outcome = transition(engine.state, moment, name, payload as Events[typeof name], id);
    const [next, ...todo] =
      'lost' in outcome
        ? afterLoss(outcome, plan(engine, outcome, moment.random), moment.now, signals.online())
        : outcome;
    engine.state = next;
    if (engine.attempt && isAlive(next)) engine.attempt.wasOpen = true;
    arm(next.deadline ?? NEVER);
    if (isActive(next)) stopListening ??= signals.listen((signal) => engine.raise(signal));
    else {
      stopListening?.();
      stopListening = undefined;
    }
    if (next.phase !== phase) emit(engine, 'changed', { from: phase }, engine.attempt?.socket);
    else engine.options.viewChanged();
    for (const effect of todo) carryOut(engine, effect);
  };
}

function createEngine(ports: Ports, options: ConnectionOptions): Engine {
  const queue = createTurnQueue(options.unhandled);
  const engine = {
    state: initialState(toText(options.url())),
    attempt: undefined,
    cause: 'open',
    lastSocket: undefined,
    lastMessageAt: undefined,
    received: { data: undefined },
    clock: ports.clock,
    transport: ports.transport,
    options,
    listeners: new Set(),
    outbox: createOutbox(options, (data, reason) => emit(engine, 'dropped', { data, reason })),
    queue,
    raise: (name, payload, id) => queue.enqueue(() => engine.step(name, payload, id)),
  } as Engine;
  return Object.assign(engine, { step: createStep(engine, ports) });
}

const viewOf = ({ state, attempt, clock }: Engine): ConnectionView => {
  const { phase, failures, error } = state;
  return {
    ws: isResting(state) && phase !== 'failed' ? undefined : attempt?.shown,
    latency: attempt?.beats.latency,
    error,
    left: phase === 'left',
    failures,
    retryAt: phase === 'waiting' ? clock.toEpoch(state.deadline) : undefined,
    status: isAlive(state) ? 'OPEN' : phase === 'connecting' ? 'CONNECTING' : 'CLOSED',
    phase,
  };
};

/** Makes a connection. It connects when it is told to `open()`. */
export function createConnection(ports: Ports, options: ConnectionOptions): Connection {
  const engine = createEngine(ports, options);
  const { raise, step, queue, listeners, outbox } = engine;
  const command = <Name extends EventName>(name: Name, payload?: Events[Name]): void =>
    queue.command(() => step(name, payload));
  return {
    listeners,
    view: () => viewOf(engine),
    buffered: outbox.size,
    open: () => command('open', { url: currentUrl(engine) }),
    close: (code, reason = '') => command('close', { code, reason, url: currentUrl(engine) }),
    leave: () => command('leave'),
    changeUrl() {
      const url = currentUrl(engine);
      if (url !== engine.state.url || queue.isCommanded()) command('url', { url });
    },
    deactivate: () => raise('deactivate'),
    activate: () => raise('activate'),
    beat: () => raise('beat'),
    send: (value, useBuffer = true) => send(engine, value, useBuffer),
  };
}
