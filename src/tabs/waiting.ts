/** What a tab that waits for the lead does, whatever has brought it there. */
import { NEVER } from '../core/connection-state.js';
import type { Body } from './protocol.js';
import {
  type ElectionEffect,
  type ElectionMoment,
  NEXT,
  PING,
  SEARCH,
  SILENT,
  type Standing,
  UNANSWERED,
} from './standing.js';

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

/**
 * Waits for the lock, and knows that nobody leads. Whoever is granted the lock says so at once. If nobody says it, the tab steals the lock
 * soon: the browser may have granted it to a page in the moment in which it froze that page.
 */
export const waitForNext = (state: Standing, moment: ElectionMoment): Standing => ({
  ...waitAnew(state, moment),
  heardAt: moment.now + NEXT - SILENT,
  askedAt: moment.now + NEXT - UNANSWERED,
});

/** Asks for the lock, unless the page is frozen. */
export const ask = (state: Standing): ElectionEffect[] => (state.isFrozen ? [] : [['request']]);
