/**
 * The state machine: `transition(state, event, moment)` answers with the next state and what has to be done. It is pure:
 * time and chance come in with the moment. `connection.ts` carries the effects out.
 */
import type { Effect, Ended, EventName, Events } from './connection-events.js';
import type { ConnectionView } from './connection-types.js';
import type { Trouble } from './errors.js';
import { beatDueAt, LATE, spread, type Traffic } from './heartbeat.js';
import type { Settings } from './options.js';
import type { Clock } from './ports.js';
import { planRetry } from './reconnect-policy.js';

/** What a connection is doing. */
export type Phase =
  /** Never asked to connect, no url, or put away with the page or a kept-alive component. */
  | 'idle'
  /** `beforeConnect` and the handshake are under way. */
  | 'connecting'
  /** Proven alive within the heartbeat's limits. */
  | 'open'
  /** Open, but a beat or probe is overdue. Usable. */
  | 'suspect'
  /** Between attempts: `retryAt` says when. */
  | 'waiting'
  /** The browser says there is no network; waits for it. */
  | 'offline'
  /** Closed by the user. Only `open()` or a new url leaves. */
  | 'closed'
  /** Gave up, `error` says why. Only `open()` or a new url leaves. */
  | 'failed'
  /** The owning scope ended. Nothing leaves. */
  | 'left';

/** What puts a connection away for a while: also the reason it closes with. Only the same one brings it back. */
type Away = 'page hidden' | 'deactivated';

interface Common {
  /** The number of the current socket. Events that carry another number change nothing. */
  readonly id: number;
  /** Attempts failed in a row. */
  readonly failures: number;
  /** Retries made since the connection last stood, or was asked for. */
  readonly retried: number;
  /** When the page last woke or the network last came back. */
  readonly wokeAt: number;
  /** When the one timer fires. */
  readonly deadline: number;
  /** The attempt was made anew, since the url had changed. */
  readonly renewed: boolean;
  /** What keeps it from connecting by itself, whatever its phase. */
  readonly away?: Away | undefined;
}

export interface Resting extends Common {
  readonly phase: 'idle' | 'closed' | 'failed' | 'left';
  /** It connects when what keeps it away is over. */
  readonly wanted: boolean;
}

export interface Trying extends Common {
  readonly phase: 'connecting' | 'waiting' | 'offline';
}

export interface Alive extends Common, Traffic {
  readonly phase: 'open' | 'suspect';
  readonly openedAt: number;
  /** When the beat on its way is overdue, and when it means the end. Never: no beat waits for a sign of life. */
  readonly overdueAt: number;
  readonly deadAt: number;
}

export type State = Resting | Trying | Alive;

/** The moment of an event: everything a decision may depend on beside the state. */
export interface Moment extends Settings {
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  readonly online: boolean;
  /** The url has changed since the attempt under way began: `beforeConnect` is at work for another one. */
  readonly isOutdated: boolean;
}

export type Transition = readonly [State, ...Effect[]];

/** A loss this soon (ms) after a wake is the wake's doing: browsers report then what died meanwhile. */
const WAKE_WINDOW = 2_000;

/** A wake need not probe what was heard within this (ms). */
const JUST_HEARD = 1_000;

/** The time of what is not planned. */
export const NEVER = Infinity;

const fresh = { failures: 0, retried: 0, renewed: false };

export const initialState: State = { phase: 'idle', id: 0, ...fresh, wokeAt: -NEVER, deadline: NEVER, wanted: false };

export const isAlive = (state: State): state is Alive => state.phase === 'open' || state.phase === 'suspect';

const isResting = (state: State): state is Resting => /idle|closed|failed|left/.test(state.phase);

/** Whether the state may change without being asked: then the page's signals matter. */
export const isActive = (state: State): boolean => !isResting(state) || state.wanted;

/** What the outside sees of a state. */
export const show = (
  state: State,
  { toEpoch }: Pick<Clock, 'toEpoch'>,
): Omit<ConnectionView, 'ws' | 'latency' | 'error'> => {
  const { phase } = state;
  return {
    left: phase === 'left',
    failures: state.failures,
    retryAt: phase === 'waiting' ? toEpoch(state.deadline) : undefined,
    status: isAlive(state) ? 'OPEN' : phase === 'connecting' ? 'CONNECTING' : 'CLOSED',
    phase,
  };
};

