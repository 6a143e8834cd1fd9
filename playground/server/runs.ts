import { RUN_EVERY, RUN_LENGTH } from '../protocol/run.ts';
import { MAX_ALL_RUNS, MAX_RUNS, RUN_KEPT } from './bounds.ts';

/** A run of numbered messages, as the server keeps it. It outlives the connections of the run, and a restart of the server. */
export interface Run {
  readonly client: string;
  readonly name: string;
  readonly startedAt: number;
  /** How many numbers have arrived. */
  readonly arrived: number;
  /** How often a number came that had arrived already. */
  readonly twice: number;
  /** Notes what has come. What is no number of a run is not counted. */
  arrive(number: unknown): void;
  /** The last number that is due to be sent. */
  due(): number;
}

/** The runs that are counted. They are kept for a while, whether anybody is connected or not. */
export interface Runs {
  /** The client's run of this name, a new one if need be: then the client's oldest may have to go. Undefined: all clients have too many. */
  get(client: string, name: string): Run | undefined;
}

function createRun(client: string, name: string, now: () => number): Run {
  const startedAt = now();
  const numbers = new Set<number>();
  let twice = 0;
  return {
    client,
    name,
    startedAt,
    get arrived() {
      return numbers.size;
    },
    get twice() {
      return twice;
    },
    arrive(number) {
      if (!Number.isInteger(number) || Number(number) < 1 || Number(number) > RUN_LENGTH) return;
      if (numbers.has(Number(number))) twice += 1;
      numbers.add(Number(number));
    },
    due: () => Math.min(RUN_LENGTH, Math.floor((now() - startedAt) / RUN_EVERY)),
  };
}

export function createRuns(now = () => performance.now()): Runs {
  let runs: Run[] = [];

  return {
    get(client, name) {
      runs = runs.filter(({ startedAt }) => now() - startedAt < RUN_KEPT);
      const own = runs.filter((run) => run.client === client);
      const known = own.find((run) => run.name === name);
      if (known) return known;
      if (own.length >= MAX_RUNS) runs = runs.filter((run) => run !== own[0]);
      if (runs.length >= MAX_ALL_RUNS) return undefined;
      const run = createRun(client, name, now);
      runs.push(run);
      return run;
    },
  };
}
