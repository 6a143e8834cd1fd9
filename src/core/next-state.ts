/** Makes the states that are not open, and what goes with entering them. */
import type { Effect, Ending, Transition } from './connection-events.js';
import {
  type AwayReason,
  isActive,
  type Known,
  NEVER,
  type Preparing,
  type PutAway,
  type Resting,
  type State,
} from './connection-state.js';
import type { Moment } from './moment.js';

/** The counts of a connection about which nothing bad is known. */
export const FRESH = { failures: 0, retried: 0, backedOff: 0, wakeLosses: 0 };

/** The counts of a state. */
export const counts = ({ failures, retried, backedOff, wakeLosses }: State) => ({
  failures,
  retried,
  backedOff,
  wakeLosses,
});

/** What every state knows, for a state that follows. The new number makes the machine ignore late events of the old socket. */
export const after = (state: State): Known => ({
  ...counts(state),
  id: state.id + 1,
  url: state.url,
  error: state.error,
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
    isWanted: false,
    away: state.away === 'deactivated' ? state.away : undefined,
    ...changes,
  }) as Next;

/** Puts the connection away: it connects again when `away` is over. */
export const putAway = (state: State, away: AwayReason, changes?: Partial<PutAway>): PutAway =>
  rest<PutAway>(state, 'idle', { isWanted: true, away, ...changes });

/** Starts an attempt. */
export const attempt = (
  state: State,
  { now, connectTimeout, visible }: Moment,
  changes?: Partial<Preparing>,
  ...before: Effect[]
): Transition => [
  {
    ...after(state),
    phase: 'connecting',
    stage: 'preparing',
    preparedFor: undefined,
    restartedForUrl: !!state.restartedForUrl,
    wokeAt: state.wokeAt ?? -NEVER,
    startedAt: now,
    begun: visible ? undefined : 'hidden',
    lateTimers: 0,
    deadline: now + connectTimeout,
    ...changes,
  },
  ...before,
  ['prepare'],
];

/** Starts an attempt since somebody asked for it: nothing that went wrong before counts. */
export const attemptAsked = (state: State, moment: Moment, url: string): Transition =>
  attempt(state, moment, { ...FRESH, url, restartedForUrl: false }, abandon());

/** There is no url any more. What is buffered while there is none waits for the url that comes. */
export const withoutUrl = (state: State): Transition =>
  state.phase === 'idle' && !isActive(state)
    ? [{ ...state, url: '' }]
    : [rest(state, 'idle', { ...FRESH, url: '' }), abandon(), ['empty', 'url']];
