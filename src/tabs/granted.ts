/** What a tab does with the lock: from the news that it was granted the lock until it gives the lock back. */
import { NEVER } from '../core/connection-state.js';
import {
  type Decision,
  type ElectionEffect,
  type ElectionMoment,
  LAST_WORDS,
  SEARCH,
  type Standing,
} from './standing.js';
import { ask, say, waitAnew } from './waiting.js';

/** Gives up the lead, and waits for it again, behind the others. */
export const stepDown = (state: Standing, moment: ElectionMoment): Decision => [
  waitAnew(state, moment),
  ['stepDown'],
  say({ type: 'bye' }),
  ['release'],
  ...ask(state),
];

export const onGranted = (state: Standing, { now }: ElectionMoment): Decision => {
  if (state.role !== 'waiting' || state.isFrozen) return [state, ['release']];
  const granted: Standing = { ...state, role: 'granted' };
  if (state.leader === undefined && !state.wasAway) return query(granted, now);
  return [{ ...granted, isGone: true, deadline: now + LAST_WORDS }];
};

/** Asks who has the lock. A page that was blocked has heard all that waited for it when the answer comes. */
export const query = (state: Standing, now: number, ...before: ElectionEffect[]): Decision => [
  { ...state, deadline: now + SEARCH },
  ...before,
  ['query'],
];

/** The lock is this tab's own for certain. The clock makes terms grow also over tabs that know nothing of each other. */
export const lead = (state: Standing, { id, now, epoch, random }: ElectionMoment): Decision => {
  const term = Math.max(state.term + 1, epoch * 1_000 + Math.floor(random * 1_000));
  return [
    {
      ...state,
      ...{ role: 'leading', wasAway: false, term, leader: id, isGone: false },
      ...{ heardAt: now, askedAt: NEVER, deadline: NEVER },
    },
    ['lead'],
  ];
};

/** The lock was stolen, or is free again: waits for it anew, behind the others. */
export const askAnew = (state: Standing, moment: ElectionMoment): Decision => [
  waitAnew(state, moment),
  ['lost'],
  ['release'],
  ...ask(state),
];
