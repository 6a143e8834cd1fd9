/**
 * Every order of events. Breadth-first over all states that `transition()` can reach, with every event in every state, to a fixed
 * point: times are kept as distances from now, on a grid, so the states are finite. The rules are checked on each transition.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Effect, EventName, Events, Transition } from '../../src/core/connection-events';
import { dueAt, isActive, isAlive, isResting, NEVER, type State } from '../../src/core/connection-state';
import { afterLoss, planRetry } from '../../src/core/loss';
import type { Moment } from '../../src/core/moment';
import { initialState } from '../../src/core/next-state';
import { resolveOptions } from '../../src/core/options';
import { transition } from '../../src/core/transition';

/** The grid of times (ms). Every option is a multiple of it. */
const TICK = 2_000;

const settings = {
  ...resolveOptions({}, (source) => source),
  interval: 2_000,
  pongTimeout: 4_000,
  probeTimeout: 2_000,
  connectTimeout: 2_000,
  stableAfter: 2_000,
  delay: TICK,
};

type Options = Partial<typeof settings & Pick<Moment, 'handshake' | 'beforeConnect'>>;

/** What the browser says of the network, the page and the socket, and whether messages wait. */
type Circumstances = readonly Partial<Moment>[];
const PAGE: Circumstances = [{}, { online: false }, { visible: false }];
/** Attempts have been made in the same task. */
const TASK: Circumstances = [{}, { mustYield: true }, { mustYield: true, online: false }];
const HIDDEN: Circumstances = [...PAGE, { visible: false, pending: true }, { visible: false, prerendering: true }];
/** `drained`: the socket goes on sending. */
const SOCKET: Circumstances = [{}, { online: false }, { readyState: 2 }, { readyState: 3 }, { drained: 1 }];
/** `close({ drain })` may be called, and messages are kept or not. */
const DRAIN: Circumstances = [{}, { kept: true }, { kept: true, online: false }, { kept: true, prerendering: true }];

/** The server names another interval. */
const FIGURES: Circumstances = [{}, { interval: 4_000 }, { online: false }, { readyState: 2 }];

/** What is told apart of a server's past. Where it is not, it is as if nothing bad had been learned: else there are many times the states. */
type Past = 'timeouts' | 'unanswered' | 'forgiven';

const NO_HEARTBEAT = { beats: false, interval: Infinity } as const;

const OPTIONS: [name: string, options: Options, past?: Past | undefined, circumstances?: Circumstances][] = [
  ['heartbeat', {}],
  ['no heartbeat', NO_HEARTBEAT],
  ['beats from outside', { interval: Infinity }],
  ['no retries', { retries: 0 }],
  ['one retry', { retries: 1 }],
  ['one retry, no heartbeat', { ...NO_HEARTBEAT, retries: 1 }],
  ['attempts that take long, no heartbeat', NO_HEARTBEAT, 'timeouts'],
  ['handshake, no heartbeat', { ...NO_HEARTBEAT, handshake: true }, 'forgiven'],
  ['beforeConnect renews the token, no heartbeat', { ...NO_HEARTBEAT, beforeConnect: true }, 'forgiven'],
  ['closed when hidden, no heartbeat', { ...NO_HEARTBEAT, retries: 1, closeAfter: 2_000 }, undefined, HIDDEN],
  ['attempts in the same task, no heartbeat', { ...NO_HEARTBEAT, retries: 1 }, undefined, TASK],
  ['a link that is busy, a server that closes', { retries: 1 }, 'unanswered', SOCKET],
  ['figures that the server names', { retries: 1 }, undefined, FIGURES],
  ['a server that sends the heartbeats', { beats: 'server', retries: 1 }, 'unanswered', FIGURES],
  ['heartbeats of both sides', { beats: 'both', retries: 1 }, 'unanswered', FIGURES],
  ['close({ drain }), no heartbeat', { ...NO_HEARTBEAT, retries: 1 }, undefined, DRAIN],
];

