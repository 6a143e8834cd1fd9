/**
 * Decides which tab leads: a pure machine for one tab. Whoever holds the lock leads, and each lead has a term, which only grows. Nothing
 * here calls the browser, tells the time or draws a random number: all of that comes in.
 */
import { NEVER } from '../core/connection-state.js';
import { askAnew, lead, onGranted, query, stepDown } from './granted.js';
import type { TabMessage } from './protocol.js';
import {
  type Decision,
  type ElectionEffect,
  type ElectionEvent,
  type ElectionEvents,
  type ElectionMoment,
  FROZEN,
  LAST_WORDS,
  LATE,
  OUTSIDE,
  SILENT,
  STALE,
  type Standing,
  UNANSWERED,
} from './standing.js';
import { ask, lookAgain, say, waitAnew, waitForNext } from './waiting.js';

/** A message of the leader of this term, or of a newer one. */
const onLeader = (state: Standing, moment: ElectionMoment, heard: TabMessage): Decision => {
  const isNew = heard.term > state.term || state.leader === undefined;
  const before: ElectionEffect[] = [];
  // The lock was stolen, and the message is faster than the news of that.
  if (state.role === 'leading') before.push(['stepDown']);
  if (state.role !== 'waiting') before.push(['release'], ...ask(state));
  else if (isNew && state.leader !== undefined) before.push(['lost']);
  const next: Standing = {
    ...state,
    role: 'waiting',
    wasAway: false,
    term: heard.term,
    leader: heard.from,
    isGone: state.isGone && !isNew,
    heardAt: moment.now,
    askedAt: NEVER,
    seenEmpty: 0,
  };
  // A timer that runs is not armed anew by each message.
  return [{ ...next, deadline: isNew ? lookAgain(next, moment) : state.deadline }, ...before];
};

/** The newest term that is known, also if no leader was ever heard of in it. */
const withTerm = (state: Standing, { term }: TabMessage): Standing => ({ ...state, term: Math.max(state.term, term) });

/** What a leader hears. It acts on nothing that is so old that another tab may lead by now. */
const onHeardLeading = (state: Standing, moment: ElectionMoment, heard: TabMessage): Decision => {
  const isBlocked = moment.epoch - heard.at > STALE;
  const isFrozen = moment.now - state.deadline > FROZEN;
  // The next leader of the tabs that hear of this end has a newer term than all of them know.
  if (isBlocked || isFrozen || heard.term > state.term) return stepDown(withTerm(state, heard), moment);
  if (heard.type !== 'ping') return [state];
  // A frozen page hears and answers, but its timers do not run. So each ping asks for proof that a timer fires.
  const deadline = state.deadline === NEVER ? moment.now : state.deadline;
  return [{ ...state, deadline }, say({ type: 'pong', to: heard.from })];
};

/** The last messages of the leader have come. */
const over = (state: Standing, moment: ElectionMoment): Decision =>
  state.role === 'granted'
    ? query({ ...state, leader: undefined, isGone: false }, moment.now, ['lost'])
    : [waitForNext(state, moment), ['lost']];

const LEADERS_OWN: readonly string[] = ['state', 'bye', 'pong', 'ack', 'beat', 'alive', 'data'];

const onHeard = (state: Standing, moment: ElectionMoment, heard: TabMessage): Decision => {
  if (state.role === 'out') return [state];
  if (LEADERS_OWN.includes(heard.type)) {
    const isOwn = heard.from === state.leader;
    if (heard.type === 'bye') return isOwn ? over(withTerm(state, heard), moment) : [state];
    // A tab that was granted the lock hears the last messages of the leader before.
    const mayFollow = state.role !== 'granted' && (isOwn || state.leader === undefined);
    const isNewest = heard.term > state.term || (heard.term === state.term && mayFollow);
    return isNewest ? onLeader(state, moment, heard) : [state];
  }
  return state.role === 'leading' ? onHeardLeading(state, moment, heard) : [state];
};

/** Asks for a sign of the leader, or for a leader. */
const seek = (state: Standing, moment: ElectionMoment): Decision => {
  const askedAt = Math.min(state.askedAt, moment.now);
  const next = { ...state, askedAt, deadline: lookAgain(state, moment) };
  return state.leader === undefined ? [next, say({ type: 'hello' }), ['query']] : [next, say({ type: 'ping' })];
};

