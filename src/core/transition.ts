/**
 * The state machine. `transition` answers with the next state and with what has to be done, and `effects.ts` does it.
 * Nothing here calls code of the user, tells the time or draws a random number: all of that comes in.
 */
import type { EventName, Events, Loss, Transition } from './connection-events.js';
import { type Connecting, isActive, isAlive, isResting, NEVER, type State } from './connection-state.js';
import type { HeartbeatSocketError } from './errors.js';
import { LATE, spread } from './heartbeat.js';
import { afterLoss, failed, isOutdated, loss } from './loss.js';
import type { Moment } from './moment.js';
import {
  abandon,
  attempt,
  attemptAsked,
  attemptDeadline,
  FRESH,
  known,
  putAway,
  rest,
  UNKNOWN,
  withoutUrl,
} from './next-state.js';
import {
  onActivate,
  onAway,
  onAwayDeadline,
  onHidden,
  onHiddenForLong,
  onNetworkChange,
  onOffline,
  onShow,
  onWake,
} from './on-page.js';
import { beatNow, onOpenDeadline, withFigures, withFlush, withSignOfLife } from './open-link.js';
import { NO_CLOSE_EVENT } from './ports.js';
import { toText } from './url-text.js';

/** How `close()` ends. */
const closed = (
  state: State,
  { url, code, reason }: Pick<Events['close'], 'url'> & Partial<Events['close']>,
): Transition => [rest(state, 'closed', { url }), abandon(reason, code), ['empty', 'closed']];

/** The timer fired. Too early it means nothing. Late it proves nothing, since the answer may be queued behind it. */
const onDeadline = (state: State, moment: Moment): Transition | Loss => {
  const { now } = moment;
  if (now >= state.closeAt) return closed(state, { url: state.url });
  if (state.hideAt !== undefined && now >= state.hideAt) return onHiddenForLong(state, moment);
  if (state.deadline === undefined || now < state.deadline) return [state];
  if (isAlive(state)) return onOpenDeadline(state, moment, (silent) => loss(silent, moment, 'silence'));
  if (isResting(state)) return onAwayDeadline(state, moment);
  if (state.phase !== 'connecting') return attempt(state, moment);
  if (state.stage === 'dialing') {
    if (moment.readyState === 3) return loss(state, moment, 'refused', ['ended', NO_CLOSE_EVENT]);
    const deadline = attemptDeadline(state, moment);
    // The socket fired an error, and is not closed.
    if (now < deadline) return [{ ...state, deadline }];
  }
  // A late timer proves nothing, but the attempt has this grace only once: then one more turn of the event loop, and the end.
  const lateTimers = state.lateTimers + 1;
  return now - state.deadline > LATE && lateTimers < 3
    ? [{ ...state, lateTimers, deadline: lateTimers === 1 ? now + moment.probeTimeout : now }]
    : failed(state, moment, 'connect-timeout');
};

const onUrl = (state: State, moment: Moment, { url }: Events['url']): Transition => {
  if (url === state.url) return [state];
  if (!url) return withoutUrl(state);
  // `beforeConnect` may have changed the url itself, so the attempt goes on: `prepared` decides.
  if (state.stage === 'preparing') return [{ ...state, url }, ['address', url]];
  if (!state.away) return attemptAsked(state, moment, url);
  return [putAway(state, state.away, moment, { ...FRESH, ...UNKNOWN, url, closeAt: NEVER }), abandon()];
};

const onPrepared = (state: State, moment: Moment, { target, url }: Events['prepared']): Transition | Loss => {
  if (state.stage !== 'preparing') return [state];
  const current = toText(target ? state.url : url);
  const isForOther = isOutdated(state) && toText(target ? target.url : url) !== state.url;
  // Without a target the url was read just now, and a token that `beforeConnect` wrote into it counts.
  if (isForOther && (target || current === state.preparedFor)) {
    return failed(state, moment, 'before-connect', 'the url has changed');
  }
  if (!current) return withoutUrl(state);
  const { preparedFor: _, ...rest } = state;
  const dialing: State = { ...rest, stage: 'dialing', url: current };
  return target ? [dialing, ['dial', target]] : [dialing, ['address', current], ['dial', { url }]];
};

