/**
 * Every order of events, through the engine: sockets, timers, listeners, callbacks and buffer as well as states. Where
 * `exhaustive.test.ts` asks `transition()`, this plays the events to whole engines, callbacks that talk back included, and
 * checks the rules after each one.
 *
 * One option set is searched to the end: then no order of events is left that could break a rule. For the others as many
 * events are played as time allows; `SEARCH_EVENTS=Infinity` plays them all, which takes some minutes.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { search } from './search/breadth-first';
import type { Choice } from './search/choice';

const { SEARCH_EVENTS } = process.env;
const EVENTS = Number(SEARCH_EVENTS ?? 60_000);

/** Searched to the end. The others have many times the worlds: of them as many events are played as time allows. */
const TO_THE_END = ['no heartbeat, retries 0, buffer 2, beforeConnect none'];

const nameOf = ({ heartbeat, retries, limit, beforeConnect, also, proof }: Choice): string =>
  `${heartbeat ? 'heartbeat' : 'no heartbeat'}, retries ${retries}, buffer ${limit}, beforeConnect ${beforeConnect}${also ? `, ${also}` : ''}${proof ? ', proof' : ''}`;

const ALSO: Choice[] = [
  { heartbeat: true, retries: 1, limit: 2, beforeConnect: 'none', also: 'handshake' },
  { heartbeat: false, retries: -1, limit: 0, beforeConnect: 'async', also: 'handshake' },
  { heartbeat: true, retries: 1, limit: 2, beforeConnect: 'throwing', also: 'page' },
  { heartbeat: false, retries: 1, limit: 0, beforeConnect: 'async', also: 'page' },
  { heartbeat: true, retries: -1, limit: 2, beforeConnect: 'none', also: 'link' },
  { heartbeat: true, retries: 1, limit: 2, beforeConnect: 'none', also: 'control' },
  { heartbeat: true, retries: 1, limit: 0, beforeConnect: 'none', also: 'server' },
  { heartbeat: true, retries: -1, limit: 2, beforeConnect: 'async', also: 'server' },
  { heartbeat: false, retries: -1, limit: 2, beforeConnect: 'none', also: 'age' },
  { heartbeat: true, retries: 1, limit: 2, beforeConnect: 'async', also: 'age' },
];

const PROOF: Choice[] = [
  { heartbeat: true, retries: -1, limit: 2, beforeConnect: 'none', proof: true },
  { heartbeat: true, retries: 1, limit: 2, beforeConnect: 'async', proof: true },
  { heartbeat: true, retries: 0, limit: 1, beforeConnect: 'throwing', proof: true },
  { heartbeat: false, retries: 1, limit: 2, beforeConnect: 'none', proof: true },
  { heartbeat: true, retries: -1, limit: 2, beforeConnect: 'none', also: 'link', proof: true },
  { heartbeat: true, retries: -1, limit: 2, beforeConnect: 'none', also: 'page', proof: true },
  { heartbeat: true, retries: -1, limit: 2, beforeConnect: 'none', also: 'handshake', proof: true },
];

const named = (choice: Choice): [string, Choice] => [nameOf(choice), choice];

const PLAIN = [true, false].flatMap((heartbeat) =>
  [0, 1, -1].flatMap((retries) =>
    [0, 2].flatMap((limit) =>
      (['none', 'async', 'throwing'] as const).map((beforeConnect): [string, Choice] => {
        const choice = { heartbeat, retries, limit, beforeConnect };
        return [nameOf(choice), choice];
      }),
    ),
  ),
);
const CHOICES = [...PLAIN, ...ALSO.map(named), ...PROOF.map(named)];

/** What these options rule out. */
const isReachable = (phase: string, { heartbeat, retries, beforeConnect }: Choice): boolean => {
  if (phase === 'suspect') return heartbeat;
  // An attempt for an old url has not been made yet for the new one.
  return retries !== 0 || beforeConnect === 'async' || !['waiting', 'offline'].includes(phase);
};

const PHASES = ['idle', 'connecting', 'open', 'suspect', 'waiting', 'offline', 'closed', 'failed', 'left'];

const { stackTraceLimit } = Error;

describe('no order of events breaks a rule', () => {
  // Errors are made by the hundred thousand, and nobody looks where.
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  const hour = 3_600_000;

  test.each(CHOICES)(
    '%s',
    (name, choice) => {
      const isThorough = SEARCH_EVENTS === undefined && TO_THE_END.includes(name);
      const events = isThorough ? Infinity : EVENTS;
      const { worlds, transitions, depth, isComplete, phases, faults } = search(choice, { events, deeds: 1 });
      console.info(
        `${name}: ${worlds} worlds, ${transitions} transitions, ${isComplete ? 'to the end' : `depth ${depth}`}`,
      );
      expect(faults.join('\n')).toBe('');
      const reachable = PHASES.filter((phase) => isReachable(phase, choice));
      if (isComplete) expect([...phases].sort()).toEqual(reachable.sort());
      expect(worlds).toBeGreaterThan(300);
      expect(isComplete || !isThorough).toBe(true);
    },
    hour,
  );

  test.each([...PLAIN.filter((_, i) => i % 7 === 0), ...PROOF.slice(0, 2).map(named)])(
    'even where two callbacks do something in one event: %s',
    (name, choice) => {
      const { worlds, transitions, depth, faults } = search(choice, { events: EVENTS, deeds: 2 });
      console.info(`${name}, two deeds: ${worlds} worlds, ${transitions} transitions, depth ${depth}`);
      expect(faults.join('\n')).toBe('');
    },
    hour,
  );
});