const PHASES = ['idle', 'connecting', 'open', 'suspect', 'waiting', 'offline', 'closed', 'failed', 'left'];

/** What these options rule out. */
const isReachable = (phase: string, name: string): boolean => phase !== 'suspect' || !name.includes('no heartbeat');

const KNOWN = [
  'backedOff',
  'closeAt',
  'error',
  'wakeLosses',
  'failures',
  'forgiven',
  'id',
  'lastEnd',
  'retried',
  'timeouts',
  'unanswered',
  'url',
];
const ON_THE_WAY = [...KNOWN, 'restartedForUrl', 'phase', 'wokeAt', 'hideAt'];
const UNDER_WAY = [...ON_THE_WAY, 'begun', 'deadline', 'lateTimers', 'stage', 'startedAt'];
const RESTING = [...KNOWN, 'away', 'isWanted', 'phase'];
const PUT_AWAY = [...RESTING, 'deadline'];
const OPEN = [
  'hideAt',
  'deadAt',
  'deadline',
  'heardAt',
  'interval',
  'drained',
  'isAnswered',
  'isClosing',
  'flushAt',
  'lateTimers',
  'openedAt',
  'overdueAt',
  'phase',
  'sentAt',
  'wokeAt',
];

/** The fields of a state, by its phase and stage: nothing of another phase may be carried along. */
const FIELDS: Record<string, string[]> = {
  ...Object.fromEntries(['idle', 'closed', 'failed', 'left'].map((phase) => [phase, RESTING])),
  ...Object.fromEntries(['open', 'suspect'].map((phase) => [phase, [...KNOWN, ...OPEN]])),
  'put away': PUT_AWAY,
  'connecting preparing': [...UNDER_WAY, 'preparedFor'],
  'connecting dialing': UNDER_WAY,
  'connecting shaking': UNDER_WAY,
  waiting: [...ON_THE_WAY, 'deadline'],
  offline: [...ON_THE_WAY, 'deadline'],
};

const hasItsFields = (state: State): boolean => {
  const kind = 'stage' in state ? `${state.phase} ${state.stage}` : state.isWanted ? 'put away' : state.phase;
  const fields = FIELDS[kind] ?? [];
  const names = Object.keys(state);
  return names.length === fields.length && fields.every((field) => field in state);
};

/** How long ago (ms) each time matters: what lies further back is all the same to every rule. */
const MEMORY: Record<string, number> = {
  hideAt: 0,
  startedAt: 4_000,
  deadline: 0,
  openedAt: 2_000,
  sentAt: 2_000,
  heardAt: 2_000,
  overdueAt: 2_000,
  deadAt: 0,
  flushAt: 0,
  closeAt: 0,
};

/** The state as seen from now: distances instead of times, the number left out, counts and urls as far as they matter. */
function seen(state: State, now: number, past: Past | undefined): State {
  const view = { ...state } as unknown as Record<string, unknown>;
  view['id'] = 0;
  view['url'] = state.url && 'a';
  view['failures'] = Math.min(state.failures, 2);
  view['retried'] = Math.min(state.retried, 2);
  view['backedOff'] = 0;
  view['wakeLosses'] = Math.min(state.wakeLosses, 1);
  for (const count of ['timeouts', 'unanswered', 'forgiven'] as const)
    view[count] = past === count ? Math.min(state[count], 1) : 0;
  if (isAlive(state) && past !== 'unanswered') view['isAnswered'] = true;
  view['error'] = undefined;
  view['lastEnd'] = undefined;
  if (isAlive(state)) view['drained'] = 0;
  if (state.preparedFor !== undefined) {
    view['preparedFor'] = state.preparedFor === state.url ? 'a' : 'b';
  }
  // With a number as delay, and without 1008 among the codes, it does not matter when the page woke.
  if (view['wokeAt'] !== undefined) view['wokeAt'] = -NEVER;
  for (const key in MEMORY) {
    const at = view[key] as number | undefined;
    if (at !== undefined && Math.abs(at) !== NEVER) view[key] = Math.max(-(MEMORY[key] as number), at - now);
  }
  return view as unknown as State;
}

