/**
 * The words of the election: what a tab knows of the lead, what can happen, and what has to be done.
 *
 * A tab that gets hidden keeps the lead: in Chromium a leader out of sight for three minutes sent its heartbeats at most 11 s apart where
 * 10 s were asked for, and answers came through it to a visible tab as fast as through a visible leader (both 3 ms in the median, and
 * 164 and 167 ms in the 99th percentile on a busy machine). A move of the lead would make a new socket each time that the user looks at
 * another tab, and only proof of delivery would gain by it, since it waits for a timer and comes up to a second later from a hidden leader.
 */
import { NEVER } from '../core/connection-state.js';
import type { FoundLock } from '../core/tab-ports.js';
import type { Body, TabMessage } from './protocol.js';

/** What a tab knows of the lead. */
export interface Standing {
  /**
   * `out`: the tab shares no connection now. `waiting`: it waits for the lock, unless it is frozen. `granted`: it was told that it has the
   * lock. A tab that was blocked is told that late, and another tab may have stolen the lock meanwhile, so it asks. `leading`: it has the
   * lock.
   */
  readonly role: 'out' | 'waiting' | 'granted' | 'leading';
  /** The browser has frozen the page. */
  readonly isFrozen: boolean;
  /** The page was frozen or in the back-forward cache, and has heard of no leader since: it may have missed a command. */
  readonly wasAway: boolean;
  /** The newest term that the tab knows. */
  readonly term: number;
  /** The tab that leads in this term. Undefined: nobody is known to. */
  readonly leader: string | undefined;
  /** The leader does not share any more, but its last messages may be on their way: the news of a lock are faster than a channel. */
  readonly isGone: boolean;
  /** When the tab last heard of the leader, or last had reason to wait for one. */
  readonly heardAt: number;
  /** When the first ping was sent that has no answer. Never: none waits for one. */
  readonly askedAt: number;
  /** How often in a row the lock was seen with nobody, although somebody waits for it. */
  readonly seenEmpty: number;
  /** When the tab has to look again. Of a leader: when its timer has to fire, as a proof that it is not frozen. */
  readonly deadline: number;
}

/** The moment of an event. */
export interface ElectionMoment {
  /** The id of this tab. */
  readonly id: string;
  /** ms on the clock of the core. */
  readonly now: number;
  /** The same as ms of the epoch. */
  readonly epoch: number;
  /** A number in [0, 1). */
  readonly random: number;
  /** Whether a user looks at this tab. */
  readonly visible: boolean;
}

/** What can happen, by name, and what comes with it. */
export interface ElectionEvents {
  /** The tab wants to share. */
  join: undefined;
  leave: undefined;
  freeze: undefined;
  /** The user leaves the page, and may come back to it. */
  away: undefined;
  resume: undefined;
  /** A user looks at the tab, or does not any more. */
  look: undefined;
  /** The tab has the lock. */
  granted: undefined;
  /** Another tab has stolen the lock. */
  stolen: undefined;
  /** The tab with this id does not share any more, however it ended. */
  departed: { readonly id: string };
  /** The answer to `query`. */
  queried: FoundLock;
  heard: TabMessage;
  deadline: undefined;
}

export type ElectionEvent = keyof ElectionEvents;

/** What has to be done. `lead`: the connection is this tab's to make. `stepDown`: it is not any more. `lost`: nobody is known to lead. */
export type ElectionEffect =
  | readonly ['request' | 'release' | 'steal' | 'query' | 'lead' | 'stepDown' | 'lost']
  | readonly ['post', Body];

export type Decision = readonly [Standing, ...ElectionEffect[]];

/** ms between the pings of a tab that somebody looks at. */
export const PING = 1_000;

/** A leader that has not answered for so long (ms) loses the lock. */
export const SILENT = 5_000;

/**
 * The first unanswered ping must be so old (ms) as well. This is more than `STALE`: so a leader that was blocked finds a ping that is older
 * than `STALE` when it goes on, and steps down.
 */
export const UNANSWERED = 4_000;

/** A leader that hears what is older than this (ms) has been blocked, and may have lost the lock without knowing. */
export const STALE = 3_000;

/** A leader whose timer is late by so much (ms), and that hears messages, is frozen. */
export const FROZEN = 2_500;

/**
 * ms that a tab waits for the last messages of a leader that is gone, and a page that was away for the answers of those that know what has
 * happened meanwhile.
 */
export const LAST_WORDS = 50;

/**
 * ms after the end of a leader within which the next one has to say that it leads. Otherwise a tab that has seen that end takes the lock: the
 * browser may have granted it to a page in the moment in which it froze that page. This is sound, since a tab leads only by an answer about
 * the lock that is younger than `SEARCH`: whoever loses the lock before that has no socket yet. A tab that has seen no leader end cannot
 * tell such a page from a leader that is blocked, and waits for as long as for that one.
 */
export const NEXT = 1_000;

/** ms after which a tab that knows no leader asks again. An answer about the lock that takes longer counts for nothing. */
export const SEARCH = 500;

/** A timer that is late by so much (ms) tells that this tab itself was blocked. */
export const LATE = 1_000;

export const OUTSIDE: Standing = {
  role: 'out',
  isFrozen: false,
  wasAway: false,
  term: 0,
  leader: undefined,
  isGone: false,
  heardAt: 0,
  askedAt: NEVER,
  seenEmpty: 0,
  deadline: NEVER,
};
