/**
 * The election of three tabs in any order of events. Breadth first with fingerprints up to a bound, and long walks beyond it. The rules
 * are checked at each step, and from each world the tabs must find their leader.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NEVER } from '../../../src/core/connection-state';
import {
  type Deed,
  deedsOf,
  type ElectionWorld,
  EMPTY,
  idOf,
  isRunning,
  type ModelTab,
  pass,
  play,
  STEP,
} from './election-model';

/** How many worlds are looked at from each start. */
const BOUND = Number(process.env['SEARCH_ELECTIONS'] ?? 20_000);

const WALKS = Number(process.env['WALKS'] ?? 3_000);

/** ms within which the tabs find their leader, while somebody looks: a leader that is silent is deposed. */
const WITHIN = 7_000;

/** ms more if a page is frozen and does not say so: it first hears that it has to give up the lead, or it is granted the lock. */
const IN_SILENCE = 5_000;

const oneOf = (world: ElectionWorld): string => {
  const terms = [
    ...new Set(world.tabs.flatMap(({ standing, channel }) => [standing.term, ...channel.map(({ term }) => term)])),
  ].sort((a, b) => a - b);
  const rank = (term: number): number => terms.indexOf(term);
  const far = (at: number, most: number): number => (Math.abs(at) === NEVER ? 9 : Math.max(-most, at - world.now));
  const standing = ({ standing: own, ledAt }: ModelTab): string =>
    own.role === 'waiting'
      ? `w${own.isFrozen}${own.wasAway} ${rank(own.term)} ${own.leader} ${far(own.heardAt, 5_000)} ${far(own.askedAt, 4_000)} ${own.seenEmpty}${own.isGone} ${far(own.deadline, 1_500)}`
      : `${own.role}${own.isFrozen}${own.wasAway} ${far(ledAt, 1_500)} ${rank(own.term)} ${far(own.deadline, 3_000)}`;
  const tab = (one: ModelTab): string =>
    [
      one.life,
      [one.isThere, one.isBlocked, one.isStill, one.isVisible].map(Number).join(''),
      standing(one),
      one.watched,
      ...one.channel.map((said) => {
        const { type, from, term, at } = said;
        const to = 'to' in said ? said.to : '';
        return `${type}${from}${to}${rank(term)}${Math.round(far(at, 3_500) / STEP)}`;
      }),
      ...one.locks.map(({ event, at, about }) => `${event}${far(at, 1_000)}${JSON.stringify(about)}`),
    ].join(',');
  return [...world.tabs.map(tab), ...world.asked.map((one) => `${one.tab}${one.isHeld}`), rank(world.newestTerm)].join(
    ';',
  );
};

/** Exactly one of the tabs that run leads, and the others know it. */
function strayed(world: ElectionWorld): string | undefined {
  if (world.fault) return world.fault;
  const running = [...world.tabs.entries()].filter(([, tab]) => isRunning(tab) && tab.standing.role !== 'out');
  if (!running.length) return undefined;
  const [leader, ...others] = running.filter(([, { standing }]) => standing.role === 'leading');
  if (!leader) return 'nobody leads';
  if (others.length) return 'two tabs lead';
  const [index, { standing }] = leader;
  if (standing.term !== world.newestTerm) return 'the leader has an old term';
  const know = running.every(
    ([, { standing: own }]) => own.term === standing.term && own.leader === idOf(world, index),
  );
  return know ? undefined : 'a tab does not know who leads';
}

/** Somebody looks at a tab that runs. */
function looked(world: ElectionWorld): ElectionWorld {
  const running = [...world.tabs.entries()].filter(([, tab]) => isRunning(tab) && tab.standing.role !== 'out');
  const [first] = running;
  return !first || running.some(([, { isVisible }]) => isVisible) ? world : play(world, ['look', first[0]]);
}

/** Whether the tabs find their leader: while some are blocked or frozen, and when all run again. */
function lost(world: ElectionWorld): string | undefined {
  const isSilent = world.tabs.some(({ isStill, standing }) => isStill && !standing.isFrozen);
  const quiet = pass(looked(world), WITHIN + (isSilent ? IN_SILENCE : 0));
  const fault = strayed(quiet);
  if (fault) return fault;
  let woken = quiet;
  for (const [index, { isBlocked, isStill }] of quiet.tabs.entries()) {
    if (isBlocked) woken = play(woken, ['unblock', index]);
    if (isStill) woken = play(woken, ['thaw', index]);
  }
  return woken === quiet ? undefined : strayed(pass(looked(woken), WITHIN));
}