type Happening = { readonly name: EventName; readonly payload?: unknown; readonly stale?: boolean };

const close = (code: number) => ({ code, reason: '', wasClean: code !== 1006 });
const URLS = ['a', 'b', ''];
const happening = (name: EventName, payload?: unknown) => ({ name, payload });

const OF_ATTEMPTS: Happening[] = [
  happening('opened'),
  happening('heard'),
  happening('faulted'),
  happening('unsent'),
  happening('figures'),
  happening('kept', { until: 0 }),
  ...[1000, 1006, 4401].map((code) => happening('ended', close(code))),
  happening('shaken'),
  ...(['before-connect', 'constructor', 'handshake'] as const).map((code) =>
    happening('threw', { code, thrown: new Error('x') }),
  ),
  happening('threw', { code: 'constructor', thrown: new Error('x'), gaveUp: 'url' }),
  happening('threw', { code: 'before-connect', thrown: 'no user', gaveUp: 'gave-up' }),
  ...URLS.flatMap((url) => [
    happening('preparing', { url }),
    happening('prepared', { target: undefined, url }),
    happening('prepared', { target: { url, protocols: undefined }, url: 'b' }),
  ]),
];

const HAPPENINGS: Happening[] = [
  ...(['leave', 'deactivate', 'activate', 'beat', 'deadline'] as const).map((name) => happening(name)),
  ...(['online', 'offline', 'networkchange', 'pagehide', 'pageshow', 'prerenderingchange'] as const).map((name) =>
    happening(name),
  ),
  ...(['hidden', 'visibilitychange', 'resume'] as const).map((name) => happening(name)),
  ...URLS.flatMap((url) => [
    happening('open', { url }),
    happening('url', { url }),
    happening('close', { url, code: 1000, reason: '' }),
    happening('drain', { url, until: TICK }),
  ]),
  ...OF_ATTEMPTS,
  ...OF_ATTEMPTS.map((one) => ({ ...one, stale: true })),
];

/** What is part of some searches alone: in all of them it would multiply the states. */
const ONLY: Partial<Record<EventName, Circumstances>> = { kept: SOCKET, drain: DRAIN, figures: FIGURES };

/** Which events of the current attempt can come at all in a state: a socket that is gone says nothing. */
const isPossible = ({ name, payload, stale }: Happening, state: State): boolean => {
  const isPreparing = 'preparedFor' in state;
  const isShaking = state.stage === 'shaking';
  const isDialing = state.stage === 'dialing';
  if (stale) return true;
  if (name === 'preparing') return isPreparing;
  // Without a `beforeConnect` the attempt gives the url that it has read.
  if (name === 'prepared') return isPreparing && state.preparedFor !== undefined;
  const of = { 'before-connect': isPreparing, handshake: isShaking, constructor: isDialing };
  if (name === 'threw') return of[(payload as Events['threw']).code as keyof typeof of];
  if (name === 'opened') return isDialing;
  if (name === 'shaken') return isShaking;
  if (name === 'faulted') return isDialing || isShaking;
  if (name === 'ended') return isDialing || isShaking || isAlive(state);
  if (name === 'figures') return isShaking || isAlive(state);
  return (name !== 'heard' && name !== 'unsent') || isAlive(state);
};

const named = (effects: readonly Effect[], name: Effect[0]): number =>
  effects.filter(([effect]) => effect === name).length;

const says = (rule: string, holds: boolean): string | undefined => (holds ? undefined : rule);

