/** Decides for an open connection: when a heartbeat or a probe is due, and when the link counts as dead. */
import type { Loss, Transition } from './connection-events.js';
import { type Alive, NEVER } from './connection-state.js';
import { beatDueAt, LATE, spread } from './heartbeat.js';
import type { Moment } from './moment.js';

/** A wake sends no probe if the server was heard within this (ms). */
const JUST_HEARD = 1_000;

/** Sets the deadline to the first thing that is due. A deadline in the past would look like a timer that fires late. */
const withDeadline = (state: Alive, moment: Moment): Alive => {
  const next = state.deadAt === NEVER ? beatDueAt(state) : state.phase === 'open' ? state.overdueAt : state.deadAt;
  const stable = state.failures + state.retried ? state.openedAt + moment.stableAfter : NEVER;
  return { ...state, deadline: Math.max(moment.now, Math.min(next, stable)) };
};

/** The server was heard: the phase is `open`, and no heartbeat waits for a sign of life. */
export const withSignOfLife = (
  state: Omit<Alive, 'phase' | 'heardAt' | 'overdueAt' | 'deadAt'>,
  moment: Moment,
): Alive => withDeadline({ ...state, phase: 'open', heardAt: moment.now, overdueAt: NEVER, deadAt: NEVER }, moment);

/** Sends a heartbeat that may stay unanswered for `timeout` (ms). */
const sendBeat = (state: Alive, moment: Moment, timeout: number): Transition => {
  const { now } = moment;
  const next = { ...state, sentAt: now, interval: spread(moment), overdueAt: now + timeout / 2, deadAt: now + timeout };
  return [withDeadline(next, moment), ['beat']];
};

/** Sends a heartbeat that must be answered soon, unless an answer is due sooner anyway. */
export const probe = (state: Alive, moment: Moment): Transition =>
  moment.beats && state.deadAt > moment.now + moment.probeTimeout
    ? sendBeat(state, moment, moment.probeTimeout)
    : [state];

/** Somebody looks at the page again, or the network is back. */
export const wakeOpen = (state: Alive, moment: Moment, isNetwork?: boolean): Transition => {
  const woken = { ...state, wokeAt: moment.now };
  return isNetwork || moment.now - state.heardAt > JUST_HEARD ? probe(woken, moment) : [woken];
};

/** The user's scheduler asks for a heartbeat. While one is unanswered, a further one does not postpone the verdict. */
export const beatNow = (state: Alive, moment: Moment): Transition => {
  if (!moment.beats) return [state];
  return state.deadAt < NEVER ? [state, ['beat']] : sendBeat(state, moment, moment.pongTimeout);
};

/** The timer fired while the connection was open. `silence` makes the loss of a link that counts as dead. */
export const onOpenDeadline = (
  state: Alive,
  moment: Moment,
  silence: (state: Alive) => Transition | Loss,
): Transition | Loss => {
  const { now } = moment;
  const late = now - state.deadline > LATE;
  const isStable = now - state.openedAt >= moment.stableAfter;
  const seen: Alive = {
    ...state,
    failures: isStable ? 0 : state.failures,
    retried: isStable ? 0 : state.retried,
    phase: now >= state.overdueAt ? 'suspect' : state.phase,
    wokeAt: late ? now : state.wokeAt,
  };
  // A late timer proves nothing: the answer may be queued behind it.
  if (!late && now >= state.deadAt) return silence(seen);
  const [next, ...effects] =
    late && moment.beats
      ? sendBeat(seen, moment, moment.probeTimeout)
      : state.deadAt === NEVER && beatDueAt(state) <= now
        ? sendBeat(seen, moment, moment.pongTimeout)
        : ([withDeadline(seen, moment)] as Transition);
  const hasRecovered = isStable && state.failures + state.retried > 0;
  return hasRecovered ? [next, ['recovered'], ...effects] : [next, ...effects];
};
