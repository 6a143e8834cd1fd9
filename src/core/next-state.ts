/** Makes the states that are not open, and what goes with entering them. */
import type { Effect, Ending, Transition } from './connection-events.js';
import {
  isActive,
  type Known,
  NEVER,
  type Preparing,
  type PutAway,
  type Resting,
  type State,
} from './connection-state.js';
import type { Moment } from './moment.js';
import type { AwayReason } from './phase.js';

/** The counts of a connection about which nothing bad is known. */
export const FRESH = { failures: 0, retried: 0, backedOff: 0, wakeLosses: 0, forgiven: 0 };

/** What is known of a server that was never asked. */
export const UNKNOWN = { unanswered: 0, timeouts: 0, lastEnd: undefined };

/** A limit (ms) that is twice as long for each time that it was too short, up to `most`. */
export const lengthened = (limit: number, times: number, most: number): number =>
  Math.max(limit, Math.min(limit * 2 ** times, most));

/** The longest that an attempt may take (ms) after others took too long. Browsers make an attempt wait for a minute before it begins. */
const LONGEST_ATTEMPT = 120_000;

/** What every state knows, before anything has happened. */
const BLANK: Known = { id: 0, url: '', ...FRESH, ...UNKNOWN, closeAt: NEVER, error: undefined };

/** The state before anything has happened. */
export const initialState = (url: string): Resting => ({
  ...BLANK,
  phase: 'idle',
  url,
  isWanted: false,
  away: undefined,
});

/** What every state knows. */
export const known = (state: State): Known => {
  const fields: Record<string, unknown> = { ...BLANK };
  for (const name in fields) fields[name] = state[name as keyof Known];
  return fields as unknown as Known;
};

/** What every state knows, for a state that follows. The new number makes the machine ignore late events of the old socket. */
export const after = (state: State): Known => ({
  ...known(state),
  id: state.id + 1,
});

/** Gives up the attempt or the socket, if there is one. Nothing waits for its `close` event: on a dead link that comes a minute late. */
export const abandon = (reason = '', code = 1000): Ending => ['abandon', { code, reason, wasClean: code !== 1006 }];

/** Enters a phase in which the connection rests. */
export const rest = <Next extends Resting | PutAway = Resting>(
  state: State,
  phase: Next['phase'],
  changes?: Partial<Next>,
): Next =>
  ({
    ...after(state),
    phase,
    closeAt: NEVER,
    isWanted: false,
    away: state.away === 'deactivated' ? state.away : undefined,
    ...changes,
  }) as Next;

/** The browser's events are hints: after this time (ms) the machine makes an attempt, or looks again, whether or not they have come. */
export const HINT_TIMEOUT = 30_000;

/** What keeps a connection away, and when the machine looks whether it is over. */
export const awayFor = (away: AwayReason, moment: Moment): Pick<PutAway, 'away' | 'deadline'> => ({
  away,
  deadline: away === 'deactivated' ? NEVER : moment.now + HINT_TIMEOUT,
});

/** Puts the connection away: it connects again when `away` is over. */
export const putAway = (state: State, away: AwayReason, moment: Moment, changes?: Partial<PutAway>): PutAway =>
  rest<PutAway>(state, 'idle', { isWanted: true, closeAt: state.closeAt, ...awayFor(away, moment), ...changes });

/** When a connection is put away on a page that nobody sees. A page that is hidden already stays on its time. */
const hideAt = (state: State, moment: Moment): number =>
  moment.visible ? NEVER : Math.min(state.hideAt ?? NEVER, moment.now + moment.closeAfter);

/** When an attempt has taken too long. */
export const attemptDeadline = (
  { startedAt, timeouts }: Pick<Preparing, 'startedAt' | 'timeouts'>,
  moment: Moment,
): number => startedAt + lengthened(moment.connectTimeout, timeouts, LONGEST_ATTEMPT);

/** What a new attempt may be given. */
type Asked = Partial<Pick<Preparing, keyof Known | 'restartedForUrl' | 'wokeAt' | 'hideAt' | 'begun'>>;

/** Starts an attempt. On a prerendered page it waits until the user sees that page. It may have to wait for the next task. */
export const attempt = (state: State, moment: Moment, asked: Asked = {}, ...before: Effect[]): Transition => {
  const { now, visible } = moment;
  const { begun = visible ? undefined : 'hidden', ...changes } = asked;
  if (moment.prerendering) {
    return [putAway({ ...state, ...changes } as State, 'prerendering', moment, FRESH), ...before];
  }
  const next = {
    ...after(state),
    restartedForUrl: !!state.restartedForUrl,
    wokeAt: state.wokeAt ?? -NEVER,
    hideAt: hideAt(state, moment),
    ...changes,
  };
  if (moment.mustYield) {
    return [{ ...next, phase: 'waiting', deadline: Math.min(state.deadline ?? now, now) }, ...before];
  }
  const preparing: Preparing = {
    ...next,
    phase: 'connecting',
    stage: 'preparing',
    preparedFor: undefined,
    startedAt: now,
    begun,
    lateTimers: 0,
    deadline: attemptDeadline({ startedAt: now, timeouts: state.timeouts }, moment),
  };
  return [preparing, ...before, ['prepare']];
};

/** Starts an attempt since somebody asked for it: nothing that went wrong before counts, but what was learned of a server that is slow. */
export const attemptAsked = (state: State, moment: Moment, url: string): Transition => {
  const asked = url === state.url ? state : { ...state, ...UNKNOWN };
  return attempt(asked, moment, { ...FRESH, url, restartedForUrl: false, closeAt: NEVER }, abandon());
};

/** There is no url any more. What is buffered while there is none waits for the url that comes. */
export const withoutUrl = (state: State): Transition =>
  state.phase === 'idle' && !isActive(state)
    ? [{ ...state, url: '' }]
    : [rest(state, 'idle', { ...FRESH, url: '' }), abandon(), ['empty', 'url']];
