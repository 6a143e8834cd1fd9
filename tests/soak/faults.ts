/** Which faults there are, and in what order they come. */
import type { Chance } from './chance.ts';
import type { Fault, Stage } from './fault.ts';
import { flapping, freeze, freezeAndCut, offline, offlineAndCut, unmountAndMount } from './page-faults.ts';
import { cut, delay, halfOpen, portClosed, reset, restart, silentCut, silentNetwork } from './server-faults.ts';

const SINGLE: readonly Fault[] = [
  cut,
  reset,
  silentCut,
  silentNetwork,
  delay,
  halfOpen,
  portClosed,
  restart,
  unmountAndMount,
  freeze,
  freezeAndCut,
  offline,
  offlineAndCut,
  flapping,
];

/** Something happens to the page while something is wrong with the server. */
const DOUBLE: readonly Fault[] = [delay, halfOpen, silentNetwork, portClosed, restart].flatMap((outer) =>
  [unmountAndMount, freeze, flapping].map((inner) => ({
    kind: 'two at once',
    cause: 'server' as const,
    parts: `${inner.kind}, during ${outer.kind}`,
    run: (stage: Stage) => outer.run(stage, () => inner.run(stage)),
  })),
);

/** What this library is for comes more often. */
const OFTEN: readonly Fault[] = [silentCut, unmountAndMount];

const DOUBLES_IN_A_DECK = 4;

export const KINDS: readonly Pick<Fault, 'kind' | 'cause'>[] = [...SINGLE, DOUBLE[0] as Fault];

/** Each single fault, some again, and some double ones, in an order of chance. */
export const shuffleFaults = (chance: Chance): Fault[] =>
  chance.shuffle([...SINGLE, ...OFTEN, ...chance.shuffle(DOUBLE).slice(0, DOUBLES_IN_A_DECK)]);
