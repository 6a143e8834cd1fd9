/** Decides what follows when an open connection is lost, or when an attempt fails. */
import type { Effect, Ending, Loss, Plan, Transition } from './connection-events.js';
import { type Alive, type Connecting, isAlive, NEVER, type State } from './connection-state.js';
import { endError, type Trouble, toError } from './errors.js';
import type { Moment } from './moment.js';
import { abandon, after, attempt, FRESH, HINT_TIMEOUT, rest } from './next-state.js';
import { isTime, type ReconnectSettings } from './reconnect-policy.js';

/** A loss this soon (ms) after a wake is a result of the sleep: the browser reports only then what died meanwhile. */
const WAKE_WINDOW = 2_000;

/** An attempt that fails this soon (ms) after a wake fails since the network is not quite there yet: VPN, DNS, Wi-Fi. */
const HINT_WINDOW = 5_000;

/** The longest that a connection waits (ms) since an attempt hung: who wants a connection makes an attempt within a minute. */
const LONGEST_PAUSE = 60_000;

/** What a server says this soon (ms) after a connection is open is a greeting. */
const GREETING = 1_000;

/** Whether the server has given a sign of life on this connection, beside a greeting. */
const wasAnswered = (state: Alive | Connecting, { beats, lastMessageAt }: Moment): boolean => {
  if (!isAlive(state)) return false;
  // Of a server that sends the heartbeats, each sign of life will do.
  const heardAt = beats !== 'client' ? state.heardAt : -NEVER;
  return state.isAnswered || Math.max(lastMessageAt, heardAt) > state.openedAt + GREETING;
};

/**
 * Whether a loss comes of a wake, or of a network that is back. Of an open connection only the first loss after a wake does: a
 * server that accepts and closes at once would otherwise be tried without a pause.
 */
const isSoonAfterWake = (state: Alive | Connecting, now: number): boolean =>
  isAlive(state) ? !state.wakeLosses && now - state.wokeAt <= WAKE_WINDOW : now - state.wokeAt <= HINT_WINDOW;

/**
 * Whether a loss is on this side of the link. A server that has not answered yet may be busy: the second time in a row its silence is
 * its own.
 */
const isLocalLoss = (state: Alive | Connecting, code: Trouble, moment: Moment): boolean =>
  (code === 'silence' && (!state.unanswered || wasAnswered(state, moment))) || isSoonAfterWake(state, moment.now);

/** The final codes that are about who the user is: a fresh token may help. */
const WHO = [3000, 3003, 4401, 4403];

/** The final code with which a server refuses a session that it takes for one that is still open, or for one that has gone stale. */
const POLICY = 1008;

/**
 * Whether an attempt follows a final code all the same, once: with a new token, or after a sleep or a silence that the server took
 * notice of.
 */
const isForgiven = (state: Alive | Connecting, moment: Moment, code: number): boolean => {
  if (!moment.finalCodes.includes(code) || state.forgiven) return false;
  const wasAway = state.lastEnd?.reason === 'silence' || moment.now - state.wokeAt <= HINT_WINDOW;
  // A `beforeConnect` can fetch a new token, and a `handshake` can log in with one. But a server that refuses the handshake itself
  // has just seen the newest token.
  const canRenew = !!moment.beforeConnect || (!!moment.handshake && isAlive(state));
  return WHO.includes(code) ? canRenew : code === POLICY && wasAway;
};

/** Whether the url changed during `beforeConnect`. */
export const isOutdated = ({ preparedFor, url }: State): boolean => preparedFor !== undefined && preparedFor !== url;

/** Describes the loss of the connection or of the attempt. */
export const loss = (
  state: Alive | Connecting,
  moment: Moment,
  code: Trouble,
  ending: Ending = abandon(code, 1006),
  cause: unknown = ending[1],
): Loss => {
  const wasStable = isAlive(state) && moment.now - state.openedAt >= moment.stableAfter;
  const lost = {
    ...state,
    unanswered: code === 'silence' ? (wasAnswered(state, moment) ? 0 : state.unanswered + 1) : state.unanswered,
    ...(wasStable ? { ...FRESH, lastEnd: undefined } : { failures: state.failures + 1 }),
    wakeLosses: state.wakeLosses,
  };
  const isLocal = isLocalLoss(state, code, moment);
  return { lost, code, cause, ending, isLocal, isForgiven: isForgiven(lost, moment, ending[1].code) };
};

