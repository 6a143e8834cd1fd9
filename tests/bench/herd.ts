/** The herd: how hard a server's clients make its return, simulated, and the simulation held against real clients. */
import { createChance } from '../soak/chance.ts';
import { bundleScript } from './bundle.ts';
import { OURS } from './contestants.ts';
import { POLICIES, type Policy } from './herd/policies.ts';
import { type HerdFigures, runRealHerd } from './herd/real-herd.ts';
import { type HerdResult, type Outage, simulate } from './herd/simulate.ts';
import { TOLD } from './herd/told.ts';
import { median, round } from './statistics.ts';

export interface Herd {
  readonly outage: Outage;
  /** s: the clients, by the handshakes that the server takes. Nobody can be quicker. */
  readonly ideal: number;
  readonly figures: Record<string, HerdFigures>;
}

export interface Agreement {
  readonly simulated: HerdFigures;
  readonly real: HerdFigures;
}

export interface HerdsResult {
  readonly herds: readonly Herd[];
  /** The same outage, with few enough clients to be real. */
  readonly check: { readonly outage: Outage; readonly figures: Record<string, Agreement> };
}

const LATENCY = { least: 20, most: 120 };

export const OUTAGES: readonly Outage[] = [
  { clients: 10_000, downMs: 20_000, perSecond: 1_000, latencyMs: LATENCY },
  { clients: 1_000_000, downMs: 20_000, perSecond: 50_000, latencyMs: LATENCY },
];

/** On loopback an answer takes no time to speak of. */
const REAL: Outage = { clients: 500, downMs: 20_000, perSecond: 50, latencyMs: { least: 0, most: 5 } };
const REAL_NAMES = [OURS, TOLD, 'useWebSocket', 'reconnecting-websocket'];

/** The clients ask `Math.random`. With a seed each run of the same code gives the same figures. */
export function simulateHerd(outage: Outage, { make }: Policy, seed = 1): HerdResult {
  const { random } = Math;
  const chance = createChance(seed);
  Math.random = chance;
  try {
    return simulate(outage, make(outage.clients), chance);
  } finally {
    Math.random = random;
  }
}

const rounded = ({ peak, peakAfter, attemptsPerClient, half, most, all }: HerdFigures): HerdFigures => {
  const brief = (s: number | undefined) => (s === undefined ? s : round(s));
  return {
    peak,
    peakAfter,
    attemptsPerClient: round(attemptsPerClient),
    half: brief(half),
    most: brief(most),
    all: brief(all),
  };
};

export const herdFigures = (outage: Outage, policy: Policy): HerdFigures => rounded(simulateHerd(outage, policy));

/** As one would expect it, from many runs. */
function expected(outage: Outage, policy: Policy): HerdFigures {
  const runs = Array.from({ length: 21 }, (_, seed) => simulateHerd(outage, policy, seed));
  const of = (name: keyof HerdFigures): number => median(runs.map((run) => run[name] ?? Infinity));
  return rounded({
    peak: of('peak'),
    peakAfter: of('peakAfter'),
    attemptsPerClient: of('attemptsPerClient'),
    half: of('half'),
    most: of('most'),
    all: of('all'),
  });
}

async function checkAgainstReal(): Promise<Record<string, Agreement>> {
  const script = await bundleScript('herd-script');
  const policies = POLICIES.filter(({ name }) => REAL_NAMES.includes(name));
  const real = await Promise.all(policies.map((policy) => runRealHerd(script, policy, REAL)));
  const figures: Record<string, Agreement> = {};
  for (const [i, policy] of policies.entries()) {
    figures[policy.name] = { simulated: expected(REAL, policy), real: rounded(real[i] as HerdFigures) };
  }
  return figures;
}

export async function measureHerds(): Promise<HerdsResult> {
  const herds = OUTAGES.map((outage) => ({
    outage,
    ideal: outage.clients / outage.perSecond,
    figures: Object.fromEntries(POLICIES.map((policy) => [policy.name, herdFigures(outage, policy)])),
  }));
  return {
    herds,
    check: { outage: REAL, figures: await checkAgainstReal() },
  };
}
