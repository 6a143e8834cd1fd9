/**
 * Breadth-first over everything that an engine can be brought to. An engine can't be copied, so each world is made anew by
 * playing the path that leads to it. What leaves the fingerprint as it was needs no new world.
 */
import { type Choice, type Deed, deedsOf, type Hook } from './choice';
import { fingerprint } from './fingerprint';
import { HAPPENINGS, type Happening } from './happenings';
import { check, look } from './rules';
import { World } from './world';

/**
 * One event, and what foreign code does when the event makes it run. "The next time it runs" is then always now: a deed that
 * lies ready changes nothing before, so it need not be part of a world.
 */
interface Step {
  readonly happening: Happening;
  readonly deeds: readonly (readonly [Hook, Deed])[];
}

interface Node {
  readonly from?: Node;
  readonly step?: Step;
  readonly depth: number;
  readonly print: string;
}

export interface Limits {
  /** How many events may be played. Infinity: all there are. */
  readonly events: number;
  /** How many callbacks do something in one event. */
  readonly deeds: number;
}

export interface Found {
  readonly worlds: number;
  readonly transitions: number;
  /** All paths of this many events were tried. */
  readonly depth: number;
  /** Nothing is left to try. */
  readonly isComplete: boolean;
  readonly phases: ReadonlySet<string>;
  /** What is broken, each with the events that lead there. */
  readonly faults: readonly string[];
}

const pathTo = (node: Node): Step[] => {
  const steps: Step[] = [];
  for (let at: Node | undefined = node; at?.step; at = at.from) steps.push(at.step);
  return steps.reverse();
};

const worldAfter = (choice: Choice, steps: readonly Step[]): World => {
  const world = new World(choice);
  for (const { happening, deeds } of steps) world.happen(happening.run, deeds);
  return world;
};

const play = (world: World, { happening, deeds }: Step): void => {
  const before = look(world);
  world.happen(happening.run, deeds);
  check(world, happening, before);
};

const breaks = (choice: Choice, steps: readonly Step[], rule: string): boolean => {
  const world = new World(choice);
  for (const step of steps) {
    if (!step.happening.when(world)) return false;
    play(world, step);
    if (world.faults.length) return world.faults[0] === rule;
  }
  return false;
};

/** Leaves out what the fault does not need. */
function shorten(choice: Choice, steps: readonly Step[], rule: string): readonly Step[] {
  const fewer = steps.map((_, i) => steps.toSpliced(i, 1)).find((rest) => breaks(choice, rest, rule));
  return fewer ? shorten(choice, fewer, rule) : steps;
}

/** For a person, who makes a test of it. */
const describe = (choice: Choice, steps: readonly Step[], rule: string): string => {
  const lines = shorten(choice, steps, rule).map(({ happening, deeds }, i) => {
    const does = deeds.map(([hook, deed]) => `, where ${hook} does ${deed}`);
    return `  ${i + 1}. ${happening.name}${does.join('')}`;
  });
  return [rule, ...lines].join('\n');
};

/** Tries everything, in every order, until nothing is left to try or the limit is reached. */
export function search(choice: Choice, limits: Limits): Found {
  const nodes: Node[] = [{ depth: 0, print: fingerprint(new World(choice)) }];
  const known = new Set(nodes.map(({ print }) => print));
  const phases = new Set<string>();
  const faults = new Map<string, string>();
  let played = 0;
  let transitions = 0;

  const visit = (node: Node): void => {
    const path = pathTo(node);
    let world = worldAfter(choice, path);
    /** What was played since, and is not to be seen in the fingerprint. A fault may still come of it. */
    let unseen: Step[] = [];
    for (const happening of HAPPENINGS) {
      if (!happening.when(world)) continue;
      const variants: Step['deeds'][] = [[]];
      for (const deeds of variants) {
        const step = { happening, deeds };
        play(world, step);
        played += 1;
        transitions += 1;
        phases.add(world.view.phase);
        if (deeds.length < limits.deeds) {
          // Those that ran after the last one that did something: so no two variants are the same.
          const last = deeds.at(-1)?.[0];
          const others = world.foreign.ran.slice(last ? world.foreign.ran.indexOf(last) + 1 : 0);
          for (const hook of others) for (const deed of deedsOf(hook, choice)) variants.push([...deeds, [hook, deed]]);
        }
        const [rule] = world.faults;
        if (rule && !faults.has(rule)) faults.set(rule, describe(choice, [...path, ...unseen, step], rule));
        const print = fingerprint(world);
        if (print === node.print && !rule) {
          unseen.push(step);
          continue;
        }
        if (!known.has(print) && !rule && world.isNear) {
          known.add(print);
          nodes.push({ from: node, step, depth: node.depth + 1, print });
        }
        world = worldAfter(choice, path);
        unseen = [];
        played += path.length;
      }
    }
  };

  let next = 0;
  for (; next < nodes.length && played < limits.events; next += 1) visit(nodes[next] as Node);
  const depth = (nodes[next] ?? (nodes.at(-1) as Node)).depth;
  const isComplete = next === nodes.length;
  return { worlds: known.size, transitions, depth, isComplete, phases, faults: [...faults.values()] };
}