/** Goes on to a phase in which what the socket so far may still say does not count. */
const go = <P extends Resting['phase'] | Trying['phase']>(
  state: State,
  phase: P,
  changes?: Partial<Omit<Resting, 'phase'>>,
) => ({
  ...state,
  phase,
  id: state.id + 1,
  deadline: NEVER,
  wanted: false,
  ...changes,
});

/** We end the socket there is. Nothing waits for its `close` event: on a dead link that comes a minute late. */
const end = (state: State, reason = '', code = 1000): Ended => [
  'drop',
  { code, reason, wasClean: code !== 1006 },
  isAlive(state),
];

const attempt = (state: State, moment: Moment, ...before: Effect[]): Transition => [
  go(state, 'connecting', { away: undefined, deadline: moment.now + moment.connectTimeout }),
  ...before,
  ['connect'],
];

/** An open state with its deadline set to the first thing that is due. One in the past would look like a late timer. */
const alive = (state: Alive, moment: Moment): Alive => {
  const next = state.deadAt === NEVER ? beatDueAt(state) : state.phase === 'open' ? state.overdueAt : state.deadAt;
  const stable = state.failures + state.retried ? state.openedAt + moment.stableAfter : NEVER;
  return { ...state, deadline: Math.max(moment.now, Math.min(next, stable)) };
};

/** Open, and no beat waits for a sign of life. */
const calm = (state: Omit<Alive, 'phase' | 'heardAt' | 'overdueAt' | 'deadAt'>, moment: Moment): Alive =>
  alive({ ...state, phase: 'open', heardAt: moment.now, overdueAt: NEVER, deadAt: NEVER }, moment);

/** Sends a beat or probe, which may stay unanswered for `timeout`. */
const sendBeat = (state: Alive, moment: Moment, timeout: number): Transition => {
  const { now } = moment;
  const next = { ...state, interval: spread(moment), overdueAt: now + timeout / 2, deadAt: now + timeout };
  return [alive(next, moment), ['beat']];
};

/** Asks for a quick sign of life, unless one is due sooner anyway. */
const probe = (state: Alive, moment: Moment): Transition =>
  moment.beats && state.deadAt > moment.now + moment.probeTimeout
    ? sendBeat(state, moment, moment.probeTimeout)
    : [state];

/** The current socket is lost, or the attempt has failed: wait for the next one, for the network, or give up. */
const lost = (state: State, moment: Moment, code: Trouble, ended: Ended, cause?: unknown): Transition => {
  const { now, random, online } = moment;
  const stood = isAlive(state) && now - state.openedAt >= moment.stableAfter;
  const { failures, retried } = stood ? fresh : { ...state, failures: state.failures + 1 };
  const isLocal = code === 'silence' || (isAlive(state) && now - state.wokeAt <= WAKE_WINDOW);
  const plan = code === 'url' ? code : planRetry(moment, retried, ended[1], { isLocal, random });
  if (typeof plan === 'string') {
    return [go(state, 'failed', { failures }), ['trouble', code, cause ?? ended[1], plan], ended, ['failed']];
  }
  const next = go(state, online ? 'waiting' : 'offline', {
    failures,
    retried: retried + 1,
    // A wake excuses one loss: a server that accepts and closes at once is not tried at once for ever.
    wokeAt: isLocal ? -NEVER : state.wokeAt,
    deadline: online ? now + plan : NEVER,
  });
  return [next, ['trouble', code, cause ?? ended[1]], ended];
};

/** For today's url an attempt that was for another is made anew: at once, but only once, lest a `beforeConnect` changes it each time. */
const abandon = (state: State, moment: Moment, code: Trouble, cause?: unknown): Transition =>
  moment.isOutdated && !state.renewed
    ? attempt({ ...state, ...fresh, renewed: true }, moment, end(state))
    : lost(
        state,
        moment.isOutdated ? { ...moment, retries: -1, finalCodes: [] } : moment,
        code,
        end(state, code, 1006),
        cause,
      );