/** The number of the retry that follows, within the series that it belongs to: those of a wake, or those of the server. */
const retryNumber = ({ lost, code, isLocal }: Loss): number =>
  (!isLocal ? lost.backedOff : code === 'silence' ? 0 : lost.wakeLosses) + 1;

/**
 * Asks the caller's policy how long (ms) to wait before the next attempt, or why there is none. Throws what the caller's own functions
 * throw, and a RangeError for a delay that is not a number of ms.
 */
export const planRetry = (
  { retries, delay, finalCodes }: Pick<ReconnectSettings, 'retries' | 'delay' | 'finalCodes'>,
  loss: Loss,
  random: number,
): Plan => {
  const { lost, cause, isLocal, isForgiven } = loss;
  const [, how] = loss.ending;
  const event = cause === how ? how : { ...how, thrown: cause };
  const isFinal = finalCodes.includes(how.code);
  // A failure for a url that is not the current one any more ends no retries.
  if (!isOutdated(lost)) {
    if (isFinal && !isForgiven) return 'final-code';
    const mayRetry =
      typeof retries === 'function' ? retries(lost.retried, event) : retries < 0 || lost.retried < retries;
    if (!mayRetry) return isFinal ? 'final-code' : 'retries';
  }
  const ms = typeof delay === 'function' ? delay(retryNumber(loss), { isLocal, random, event }) : delay;
  if (isTime(ms)) return ms;
  throw new RangeError(`autoReconnect.delay gave ${ms}`);
};

/** Decides what follows a loss, once the caller's policy has answered. */
export const afterLoss = (
  { lost, code, cause, ending, isLocal, isForgiven }: Loss,
  plan: Plan,
  { now, online, connectTimeout }: Pick<Moment, 'now' | 'online' | 'connectTimeout'>,
): Transition => {
  const gaveUp = typeof plan === 'string' ? plan : undefined;
  const [how, lastEnd] = ending;
  const closeCode = how === 'ended' ? lastEnd.code : undefined;
  const error = cause === lastEnd ? endError(code, lastEnd, gaveUp, closeCode) : toError(code, cause, gaveUp);
  // A connection that `close({ drain })` waits for is closed now, since nothing goes out any more.
  const drains = lost.closeAt < NEVER;
  const effects = [ending, ['erred', error, !!gaveUp && !drains]] as const;
  if (typeof plan === 'string') {
    const last: Effect[] = drains ? [['empty', 'closed']] : [];
    return [rest(lost, drains ? 'closed' : 'failed', { error, lastEnd }), ...effects, ...last];
  }
  // Firefox ends a handshake after 20 s, and each one counts for long against its limit of six: so they must be far apart.
  const isSlow = lost.startedAt !== undefined && now - lost.startedAt >= connectTimeout;
  const pausesUntil = isSlow ? Math.min(lost.deadline, now + LONGEST_PAUSE) : now;
  const next = {
    ...after(lost),
    error,
    lastEnd,
    forgiven: lost.forgiven + Number(isForgiven),
    retried: lost.retried + Number(online),
    backedOff: lost.backedOff + Number(online && !isLocal),
    wakeLosses: lost.wakeLosses + Number(isLocal && code !== 'silence'),
    timeouts: lost.timeouts + Number(isSlow),
    wokeAt: lost.wokeAt,
    hideAt: lost.hideAt,
    restartedForUrl: !!lost.restartedForUrl,
  };
  return [
    online
      ? { ...next, phase: 'waiting', deadline: Math.max(now + plan, pausesUntil) }
      : { ...next, phase: 'offline', deadline: now + HINT_TIMEOUT },
    ...effects,
  ];
};

/**
 * The attempt cannot go on. If it was for a url that is not the current one any more, the current one is tried at once, but only
 * once: a `beforeConnect` that changes the url each time would run without a pause.
 */
export const failed = (state: Connecting, moment: Moment, code: Trouble, thrown?: unknown): Transition | Loss =>
  isOutdated(state) && !state.restartedForUrl
    ? attempt(state, moment, { ...FRESH, restartedForUrl: true }, abandon())
    : loss(state, moment, code, undefined, thrown ?? undefined);
