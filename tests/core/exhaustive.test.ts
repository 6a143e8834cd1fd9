/**
 * Every order of events. Breadth-first over all states that `transition()` can reach, with every event in every state, to
 * a fixed point: times are kept as distances from now, on a grid, so the states are finite. The rules are checked on each
 * transition, not on chosen ones.
 */
import { describe, expect, test } from 'vitest';
import type { Effect, EventName, Events } from '../../src/core/connection-events';
import {
  initialState,
  isActive,
  isAlive,
  type Moment,
  NEVER,
  type State,
  transition,
} from '../../src/core/connection-state';
import { DEFAULTS } from '../../src/core/options';
import { raw } from '../../src/core/serializer';

/** The grid of times (ms). Every option is a multiple of it. */
const TICK = 1_000;

const settings = {
  ...DEFAULTS,
  interval: 2_000,
  pongTimeout: 4_000,
  probeTimeout: 2_000,
  connectTimeout: 2_000,
  stableAfter: 2_000,
  delay: TICK,
  beats: true,
  binary: false,
  serializer: raw,
  message: () => 'beat',
  response: () => 'beat',
};

type Options = { readonly [Key in keyof typeof settings | 'isOutdated']?: unknown };

const OPTIONS: [name: string, options: Options][] = [
  ['heartbeat', {}],
  ['no heartbeat', { beats: false, interval: Infinity }],
  ['beats from outside', { interval: Infinity }],
  ['no retries', { retries: 0 }],
  ['no retries, no beforeConnect', { retries: 0, isOutdated: false }],
  ['one retry', { retries: 1 }],
  ['one retry, no heartbeat', { retries: 1, beats: false, interval: Infinity }],
];

/** What these options rule out. */
const UNREACHABLE: Record<string, string[]> = {
  'no heartbeat': ['suspect'],
  'no retries, no beforeConnect': ['waiting', 'offline'],
  'one retry, no heartbeat': ['suspect'],
};

/** How long ago (ms) each time matters: what lies further back is all the same to every rule. */
const MEMORY = { wokeAt: 3_000, deadline: 0, openedAt: 2_000, sentAt: 2_000, heardAt: 2_000, overdueAt: 0, deadAt: 0 };

/** The state as seen from now: distances instead of times, the number left out, counts as far as they matter. */
function seen(state: State, now: number): State {
  const relative: Record<string, unknown> = {
    phase: state.phase,
    id: 0,
    failures: Math.min(state.failures, 2),
    retried: Math.min(state.retried, 2),
    away: state.away,
    renewed: state.renewed,
    wanted: 'wanted' in state && state.wanted,
  };
  const kept = isAlive(state) ? Object.entries(MEMORY) : Object.entries(MEMORY).slice(0, 2);
  for (const [key, memory] of kept) {
    const at = (state as unknown as Record<string, number>)[key] as number;
    relative[key] = at === NEVER ? at : Math.max(-memory, at - now);
  }
  if (isAlive(state)) relative['interval'] = state.interval;
  return relative as unknown as State;
}

type Happening = { readonly name: EventName; readonly payload?: unknown; readonly stale?: boolean };

const close = (code: number) => ({ code, reason: '', wasClean: code !== 1006 });

const HAPPENINGS: Happening[] = [
  ...(['open', 'redirect', 'leave', 'unset', 'deactivate', 'activate', 'beat', 'deadline'] as const).map((name) => ({
    name,
  })),
  ...(['online', 'offline', 'pagehide', 'pageshow', 'visibilitychange', 'resume'] as const).map((name) => ({ name })),
  { name: 'close', payload: close(1000) },
  ...([false, true] as const).flatMap((stale) => [
    { name: 'opened' as const, stale },
    { name: 'heard' as const, stale },
    ...[1000, 1006, 4401].map((code) => ({ name: 'ended' as const, payload: close(code), stale })),
    { name: 'threw' as const, payload: { code: 'before-connect', thrown: new Error('x') }, stale },
    { name: 'threw' as const, payload: { code: 'url', thrown: new Error('x') }, stale },
  ]),
];

/** Which events of the current socket can come at all in a state: a socket that is gone says nothing. */
const isPossible = ({ name, stale }: Happening, state: State): boolean => {
  if (stale) return true;
  if (name === 'opened' || name === 'threw') return state.phase === 'connecting';
  if (name === 'ended') return state.phase === 'connecting' || isAlive(state);
  return name !== 'heard' || isAlive(state);
};

const named = (effects: readonly Effect[], name: Effect[0]): number =>
  effects.filter(([effect]) => effect === name).length;