/** What holds for `close({ drain })`. */
function brokenDrain(before: State, { name, payload }: Happening, next: State, moment: Moment): string | undefined {
  const { now, kept } = moment;
  const { url, until = NEVER } = (payload ?? {}) as { readonly url?: string; readonly until?: number };
  const isNewUrl = name === 'url' && url !== before.url && before.stage !== 'preparing';
  const isEnd = isResting(next) && !next.isWanted;
  const isDue = name === 'deadline' && before.closeAt <= now;
  const drains = name === 'drain' && kept && isActive(before);
  const closes = name === 'close' || isDue || (name === 'drain' && !drains);
  const closeAt = drains ? Math.min(before.closeAt, until) : before.closeAt;
  return (
    says('a connection closes when it was told to', !closes || next.phase === 'closed') ??
    says('a connection closes only when it was told to', next.phase !== 'closed' || closes || before.closeAt < NEVER) ??
    says('a connection that drains gives up by closing', next.phase !== 'failed' || before.closeAt === NEVER) ??
    says('what rests has nothing to drain', !isEnd || next.closeAt === NEVER) ??
    says('open() and a new url end a drain', !(name === 'open' || isNewUrl) || next.closeAt === NEVER) ??
    says('nothing else ends a drain', name === 'open' || isNewUrl || isEnd || next.closeAt === closeAt)
  );
}