/** The connection is open. */
const opened = (state: Connecting, moment: Moment): Transition => {
  const { wokeAt, hideAt } = state;
  const { now } = moment;
  const alive = {
    ...known(state),
    wokeAt,
    hideAt,
    openedAt: now,
    sentAt: now,
    interval: spread(moment),
    flushAt: NEVER,
    timeouts: 0,
    error: undefined,
    isAnswered: false,
    drained: 0,
  };
  return [withSignOfLife(alive, moment), ['opened']];
};

const onSignOfLife = (state: State, moment: Moment): Transition => [
  isAlive(state) ? withSignOfLife(state, moment) : state,
];

type Handlers = {
  [Name in EventName]: (state: State, moment: Moment, payload: Events[Name]) => Transition | Loss;
};

const on: Handlers = {
  open: (state, moment, { url }) => (url ? attemptAsked(state, moment, url) : withoutUrl(state)),
  close: (state, _, how) => closed(state, how),
  drain: (state, { kept }, { url, until }) =>
    kept && isActive(state) ? [{ ...state, closeAt: Math.min(state.closeAt, until) }] : closed(state, { url }),
  leave: (state) => [rest(state, 'left'), abandon(), ['empty', 'left']],
  url: onUrl,
  pagehide: (state, moment) => onAway(state, moment, 'page hidden'),
  pageshow: onShow,
  prerenderingchange: onShow,
  deactivate: (state, moment) => onAway(state, moment, 'deactivated'),
  activate: onActivate,
  online: (state, moment) => onWake(state, moment, true),
  offline: onOffline,
  networkchange: onNetworkChange,
  hidden: onHidden,
  visibilitychange: onWake,
  resume: onWake,
  deadline: onDeadline,
  beat: (state, moment) => (isAlive(state) ? beatNow(state, moment) : [state]),
  preparing(state, _, { url }) {
    if (state.stage !== 'preparing') return [state];
    if (!url) return withoutUrl(state);
    const next = { ...state, url, preparedFor: url };
    return state.preparedFor === undefined ? [next, ['address', url], ['ask']] : [next, ['address', url]];
  },
  prepared: onPrepared,
  threw: (state, moment, { code, thrown, gaveUp }) => {
    if (!state.stage) return [state];
    // What ends the attempt for good was about a url that is not the current one any more.
    return gaveUp && !isOutdated(state)
      ? afterLoss(loss(state, moment, code, undefined, thrown), gaveUp, moment)
      : failed(state, moment, code, thrown);
  },
  opened(state, moment) {
    if (state.stage !== 'dialing') return [state];
    if (!moment.handshake) return opened(state, moment);
    return [{ ...state, stage: 'shaking' }, ['shake']];
  },
  shaken: (state, moment) => (state.stage === 'shaking' ? opened(state, moment) : [state]),
  heard: (state, moment) =>
    onSignOfLife(isAlive(state) ? { ...state, isAnswered: true, unanswered: 0 } : state, moment),
  figures: (state, moment) => [isAlive(state) ? withFigures(state, moment) : state],
  kept: (state, moment, { until }) => [isAlive(state) ? withFlush(state, moment, until) : state],
  // A heartbeat that could not be sent proves nothing by its missing answer.
  unsent: onSignOfLife,
  // A browser may tell of a connection that it forbids by an error alone. A `close` event would come before the next turn, in which
  // the machine looks whether the socket is closed.
  faulted: (state, { now }) => [state.stage === 'dialing' ? { ...state, deadline: now } : state, ['faulted']],
  ended: (state, moment, how) =>
    isAlive(state) || state.stage
      ? loss(state, moment, isAlive(state) ? 'closed' : 'refused', ['ended', how])
      : [state],
};

/** Keeps an error of the caller's own code. Why the connection gave up matters more than what a callback then did. */
export const keepError = (state: State, error: HeartbeatSocketError): State =>
  state.phase === 'failed' ? state : { ...state, error };

/**
 * Decides what follows an event. `id` is the number of the attempt that the event belongs to, if it belongs to one. A `Loss` as
 * the answer has to be handed to `afterLoss`, with the answer of the caller's policy.
 */
export const transition = <Name extends EventName>(
  state: State,
  moment: Moment,
  name: Name,
  payload: Events[Name],
  id = state.id,
): Transition | Loss => (state.phase === 'left' || id !== state.id ? [state] : on[name](state, moment, payload));
