/** Decides what follows what the page tells: somebody looks at it or leaves it, the network comes and goes. */
import type { Transition } from './connection-events.js';
import {
  type Connecting,
  isAlive,
  isResting,
  NEVER,
  type Offline,
  type State,
  type Waiting,
} from './connection-state.js';
import type { Moment } from './moment.js';
import { abandon, attempt, awayFor, HINT_TIMEOUT, putAway } from './next-state.js';
import { probe, wakeOpen } from './open-link.js';
import type { AwayReason } from './phase.js';

/** An attempt that is older than this (ms) when somebody looks at the page is taken for stalled. */
const STALLED = 2_000;

/** Messages wait on a page that was hidden for long: ms until the machine looks again. */
const PENDING_CHECK = 1_000;

export const onAway = (state: State, moment: Moment, away: AwayReason): Transition => {
  if (!isResting(state)) return [putAway(state, away, moment), abandon(away)];
  // The page comes back before a deactivated component does, and must not reconnect it.
  if (state.away === 'deactivated') return [state];
  if (state.isWanted) return [{ ...state, ...awayFor(away, moment) }];
  // A connection that nobody wants has no page listeners, so it would miss the return of the page.
  return [away === 'deactivated' ? { ...state, away } : state];
};

/** What put the connection away is over. */
const onBack = (state: State, moment: Moment): Transition =>
  attempt(state, moment, { wokeAt: moment.now, wakeLosses: 0 });

/** Vue has activated the component again. */
export const onActivate = (state: State, moment: Moment): Transition => {
  if (state.away !== 'deactivated') return [state];
  return state.isWanted ? onBack(state, moment) : [{ ...state, away: undefined }];
};

/** The page tells that it is there again. It can be asked whether it is prerendered or hidden, but not whether it was left. */
export const onShow = (state: State, moment: Moment): Transition => {
  const { away } = state;
  const isAway =
    !state.isWanted ||
    away === 'deactivated' ||
    (away === 'prerendering' && moment.prerendering) ||
    (away === 'hidden for long' && !moment.visible);
  return isAway ? [state] : onBack(state, moment);
};

/** A page whose timers run is there, whether or not its event has come. */
export const onAwayDeadline = (state: State, moment: Moment): Transition => {
  const [next, ...effects] = onShow(state, moment);
  return next === state && state.isWanted ? [{ ...state, ...awayFor(state.away, moment) }] : [next, ...effects];
};

/**
 * Whether an attempt is started afresh when somebody looks: it began on a hidden page, where the network may have slept, or long ago.
 * An attempt that began with a look has the usual time, so that a user who switches tabs does not keep a slow handshake from ending.
 */
const isStalled = ({ begun, startedAt }: Connecting, moment: Moment): boolean =>
  begun === 'hidden' || moment.now - startedAt > (begun === 'anew' ? moment.connectTimeout : STALLED);

/** Makes an attempt now, unless one is under way that is not stalled. `changes` hold in any case. */
const attemptAnew = (
  state: Connecting | Waiting | Offline,
  moment: Moment,
  changes: Partial<Pick<Waiting, 'wokeAt' | 'wakeLosses' | 'hideAt'>>,
  reason: string,
): Transition => {
  if (state.phase !== 'connecting') return attempt(state, moment, changes);
  return isStalled(state, moment)
    ? attempt(state, moment, { ...changes, begun: 'anew' }, abandon(reason, 1006))
    : [{ ...state, ...changes }];
};

/** Somebody looks at the page again, or (`isNetwork`) the network is back. */
export const onWake = (state: State, moment: Moment, isNetwork?: boolean): Transition => {
  // A page that was left tells its return by `pageshow` alone.
  if (isResting(state)) return isNetwork || state.away === 'page hidden' ? [state] : onShow(state, moment);
  const hideAt = moment.visible ? NEVER : state.hideAt;
  const woken = { wokeAt: moment.now, wakeLosses: 0, hideAt };
  if (isAlive(state)) return wakeOpen({ ...state, ...woken }, moment, isNetwork);
  if (isNetwork && state.phase === 'connecting') return attempt(state, moment, woken, abandon('online', 1006));
  return attemptAnew(state, moment, woken, 'page visible');
};

/** The browser says that there is no network. */
export const onOffline = (state: State, moment: Moment): Transition => {
  if (isAlive(state)) return probe(state, moment);
  if (state.phase !== 'waiting' || moment.online) return [state];
  return [{ ...state, id: state.id + 1, phase: 'offline', deadline: moment.now + HINT_TIMEOUT }];
};

/**
 * The network is another one, or its quality is. Chromium tells that often, so this alone makes no later refusal local, and a young
 * attempt is left alone.
 */
export const onNetworkChange = (state: State, moment: Moment): Transition => {
  if (isAlive(state)) return probe(state, moment);
  if (isResting(state)) return [state];
  return attemptAnew(state, moment, {}, 'network changed');
};

/** Nobody sees the page any more. */
export const onHidden = (state: State, moment: Moment): Transition => [
  isResting(state) ? state : { ...state, hideAt: moment.now + moment.closeAfter },
];

/** The page has been hidden for as long as a connection may stay. */
export const onHiddenForLong = (state: Connecting | Extract<State, { hideAt: number }>, moment: Moment): Transition => {
  if (moment.visible) return [{ ...state, hideAt: NEVER }];
  return moment.pending ? [{ ...state, hideAt: moment.now + PENDING_CHECK }] : onAway(state, moment, 'hidden for long');
};
