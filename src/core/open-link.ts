/** Decides for an open connection: when a heartbeat or a probe is due, and when the link counts as dead. */
import type { Loss, Transition } from './connection-events.js';
import { type Alive, NEVER } from './connection-state.js';
import { beatDueAt, LATE, spread } from './heartbeat.js';
import type { Moment } from './moment.js';
import { FRESH, lengthened } from './next-state.js';

/** A wake sends no probe if the server was heard within this (ms). */
const JUST_HEARD = 1_000;

/** The longest that a heartbeat may stay unanswered (ms) after others did so in vain: a snapshot of 30 s delays the answer. */
const LONGEST_PONG = 60_000;

/** ms that a heartbeat may stay unanswered. Twice as long for each connection before that fell silent without any answer. */
const pongTime = (state: Alive, moment: Moment): number =>
  lengthened(moment.pongTimeout, state.unanswered, LONGEST_PONG);

/**
 * ms that a probe may stay unanswered: at least three times what the last answer took, and no longer than a heartbeat. A server
 * that sends the heartbeats cannot be asked for one, so the next has to come, which may be late. Where both sides beat, the
 * server's may be rarer than those of this side.
 */
const probeTime = ({ beats, interval, probeTimeout, pongTimeout, latency }: Moment): number =>
  beats === 'client'
    ? Math.min(Math.max(probeTimeout, 3 * latency), Math.max(probeTimeout, pongTimeout))
    : Math.min(probeTimeout, pongTimeout) + (beats === 'both' ? Math.max(interval, pongTimeout) : interval);

/**
 * When the next heartbeat is due. Never: there is none, or the server's is overdue. While one is unanswered, only keep-alive asks
 * for a further one.
 */
const nextBeatAt = (state: Omit<Alive, 'deadline'>, { beats, interval }: Moment): number => {
  const isAwaited = state.deadAt < NEVER;
  if (!beats) return NEVER;
  if (beats === 'client') return isAwaited ? state.sentAt + interval : beatDueAt(state);
  const overdueAt = isAwaited ? NEVER : state.heardAt + interval;
  return beats === 'both' ? Math.min(overdueAt, state.sentAt + state.interval) : overdueAt;
};

/** Sets the deadline to the first thing that is due. A deadline in the past would look like a timer that fires late. */
const withDeadline = (state: Omit<Alive, 'deadline'>, moment: Moment): Alive => {
  const verdict = state.phase === 'open' ? state.overdueAt : state.deadAt;
  const stable = state.failures + state.retried ? state.openedAt + moment.stableAfter : NEVER;
  const next = Math.min(nextBeatAt(state, moment), verdict, stable, state.flushAt);
  return { ...state, deadline: Math.max(moment.now, next) };
};

/** The server was heard: the phase is `open`, and no heartbeat waits for a sign of life. */
export const withSignOfLife = (
  state: Omit<Alive, 'phase' | 'heardAt' | 'overdueAt' | 'deadAt' | 'lateTimers' | 'isClosing' | 'deadline'>,
  moment: Moment,
): Alive =>
  withDeadline(
    { ...state, phase: 'open', heardAt: moment.now, overdueAt: NEVER, deadAt: NEVER, lateTimers: 0, isClosing: false },
    moment,
  );

/** Messages are kept until then. */
export const withFlush = (state: Alive, moment: Moment, flushAt: number): Alive =>
  withDeadline({ ...state, flushAt: Math.min(state.flushAt, flushAt) }, moment);

/** The server has named figures of the heartbeat. */
export const withFigures = (state: Alive, moment: Moment): Alive =>
  withDeadline({ ...state, interval: spread(moment) }, moment);

/** The server has to give a sign of life within `timeout` (ms). The phase is `suspect` after `overdue` (ms). */
const limits = ({ now, drained }: Moment, timeout: number, overdue = timeout / 2) => ({
  overdueAt: now + overdue,
  deadAt: now + timeout,
  drained,
});

/** Sends a heartbeat. Without `changes` the one that is unanswered keeps its limits. */
const sendBeat = (state: Alive, moment: Moment, changes?: Partial<Alive>): Transition => [
  withDeadline({ ...state, sentAt: moment.now, interval: spread(moment), ...changes }, moment),
  ['beat'],
];

/** Sends a heartbeat out of turn. A server that sends the heartbeats cannot be asked for one, so its next one is waited for. */
const sendProbe = (state: Alive, moment: Moment): Transition => {
  const timeout = probeTime(moment);
  const changes = limits(moment, timeout, moment.beats === 'client' ? undefined : timeout);
  return moment.beats === 'server'
    ? [withDeadline({ ...state, ...changes }, moment)]
    : sendBeat(state, moment, changes);
};

/** Asks for a sign of life that must come soon, unless one is due sooner anyway. */
export const probe = (state: Alive, moment: Moment): Transition =>
  moment.beats && state.deadAt > moment.now + probeTime(moment) ? sendProbe(state, moment) : [state];