/** The timer fired: early it means nothing, late it proves nothing, since the answer may be queued behind it. */
const onDeadline = (state: State, moment: Moment): Transition => {
  const { now } = moment;
  if (now < state.deadline) return [state];
  const late = now - state.deadline > LATE;
  if (state.phase === 'waiting') return attempt(state, moment);
  if (!isAlive(state)) {
    return late ? [{ ...state, deadline: now + moment.probeTimeout }] : abandon(state, moment, 'connect-timeout');
  }
  const seen: Alive = {
    ...state,
    ...(now - state.openedAt >= moment.stableAfter && fresh),
    ...(now >= state.overdueAt && { phase: 'suspect' }),
    wokeAt: late ? now : state.wokeAt,
  };
  if (late && moment.beats) return sendBeat(seen, moment, moment.probeTimeout);
  if (now >= state.deadAt) return abandon(seen, moment, 'silence');
  return state.deadAt === NEVER && beatDueAt(state) <= now
    ? sendBeat(seen, moment, moment.pongTimeout)
    : [alive(seen, moment)];
};

const putAway = (state: State, away: Away): Transition => {
  // The page comes back before a component does, and must not bring back what is out of sight.
  if (isResting(state)) return [state.away === 'deactivated' ? state : { ...state, away }];
  return [go(state, 'idle', { wanted: true, away }), end(state, away)];
};

const bringBack = (state: State, moment: Moment, away: Away): Transition => {
  if (state.away !== away) return [state];
  const back = { ...state, wokeAt: moment.now, away: undefined };
  return isActive(state) ? attempt(back, moment) : [back];
};

/** The network is back, or the page awake. */
const wake = (state: State, moment: Moment, online?: boolean): Transition => {
  const woken = { ...state, wokeAt: moment.now };
  if (isResting(state)) return [state];
  if (isAlive(woken)) return online || moment.now - woken.heardAt > JUST_HEARD ? probe(woken, moment) : [woken];
  if (woken.phase !== 'connecting') return attempt(woken, moment);
  return online ? attempt(woken, moment, end(woken, 'online', 1006)) : [woken];
};

type Handlers = { [Name in EventName]: (state: State, moment: Moment, payload: Events[Name]) => Transition };

const on: Handlers = {
  open: (state, moment) => attempt({ ...state, ...fresh }, moment, end(state)),
  close: (state, _, { code, reason }) => [go(state, 'closed'), end(state, reason, code), ['empty', 'closed']],
  leave: (state) => [go(state, 'left'), end(state), ['empty', 'left']],
  redirect: (state, moment) =>
    // Who rests does not hear the page come back: then the new url tells it.
    state.away === 'deactivated' || (state.away && isActive(state))
      ? [go(state, 'idle', { ...fresh, wanted: true }), end(state)]
      : attempt({ ...state, ...fresh }, moment, end(state)),
  unset: (state) =>
    state.phase === 'idle' && !isActive(state) ? [state] : [go(state, 'idle', fresh), end(state), ['empty', 'url']],
  pagehide: (state) => putAway(state, 'page hidden'),
  pageshow: (state, moment) => bringBack(state, moment, 'page hidden'),
  deactivate: (state) => putAway(state, 'deactivated'),
  activate: (state, moment) => bringBack(state, moment, 'deactivated'),
  online: (state, moment) => wake(state, moment, true),
  offline: (state, moment) =>
    isAlive(state)
      ? probe(state, moment)
      : [state.phase === 'waiting' && !moment.online ? go(state, 'offline') : state],
  visibilitychange: wake,
  resume: wake,
  deadline: onDeadline,
  beat(state, moment) {
    if (!isAlive(state) || !moment.beats) return [state];
    return state.deadAt < NEVER ? [state, ['beat']] : sendBeat(state, moment, moment.pongTimeout);
  },
  opened(state, moment) {
    if (state.phase !== 'connecting') return [state];
    const { now } = moment;
    const opened = { ...state, renewed: false, openedAt: now, sentAt: now, interval: spread(moment) };
    return [calm(opened, moment), ['connected']];
  },
  heard: (state, moment) => [isAlive(state) ? calm(state, moment) : state],
  ended: (state, moment, event) =>
    lost(state, moment, isAlive(state) ? 'closed' : 'refused', ['disconnected', event, isAlive(state)]),
  threw: (state, moment, { code, thrown }) => abandon(state, moment, code, thrown),
};

/**
 * Decides. `id` is the number of the socket that the event is of, if it is of one. The rules are those of the design's
 * section 3; each has tests named after it.
 */
export const transition = <Name extends EventName>(
  state: State,
  moment: Moment,
  name: Name,
  payload: Events[Name],
  id = state.id,
): Transition => (state.phase === 'left' || id !== state.id ? [state] : on[name](state, moment, payload));
