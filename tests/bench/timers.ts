/** What a message costs beside time: timers armed, and bytes allocated. In Node, through a transport without a network. */
import { bundleScript } from './bundle.ts';
import { PLAIN } from './contestants.ts';
import { runScript } from './run-script.ts';

export interface TimersFigure {
  /** Armed while all the messages came in. */
  readonly timers: number;
  /** Allocated for one message, whatever becomes of it: the median of the batches. */
  readonly bytesPerMessage: number;
  /** By how much the heap has grown after all of them, garbage collected. */
  readonly bytesKept: number;
}

export interface TimersResult {
  readonly count: number;
  readonly figures: Record<string, TimersFigure>;
}

const COUNT = 1_000_000;

/** Room for a batch: what the collector takes away in between would be missing. */
const FLAGS = [
  '--import',
  new URL('node/page-globals.ts', import.meta.url).pathname,
  '--expose-gc',
  '--min-semi-space-size=256',
  '--max-semi-space-size=256',
];

export async function measureTimers(count = COUNT, names: readonly string[] = PLAIN): Promise<TimersResult> {
  const script = await bundleScript('timers-script');
  const figures: Record<string, TimersFigure> = {};
  for (const name of names) figures[name] = await runScript(script, [name, `${count}`], FLAGS);
  return { count, figures };
}