interface Node {
  readonly world: ElectionWorld;
  readonly from?: Node;
  readonly deed?: Deed;
  readonly depth: number;
}

const pathOf = ({ from, deed }: Node): string[] => (from && deed ? [...pathOf(from), deed.join(' ')] : []);

function search(start: ElectionWorld) {
  const nodes: Node[] = [{ world: start, depth: 0 }];
  const known = new Set([oneOf(start)]);
  const faults: string[] = [];
  let transitions = 0;
  for (const node of nodes) {
    if (known.size >= BOUND || faults.length > 2) return { worlds: known.size, transitions, depth: node.depth, faults };
    for (const deed of deedsOf(node.world)) {
      const world = play(node.world, deed);
      transitions += 1;
      const key = oneOf(world);
      if (known.has(key) && !world.fault) continue;
      known.add(key);
      const next: Node = { world, from: node, deed, depth: node.depth + 1 };
      const fault = world.fault ?? lost(world);
      if (fault) faults.push(`${fault}: ${pathOf(next).join(', ')}`);
      else nodes.push(next);
    }
  }
  return { worlds: known.size, transitions, depth: NEVER, faults };
}

const after = (...deeds: Deed[]): ElectionWorld => pass(deeds.reduce(play, EMPTY), 1_000);
const three = after(['open', 0], ['open', 1], ['open', 2]);
const then = (world: ElectionWorld, ...deeds: Deed[]): ElectionWorld => deeds.reduce(play, world);
/** The second tab is granted the lock, and has asked whose it is. The answer is on its way. */
const asking = then(three, ['crash', 0], ['lock', 1], ['lock', 1], ['time', 0], ['deadline', 1]);

/** Where searches begin. */
const STARTS: [string, ElectionWorld][] = [
  ['no tab', EMPTY],
  ['one tab', after(['open', 0])],
  ['three tabs', three],
  [
    'three tabs, and nobody looks',
    (['look', 'look', 'look'] as const).reduce((world, name, at) => play(world, [name, at]), three),
  ],
  ['three tabs, and the leader is blocked for 5 s', pass(play(three, ['block', 0]), 4_500)],
  ['three tabs, and the leader is frozen in silence for 3 s', pass(play(three, ['freeze in silence', 0]), 3_000)],
  ['two tabs, and the one that gets the lock is blocked', pass(then(three, ['block', 1], ['crash', 0]), 500)],
  ['two tabs, and the one that gets the lock is blocked as it is about to lead', pass(play(asking, ['block', 1]), 500)],
  [
    'two tabs, and the one that gets the lock is frozen in silence',
    pass(then(three, ['freeze in silence', 1], ['crash', 0]), 500),
  ],
  [
    'two tabs, and the one that gets the lock is frozen as it is about to lead',
    pass(play(asking, ['freeze in silence', 1]), 500),
  ],
  ['three tabs, and a lock that is nobodys', play(three, ['crash and the lock is nobodys', 0])],
];

describe('breadth first', () => {
  test.each(STARTS)('from %s: one of them leads, and everybody learns who', (name, start) => {
    const { worlds, transitions, depth, faults } = search(start);
    console.info(`${name}: ${worlds} worlds, ${transitions} transitions, all orders of ${depth} events`);
    expect(faults).toEqual([]);
  });
});

test('long walks: one of them leads, and everybody learns who', () => {
  let acts = 0;
  let leads = 0;
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 99_999 }), { minLength: 100, maxLength: 300, size: 'max' }), (choices) => {
      const path: string[] = [];
      let [, world] = STARTS[(choices[0] ?? 0) % STARTS.length] as [string, ElectionWorld];
      for (const choice of choices) {
        const deeds = deedsOf(world);
        // News and time come more often than what users and browsers do.
        const usual = deeds.filter(([name]) => ['hear', 'lock', 'deadline', 'time', 'send'].includes(name));
        const from = choice % 100 < 85 && usual.length ? usual : deeds;
        const deed = from[Math.floor(choice / 100) % from.length] as Deed;
        path.push(deed.join(' '));
        world = play(world, deed);
        if (world.fault) break;
      }
      acts += world.acts;
      leads += world.leads;
      expect(world.fault ?? lost(world), path.join(', ')).toBeUndefined();
    }),
    { numRuns: WALKS, endOnFailure: true },
  );
  console.info(`${leads} leads, ${acts} commands carried out`);
  expect(acts).toBeGreaterThan(WALKS);
});