/** The rules, on one transition. Answers with what is broken. */
function broken(
  before: State,
  happening: Happening,
  next: State,
  effects: readonly Effect[],
  moment: Moment,
): string | undefined {
  const { name, stale } = happening;
  const says = (rule: string, holds: boolean): string | undefined => (holds ? undefined : rule);
  const rests = ['idle', 'closed', 'failed', 'left', 'offline'].includes(next.phase);
  const isNew = named(effects, 'connect') === 1;
  const wasOpen = isAlive(before);
  const hadSocket = wasOpen || before.phase === 'connecting';
  const hasSocket = isAlive(next) || next.phase === 'connecting';
  const dropped = named(effects, 'drop') === 1;
  const ended = name === 'ended' && !stale;
  const disconnected = effects.filter((e) => (e[0] === 'drop' || e[0] === 'disconnected') && e[2]).length;
  const opened = name === 'open' || name === 'redirect';
  const asked = opened || name === 'activate' || name === 'pageshow';
  return (
    says('rule 1: a late event changes nothing', !stale || (next === before && effects.length === 0)) ??
    says('rule 1: an old socket is gone before the next one comes', !(isNew && hadSocket) || dropped || ended) ??
    says(
      'rule 1: a socket that is not current any more has been dropped',
      !(hadSocket && !hasSocket) || dropped || ended,
    ) ??
    says('rule 1: a new socket has a new number', !isNew || next.id > before.id) ??
    says(
      'rule 1: connecting has its attempt',
      !(next.phase === 'connecting' && before.phase !== 'connecting') || isNew,
    ) ??
    says('rule 2: resting states have no deadline', !rests || next.deadline === NEVER) ??
    says(
      'no deadlock: connecting and waiting have a deadline',
      !['connecting', 'waiting'].includes(next.phase) || next.deadline < NEVER,
    ) ??
    says(
      'no deadlock: open has a deadline, with a heartbeat of its own',
      !(isAlive(next) && moment.interval < NEVER) || next.deadline < NEVER,
    ) ??
    says('no deadlock: suspect has a deadline', next.phase !== 'suspect' || next.deadline < NEVER) ??
    says(
      'no spin: a deadline that has passed is not set again',
      name !== 'deadline' || next === before || next.deadline > moment.now,
    ) ??
    says('rule 4: nothing leaves left', before.phase !== 'left' || (next === before && effects.length === 0)) ??
    says(
      'rule 5: closed is left by open(), a new url or leaving alone',
      before.phase !== 'closed' || ['closed', 'left', 'idle'].includes(next.phase) || opened,
    ) ??
    says(
      'rule 5: failed is left by open() or a new url alone',
      before.phase !== 'failed' || ['closed', 'failed', 'left', 'idle'].includes(next.phase) || opened,
    ) ??
    says('rule 5: idle is left when asked', before.phase !== 'idle' || !isNew || asked) ??
    says(
      'rule 7: onDisconnected once for an open socket that ends',
      disconnected === (wasOpen && (dropped || ended) ? 1 : 0),
    ) ??
    says(
      'a loss says why',
      !(hadSocket && ['waiting', 'offline', 'failed'].includes(next.phase)) || named(effects, 'trouble') === 1,
    ) ??
    says(
      'onFailed runs when it gives up, and only then',
      named(effects, 'failed') === (next.phase === 'failed' && before.phase !== 'failed' ? 1 : 0),
    ) ??
    says(
      'the buffer is emptied when it is closed or left',
      !(['closed', 'left'].includes(next.phase) && before.phase !== next.phase) || named(effects, 'empty') === 1,
    ) ??
    says(
      'what is active can hear the page',
      next.phase === 'idle' || isActive(next) === !['closed', 'failed', 'left'].includes(next.phase),
    ) ??
    says(
      'a verdict of silence is never late',
      !effects.some((e) => e[0] === 'trouble' && e[1] === 'silence') || moment.now - before.deadline <= 1_000,
    )
  );
}

/** The network is there or not; only while a beforeConnect is at work can the url be another one than its own. */
const circumstancesOf = ({ phase }: State): Pick<Moment, 'online' | 'isOutdated'>[] =>
  [true, false].flatMap((online) =>
    (phase === 'connecting' ? [false, true] : [false]).map((isOutdated) => ({ online, isOutdated })),
  );

function search(options: Options): { states: number; transitions: number; phases: Set<string>; faults: string[] } {
  const found = new Map<string, State>();
  const faults = new Set<string>();
  const phases = new Set<string>();
  let transitions = 0;
  const visit = (state: State, now: number): void => {
    const view = seen(state, now);
    const key = Object.values(view).join();
    if (!found.has(key)) found.set(key, view);
    phases.add(view.phase);
  };
  visit(initialState, 0);
  for (const state of found.values()) {
    const due = state.deadline < NEVER ? state.deadline : 0;
    for (const elapsed of new Set([0, TICK, due, due + TICK, due + 2 * TICK])) {
      if (elapsed < 0) continue;
      // Time alone: what is later then must be found as well.
      if (elapsed <= due) visit(state, elapsed);
      for (const happening of HAPPENINGS) {
        if (!isPossible(happening, state)) continue;
        for (const circumstances of circumstancesOf(state)) {
          const moment = { ...settings, ...circumstances, ...options, now: elapsed, random: 0 } as Moment;
          const { name, payload, stale } = happening;
          const [next, ...effects] = transition(
            state,
            moment,
            name,
            payload as Events[EventName],
            stale ? -1 : undefined,
          );
          transitions += 1;
          const rule = broken(state, happening, next, effects, moment);
          if (rule)
            faults.add(`${rule}: ${JSON.stringify(state)} + ${name} after ${elapsed} -> ${JSON.stringify(next)}`);
          // The engine stamps what it hears and sends in place.
          visit(next, elapsed);
          if (isAlive(next)) visit({ ...next, sentAt: elapsed }, elapsed);
          if (isAlive(next) && next.deadAt === NEVER) visit({ ...next, heardAt: elapsed }, elapsed);
        }
      }
    }
  }
  return { states: found.size, transitions, phases, faults: [...faults] };
}

describe('every state that can be reached, and every event in it', () => {
  test.each(OPTIONS)('%s', (name, options) => {
    const { states, transitions, phases, faults } = search(options);
    console.info(`${name}: ${states} states, ${transitions} transitions`);
    expect(faults.slice(0, 3)).toEqual([]);
    const unreached = [
      'idle',
      'connecting',
      'open',
      'suspect',
      'waiting',
      'offline',
      'closed',
      'failed',
      'left',
    ].filter((phase) => !phases.has(phase));
    expect(unreached).toEqual(UNREACHABLE[name] ?? []);
    expect(states).toBeGreaterThan(100);
  });
});