/** The rules, on one transition. Answers with what is broken. */
function broken(
  before: State,
  happening: Happening,
  next: State,
  effects: readonly Effect[],
  moment: Moment,
): string | undefined {
  const { name, payload, stale } = happening;
  const rests = ['idle', 'closed', 'failed', 'left'].includes(next.phase);
  const isNew = named(effects, 'prepare') === 1;
  const hadSocket = isAlive(before) || before.phase === 'connecting';
  const hasSocket = isAlive(next) || next.phase === 'connecting';
  const ends = named(effects, 'abandon') + named(effects, 'ended');
  const url = (payload as { url?: unknown } | undefined)?.url;
  const isToldOfUrl =
    (['open', 'close', 'url', 'preparing'].includes(name) || (name === 'drain' && next.phase === 'closed')) &&
    !stale &&
    before.phase !== 'left';
  const opened = (name === 'open' || name === 'url') && !!url;
  const isBack = ['pageshow', 'prerenderingchange', 'visibilitychange', 'resume', 'deadline'].includes(name);
  const asked = opened || name === 'activate' || (isBack && before.away !== 'deactivated');
  const erred = effects.find((effect) => effect[0] === 'erred');
  const deadline = next.deadline ?? NEVER;
  const isPutAway = next.isWanted === true && next.away !== 'deactivated';
  const isIgnored = !!stale || before.phase === 'left' || before.phase === 'closed';
  return (
    (isIgnored ? undefined : brokenDrain(before, happening, next, moment)) ??
    says('a state holds the fields of its phase alone', next === before || hasItsFields(next)) ??
    says('rule 1: a late event changes nothing', !stale || (next === before && effects.length === 0)) ??
    says('rule 1: an old socket is gone before the next one comes', !(isNew && hadSocket) || ends === 1) ??
    says('rule 1: a socket that is not current any more has been given up', !(hadSocket && !hasSocket) || ends === 1) ??
    says('rule 7: a socket ends once', ends <= 1) ??
    says('rule 1: a new attempt has a new number', !isNew || next.id > before.id) ??
    says(
      'rule 1: connecting has its attempt',
      !(next.phase === 'connecting' && before.phase !== 'connecting') || isNew,
    ) ??
    says(
      'a socket is made where the state says so',
      named(effects, 'dial') === Number(next.stage === 'dialing' && 'preparedFor' in before),
    ) ??
    says(
      'nothing is flushed before the handshake has ended',
      named(effects, 'opened') === Number(isAlive(next) && !isAlive(before)) &&
        !(!!moment.handshake && isAlive(next) && !isAlive(before) && before.stage !== 'shaking'),
    ) ??
    says(
      'a final code is forgiven once',
      !(name === 'ended' && erred && (payload as Events['ended']).code === 4401) ||
        next.phase === 'failed' ||
        next.phase === 'closed' ||
        (!!moment.beforeConnect && before.forgiven === 0 && next.forgiven === 1) ||
        (!!(moment.beforeConnect || moment.handshake) && isAlive(before)),
    ) ??
    says('the url is the one that the machine was told', !isToldOfUrl || next.url === url) ??
    says('without a url nothing connects', !!next.url || !['connecting', 'open', 'suspect'].includes(next.phase)) ??
    says('rule 2: resting states have no deadline', !rests || isPutAway || deadline === NEVER) ??
    says(
      'no deadlock: connecting, waiting and offline have a deadline',
      !(['connecting', 'waiting', 'offline'].includes(next.phase) || isPutAway) || deadline < NEVER,
    ) ??
    says(
      'no deadlock: open has a deadline, with a heartbeat of its own',
      !(isAlive(next) && moment.interval < NEVER) || deadline < NEVER,
    ) ??
    says('no deadlock: suspect has a deadline', next.phase !== 'suspect' || deadline < NEVER) ??
    says(
      'no spin: a deadline that has passed is set again for one more turn alone',
      name !== 'deadline' ||
        next === before ||
        dueAt(next) > moment.now ||
        // The verdict has to wait, and a heartbeat is due.
        (isAlive(before) && isAlive(next) && next.deadAt > before.deadAt) ||
        // The link becomes suspect when the verdict is due: that has one more turn.
        (before.phase === 'open' && next.phase === 'suspect' && moment.now >= before.deadAt) ||
        // The page was hidden for long enough. What else is due follows in the next turn.
        (next.hideAt !== before.hideAt && next.deadline === before.deadline) ||
        ('lateTimers' in next && next.lateTimers === 2 && 'lateTimers' in before && before.lateTimers === 1),
    ) ??
    says('a server that sends the heartbeats is sent none', moment.beats !== 'server' || !named(effects, 'beat')) ??
    says(
      'a server that sends the heartbeats is not taken for dead before it had to',
      erred?.[1].code !== 'silence' ||
        moment.beats === 'client' ||
        !isAlive(before) ||
        moment.now - before.heardAt >= settings.interval,
    ) ??
    says('rule 4: nothing leaves left', before.phase !== 'left' || (next.phase === 'left' && effects.length === 0)) ??
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
      'a loss says why',
      !(hadSocket && ['waiting', 'offline', 'failed'].includes(next.phase)) ||
        !!erred ||
        // The next attempt waits for the next task.
        (moment.mustYield && deadline <= moment.now),
    ) ??
    says(
      'giving up is told when it happens, and only then',
      (erred?.[2] === true) === (next.phase === 'failed' && before.phase !== 'failed'),
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
      'a late timer is no verdict of silence, unless two before it were late',
      erred?.[1].code !== 'silence' ||
        moment.now - (before.deadline ?? NEVER) <= 1_000 ||
        ('lateTimers' in before && before.lateTimers > 1),
    ) ??
    says(
      'rule 9: who wants a connection makes an attempt within a minute, whatever the page says',
      !(['waiting', 'offline'].includes(next.phase) || isPutAway) || deadline - moment.now <= 60_000,
    ) ??
    says('a link that is busy is not dead', erred?.[1].code !== 'silence' || moment.drained === 0) ??
    says(
      'a socket that is closing has time to tell its code',
      erred?.[1].code !== 'silence' || moment.readyState !== 2 || (isAlive(before) && before.isClosing),
    ) ??
    says('nothing starts on a prerendered page', !(isNew && moment.prerendering)) ??
    says('nothing starts in a task in which attempts have failed', !(isNew && moment.mustYield)) ??
    says(
      'a page that is hidden for long is put away, unless messages wait',
      !(name === 'deadline' && before.hideAt !== undefined && before.hideAt <= moment.now) ||
        (next.away === 'hidden for long') === !(moment.visible || moment.pending),
    ) ??
    says(
      'what somebody sees is not put away',
      !moment.visible || !isAlive(next) || name !== 'visibilitychange' || next.hideAt === NEVER,
    )
  );
}

