/** Decides what follows when an open connection is lost, or when an attempt fails. */
import type { Ending, Loss, Plan, Transition } from './connection-events.js';
import { type Alive, type Connecting, isAlive, NEVER, type State } from './connection-state.js';
import { type Trouble, toError } from './errors.js';
import type { Moment } from './moment.js';
import { abandon, after, attempt, FRESH, rest } from './next-state.js';

/** A loss this soon (ms) after a wake is a result of the sleep: the browser reports only then what died meanwhile. */
const WAKE_WINDOW = 2_000;

/** Whether the url changed during `beforeConnect`. */
export const isOutdated = ({ preparedFor, url }: State): boolean => preparedFor !== undefined && preparedFor !== url;

/** Describes the loss of the connection or of the attempt. */
export const loss = (
  state: Alive | Connecting,
  { now, stableAfter }: Moment,
  code: Trouble,
  ending: Ending = abandon(code, 1006),
  cause: unknown = ending[1],
): Loss => {
  const wasStable = isAlive(state) && now - state.openedAt >= stableAfter;
  return {
    lost: { ...state, ...(wasStable ? FRESH : { failures: state.failures + 1 }) },
    code,
    cause,
    ending,
    isLocal: code === 'silence' || (isAlive(state) && now - state.wokeAt <= WAKE_WINDOW),
  };
};

/** Decides what follows a loss, once the caller's policy has answered. */
export const afterLoss = (
  { lost, code, cause, ending, isLocal }: Loss,
  plan: Plan,
  now: number,
  online: boolean,
): Transition => {
  const isGivenUp = typeof plan === 'string';
  const error = toError(code, cause, isGivenUp ? plan : undefined);
  const effects = [ending, ['erred', error, isGivenUp]] as const;
  if (isGivenUp) return [rest(lost, 'failed', { error }), ...effects];
  const next = {
    ...after(lost),
    error,
    retried: lost.retried + 1,
    // A wake excuses one loss. A server that accepts and closes at once must not be tried without a pause for ever.
    wokeAt: isLocal ? -NEVER : lost.wokeAt,
    isOutrun: !!lost.isOutrun,
  };
  return [online ? { ...next, phase: 'waiting', deadline: now + plan } : { ...next, phase: 'offline' }, ...effects];
};

/**
 * The attempt cannot go on. If it was for a url that is not the current one any more, the current one is tried at once, but only
 * once: a `beforeConnect` that changes the url each time would run without a pause.
 */
export const failed = (state: Connecting, moment: Moment, code: Trouble, thrown?: unknown): Transition | Loss =>
  isOutdated(state) && !state.isOutrun
    ? attempt(state, moment, { ...FRESH, isOutrun: true }, abandon())
    : loss(state, moment, code, undefined, thrown ?? undefined);
