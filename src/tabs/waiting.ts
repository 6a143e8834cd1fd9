/** What a tab that waits for the lead does, whatever has brought it there. */
import { NEVER } from '../core/connection-state.js';
import type { Body } from './protocol.js';
import { type ElectionEffect, type ElectionMoment, PING, SEARCH, type Standing } from './standing.js';

export const say = (body: Body): ElectionEffect => ['post', body];

/** When a tab that waits looks again. While nobody looks at the tab, it does not ask whether the leader answers. */
export const lookAgain = (state: Standing, { now, visible }: ElectionMoment): number =>
  state.leader === undefined ? now + SEARCH : visible ? now + PING : NEVER;

/** Waits for the lock, without a leader. A frozen page asks for no lock: nobody else would get it. */
export const waitAnew = (state: Standing, moment: ElectionMoment): Standing => {
  const next: Standing = {
    ...state,
    role: 'waiting',
    leader: undefined,
    isGone: false,
    heardAt: moment.now,
    askedAt: NEVER,
    seenEmpty: 0,
  };
  return { ...next, deadline: lookAgain(next, moment) };
};

/** Asks for the lock, unless the page is frozen. */
export const ask = (state: Standing): ElectionEffect[] => (state.isFrozen ? [] : [['request']]);