/** What the engine makes of an event: after a loss it asks the caller's policy. */
const decide = (state: State, moment: Moment, { name, payload, stale }: Happening): Transition => {
  const outcome = transition(state, moment, name, payload as Events[EventName], stale ? -1 : undefined);
  if (!('lost' in outcome)) return outcome;
  return afterLoss(outcome, planRetry(moment, outcome, moment.random), moment);
};

/** Two states with the same fields and values have the same key. */
function keyOf(view: State): string {
  let key = '';
  for (const name in view) key += `${name}:${view[name as keyof State]} `;
  return key;
}

const usual = {
  readyState: 1,
  online: true,
  visible: true,
  prerendering: false,
  mustYield: false,
  pending: false,
  kept: false,
  random: 0,
  latency: 0,
  drained: 0,
  lastMessageAt: -NEVER,
};

function search(
  options: Options,
  past: Past | undefined,
  all: Circumstances = PAGE,
): { states: number; transitions: number; phases: Set<string>; faults: string[] } {
  const found = new Map<string, State>();
  const faults = new Set<string>();
  const phases = new Set<string>();
  let transitions = 0;
  const visit = (state: State, now: number): void => {
    const view = seen(state, now, past);
    const key = keyOf(view);
    if (!found.has(key)) found.set(key, view);
    phases.add(view.phase);
  };
  visit(initialState('a'), 0);
  for (const state of found.values()) {
    const possible = HAPPENINGS.filter((one) => isPossible(one, state) && (ONLY[one.name] ?? all) === all);
    const due = dueAt(state) === NEVER ? 0 : dueAt(state);
    for (const elapsed of new Set([0, TICK, due, due + TICK, due + 2 * TICK])) {
      if (elapsed < 0) continue;
      // Time alone: what is later then must be found as well.
      visit(state, elapsed);
      for (const circumstances of all) {
        const moment: Moment = { ...usual, ...settings, ...options, ...circumstances, now: elapsed };
        for (const happening of possible) {
          // The timer begins another task.
          if (moment.mustYield && happening.name === 'deadline') continue;
          const [next, ...effects] = decide(state, moment, happening);
          transitions += 1;
          const isSame = next === state && effects.length === 0;
          if (isSame && happening.stale) continue;
          const rule = broken(state, happening, next, effects, moment);
          if (rule) {
            const event = `${happening.name} ${JSON.stringify(happening.payload)}`;
            faults.add(`${rule}: ${JSON.stringify(state)} + ${event} after ${elapsed} -> ${JSON.stringify(next)}`);
          }
          if (isSame) continue;
          visit(next, elapsed);
          // The engine stamps what it hears and sends in place.
          if (isAlive(next)) visit({ ...next, sentAt: elapsed }, elapsed);
          if (isAlive(next) && next.deadAt === NEVER) visit({ ...next, heardAt: elapsed }, elapsed);
        }
      }
    }
  }
  return { states: found.size, transitions, phases, faults: [...faults] };
}

describe('every state that can be reached, and every event in it', () => {
  const { stackTraceLimit } = Error;
  // Errors are made by the hundred thousand, and nobody looks where.
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  test.each(OPTIONS)('%s', (name, options, past, circumstances) => {
    const { states, transitions, phases, faults } = search(options, past, circumstances);
    console.info(`${name}: ${states} states, ${transitions} transitions`);
    expect(faults.slice(0, 3)).toEqual([]);
    expect([...phases].sort()).toEqual(PHASES.filter((phase) => isReachable(phase, name)).sort());
    expect(states).toBeGreaterThan(100);
  });
});
