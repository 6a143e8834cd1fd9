/** Which faults come when: the same seed gives the same plan. */
import { createChance } from '../../soak/chance.ts';

/**
 * What can happen. A silent cut: nothing passes any more, and both sides are held open. A restart: the server closes its connections, and
 * its port for some time. A frozen network: nothing arrives, and later all of it does. A frozen page: no code of it runs. Offline: the
 * browser says so, and the connection is cut.
 */
export const KINDS = ['silent cut', 'reset', 'restart', 'frozen network', 'frozen page', 'offline'] as const;

export type FaultKind = (typeof KINDS)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  /** ms from the start of the run. */
  readonly at: number;
  /** ms that the fault lasts, if it does. */
  readonly ms: number;
}

export interface Work {
  readonly seed: number;
  readonly faults: number;
  /** Numbers that each side sends, spread over all the faults. */
  readonly messages: number;
  /** ms that each direction of the network takes: else hardly any message would be under way when a fault comes. */
  readonly lag: number;
}

/** ms from one fault to the next, on average. */
export const PERIOD = 2_500;

/** ms for which both sides send. */
export const spanOf = ({ faults }: Pick<Work, 'faults'>): number => (faults + 1) * PERIOD;

/** Each kind once before any comes again. */
export function planFaults({ seed, faults }: Pick<Work, 'seed' | 'faults'>): PlannedFault[] {
  const chance = createChance(seed);
  let deck: FaultKind[] = [];
  return Array.from({ length: faults }, (_, k) => {
    if (!deck.length) deck = chance.shuffle(KINDS);
    return {
      kind: deck.pop() as FaultKind,
      at: PERIOD * (k + 1 + chance.between(0, 0.4)),
      ms: chance.between(200, 1_000),
    };
  });
}
