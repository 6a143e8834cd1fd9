import { shallowReactive, shallowRef } from 'vue';
import type { HeartbeatSocketEvent } from 'vue-heartbeat-socket';
import type { LastingFault, MomentaryFault } from '../protocol/control.ts';
import { SIDES, type Side } from '../protocol/feed.ts';

/** ms that are kept and shown. */
export const SPAN = 60_000;

/** A stretch of time in one state. Without an end it lasts. */
export interface Stretch {
  readonly from: number;
  readonly to?: number;
  readonly state: string;
}

/** Who holds the socket that tabs share. */
export const LEADS = 'this tab leads';
export const FOLLOWS = 'another tab leads';

/** What happened in the last minute, for the timeline to show. Times are ms since the epoch, by the page's clock. */
export function createHistory() {
  const events = shallowReactive<HeartbeatSocketEvent[]>([]);
  const arrivals: Record<Side, number[]> = { naive: [], ours: [] };
  const states: Record<Side, Stretch[]> = { naive: [], ours: [] };
  const leads: Stretch[] = [];
  const faults = shallowRef<readonly { fault: LastingFault | MomentaryFault; from: number; to?: number }[]>([]);

  const prune = <Entry>(entries: Entry[], endOf: (entry: Entry) => number): void => {
    const before = Date.now() - SPAN;
    while (entries[0] !== undefined && endOf(entries[0]) < before) entries.shift();
  };

  function enter(list: Stretch[], state: string, at = Date.now()): void {
    const last = list.at(-1);
    if (last?.state === state) return;
    if (last) list[list.length - 1] = { ...last, to: at };
    list.push({ from: at, state });
  }

  return {
    /** The events of `useHeartbeatSocket`. */
    events,
    arrivals,
    states,
    /** Whether this tab holds the socket that tabs share. */
    leads,
    faults,
    record(event: HeartbeatSocketEvent): void {
      if (event.type === 'lead') enter(leads, event.isLeader ? LEADS : FOLLOWS, event.at);
      // A tab that has never led is told of no change.
      else if (event.type === 'opened' && !leads.length) enter(leads, FOLLOWS, event.at);
      if (event.type === 'changed') enter(states.ours, event.phase === 'left' ? 'logged out' : event.phase, event.at);
      // They have a row of their own.
      if (event.type === 'received') return;
      events.push(event);
    },
    enterNaive: (state: string): void => enter(states.naive, state),
    arrived(side: Side): void {
      arrivals[side].push(Date.now());
    },
    faultBegan(fault: LastingFault | MomentaryFault, isLasting: boolean): void {
      const from = Date.now();
      faults.value = [...faults.value, { fault, from, ...(!isLasting && { to: from }) }];
    },
    faultEnded(fault: LastingFault): void {
      const end = (one: (typeof faults.value)[number]) =>
        one.fault === fault && one.to === undefined ? { ...one, to: Date.now() } : one;
      faults.value = faults.value.map(end);
    },
    /** Drops what was over a minute ago. To be called as time goes by: where nothing happens, no event would do it. */
    forget(): void {
      prune(events, ({ at }) => at);
      prune(leads, ({ to = Infinity }) => to);
      for (const side of SIDES) {
        prune(arrivals[side], (at) => at);
        prune(states[side], ({ to = Infinity }) => to);
      }
      const recent = faults.value.filter(({ to = Infinity }) => to >= Date.now() - SPAN);
      if (recent.length < faults.value.length) faults.value = recent;
    },
  };
}

export type History = ReturnType<typeof createHistory>;