/** Somebody looks at the page again, or the network is back. */
export const wakeOpen = (state: Alive, moment: Moment, isNetwork?: boolean): Transition =>
  isNetwork || moment.now - state.heardAt > JUST_HEARD ? probe(state, moment) : [state];

/** The user's scheduler asks for a heartbeat. While one is unanswered, a further one does not postpone the verdict. */
export const beatNow = (state: Alive, moment: Moment): Transition => {
  if (moment.beats !== 'client') return [state];
  return state.deadAt < NEVER ? [state, ['beat']] : sendBeat(state, moment, limits(moment, pongTime(state, moment)));
};

/**
 * A timer fired late. It proves nothing, since the answer may be queued behind it, so a probe is sent. But each silence has this
 * grace only once, or a page that is busy for good would never find a dead link. If the timer of the probe is late as well, the
 * verdict waits for one more turn of the event loop, in which queued messages are heard.
 */
const onLateTimer = (state: Alive, moment: Moment): Transition | undefined => {
  if (!moment.beats || state.lateTimers > 1) return undefined;
  const lateTimers = state.lateTimers + 1;
  const late = { ...state, lateTimers, wokeAt: moment.now, wakeLosses: 0 };
  if (lateTimers === 1) {
    const [next, ...effects] = sendProbe(late, moment);
    return [next, ['stalled'], ...effects];
  }
  return moment.now >= state.deadAt ? [{ ...late, deadline: moment.now }] : undefined;
};

/**
 * Whether the timer that makes the link suspect comes with the verdict: the page was busy for as long, and the answer may be
 * queued behind the timer. The verdict waits for one more turn of the event loop.
 */
const hasMissedSuspect = ({ phase, overdueAt, deadAt }: Alive, now: number): boolean =>
  phase === 'open' && overdueAt < deadAt && now >= deadAt;

/**
 * A server has begun to close the connection: browsers wait 2 s for the end of TCP before they fire `close`, whose code may be
 * final.
 */
const CLOSING_TIME = 3_000;

/**
 * The verdict has to wait: the server takes what the page sends, so the heartbeat is still behind that, or it has begun to close the
 * connection.
 */
function reprieve(state: Alive, moment: Moment): Alive | undefined {
  const { now, drained } = moment;
  // As long as for any heartbeat: the answer to a probe is behind the same bytes, some of which the operating system still has.
  if (drained > state.drained) return { ...state, drained, overdueAt: now, deadAt: now + pongTime(state, moment) / 2 };
  return moment.readyState === 2 && !state.isClosing
    ? { ...state, isClosing: true, deadAt: now + CLOSING_TIME }
    : undefined;
}

/** The timer fired while the connection was open. `silence` makes the loss of a link that counts as dead. */
export const onOpenDeadline = (
  state: Alive,
  moment: Moment,
  silence: (state: Alive) => Transition | Loss,
): Transition | Loss => {
  const { now } = moment;
  const isStable = now - state.openedAt >= moment.stableAfter;
  const seen: Alive = {
    ...state,
    ...(isStable ? { ...FRESH, wakeLosses: state.wakeLosses } : undefined),
    ...(now >= state.overdueAt && state.phase === 'open'
      ? { phase: 'suspect', drained: now < state.deadAt ? moment.drained : state.drained }
      : undefined),
    flushAt: now >= state.flushAt ? NEVER : state.flushAt,
  };
  const missed = hasMissedSuspect(state, now) ? ([withDeadline(seen, moment)] as Transition) : undefined;
  const grace = now - state.deadline > LATE ? onLateTimer(seen, moment) : missed;
  const isVerdict = !grace && now >= state.deadAt;
  const reprieved = isVerdict ? reprieve(seen, moment) : undefined;
  if (isVerdict && !reprieved) return silence(seen);
  const [next, ...effects] = reprieved ? [withDeadline(reprieved, moment)] : (grace ?? onTime(seen, moment));
  if (seen.flushAt !== state.flushAt) effects.push(['flush']);
  if (isStable && state.failures + state.retried > 0) effects.unshift(['recovered']);
  return [next, ...effects];
};

/** A timer fired on time, and the link does not count as dead: a heartbeat may be due. */
const onTime = (state: Alive, moment: Moment): Transition => {
  const { now, beats, interval } = moment;
  if (nextBeatAt(state, moment) > now) return [withDeadline(state, moment)];
  // Where the server sends heartbeats, one of this side asks for nothing.
  const isAsking = state.deadAt === NEVER && (beats === 'client' || now >= state.heardAt + interval);
  const changes = isAsking ? limits(moment, pongTime(state, moment)) : undefined;
  return beats === 'client' || (beats === 'both' && now >= state.sentAt + state.interval)
    ? sendBeat(state, moment, changes)
    : [withDeadline({ ...state, ...changes }, moment)];
};