const onDeadline = (state: Standing, moment: ElectionMoment): Decision => {
  const { now } = moment;
  if (now < state.deadline) return [state];
  if (state.role === 'granted' || state.isGone) return query(state, now);
  if (state.role !== 'waiting') return [{ ...state, deadline: NEVER }];
  // This tab was blocked itself, and the leader's answers may be queued behind the timer.
  if (now - state.deadline > LATE) return seek({ ...state, heardAt: now, askedAt: NEVER }, moment);
  const isSilent = now - state.heardAt >= SILENT && now - state.askedAt >= UNANSWERED;
  if (!isSilent || !moment.visible || state.isFrozen) return seek(state, moment);
  return [waitAnew(state, moment), ['lost'], ['release'], ['steal']];
};

/** Chromium may leave a lock with nobody, although somebody waits for it. Then all who wait ask anew. */
const onQueried = (state: Standing, moment: ElectionMoment, found: ElectionEvents['queried']): Decision => {
  if (state.role === 'granted') {
    if (!found.isOwn) return askAnew(state, moment);
    // The page was blocked since it asked, or is slow: another tab may have stolen the lock meanwhile.
    return moment.now < state.deadline ? lead(state, moment) : query(state, moment.now);
  }
  if (state.role === 'waiting' && state.isGone) return over(state, moment);
  if (state.role !== 'waiting' || state.leader !== undefined) return [state];
  const seenEmpty = found.isHeld || !found.isAwaited ? 0 : state.seenEmpty + 1;
  if (seenEmpty < 2) return [{ ...state, seenEmpty }];
  return [{ ...state, seenEmpty: 0 }, ['release'], ...ask(state)];
};

/** Decides what follows an event. */
export function elect<Event extends ElectionEvent>(
  state: Standing,
  moment: ElectionMoment,
  event: Event,
  about: ElectionEvents[Event],
): Decision {
  const isOut = state.role === 'out';
  switch (event) {
    case 'join':
      return isOut ? [waitAnew(state, moment), ...ask(state), say({ type: 'hello' })] : [state];
    case 'leave': {
      if (isOut) return [state];
      const { isFrozen, wasAway, term } = state;
      const left: Standing = { ...OUTSIDE, isFrozen, wasAway, term };
      if (state.role === 'leading') return [left, ['stepDown'], say({ type: 'bye' }), ['release']];
      return [left, ['lost'], say({ type: 'gone' }), ['release']];
    }
    case 'freeze': {
      const frozen = { ...state, isFrozen: true, wasAway: true };
      if (state.role === 'leading') return stepDown(frozen, moment);
      return isOut ? [frozen] : [{ ...frozen, role: 'waiting' }, ['release']];
    }
    case 'away':
      return [{ ...state, wasAway: true }];
    case 'resume': {
      const thawed = { ...state, isFrozen: false };
      // Another tab may have opened the connection meanwhile.
      if (isOut) return [thawed, say({ type: 'hello' })];
      if (!state.isFrozen) return [state];
      // A frozen page hears its channel, so the tab still knows who leads. The leader answers the question with its state.
      const waiting: Standing = { ...thawed, heardAt: moment.now, askedAt: NEVER };
      return [{ ...waiting, deadline: lookAgain(waiting, moment) }, ['request'], say({ type: 'hello' })];
    }
    case 'look': {
      if (state.role !== 'waiting' || state.leader === undefined || state.isGone) return [state];
      return moment.visible
        ? seek({ ...state, askedAt: NEVER }, moment)
        : [{ ...state, askedAt: NEVER, deadline: NEVER }];
    }
    case 'granted':
      return onGranted(state, moment);
    case 'stolen':
      if (state.role === 'granted') return askAnew(state, moment);
      return state.role === 'leading' ? [waitAnew(state, moment), ['stepDown'], ...ask(state)] : [state];
    case 'departed': {
      const { id } = about as ElectionEvents['departed'];
      if (state.role !== 'waiting' || id !== state.leader) return [state];
      return [{ ...state, isGone: true, deadline: Math.min(state.deadline, moment.now + LAST_WORDS) }];
    }
    case 'queried':
      return onQueried(state, moment, about as ElectionEvents['queried']);
    case 'heard':
      return onHeard(state, moment, about as TabMessage);
    default:
      return onDeadline(state, moment);
  }
}
