/** A real herd, to hold the simulated one against: clients in a process of their own, and a server that restarts. */
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { HerdServer } from './herd-server.ts';
import type { Policy } from './policies.ts';
import { type HerdResult, type Outage, STEP } from './simulate.ts';

/** What the clients' process tells. */
export interface HerdReport {
  /** When each socket was made: ms since the epoch. */
  readonly tried: readonly number[];
}

export type HerdFigures = Omit<HerdResult, 'arrivals' | 'back'>;

const PAGE_GLOBALS = new URL('../node/page-globals.ts', import.meta.url).pathname;

const until = async (isSo: () => boolean, within: number): Promise<void> => {
  for (const giveUpAt = Date.now() + within; !isSo(); await sleep(20)) {
    if (Date.now() > giveUpAt) throw new Error(`not so within ${within} ms: ${isSo}`);
  }
};

export async function runRealHerd(
  script: string,
  { name, told }: Pick<Policy, 'name' | 'told'>,
  outage: Outage,
): Promise<HerdFigures> {
  const { clients, downMs, perSecond } = outage;
  const server = new HerdServer();
  await server.start();
  const url = `ws://127.0.0.1:${server.port}/`;
  const child = fork(script, [name, url, `${clients}`], { execArgv: ['--import', PAGE_GLOBALS] });
  try {
    await until(() => server.taken.length >= clients, 30_000);
    // Long enough that each client counts its connection as one that stood.
    await sleep(6_000);
    const lostAt = Date.now();
    await server.stop(told);
    await sleep(downMs - (Date.now() - lostAt));
    await server.start(perSecond);
    await until(() => server.taken.length >= clients, 120_000);
    const report = new Promise<HerdReport>((resolve) => child.once('message', (told) => resolve(told as HerdReport)));
    child.send('report');
    const tried = (await report).tried.map((at) => at - lostAt).filter((at) => at >= 0);
    const taken = server.taken.map((at) => (at - lostAt - downMs) / 1_000);
    const perStep: number[] = [];
    for (const at of tried) {
      const step = Math.floor(at / STEP);
      perStep[step] = (perStep[step] ?? 0) + 1;
    }
    const largest = (counts: readonly (number | undefined)[]): number => Math.max(...counts.map((count) => count ?? 0));
    return {
      peak: largest([...perStep]),
      peakAfter: largest([...perStep].slice(downMs / STEP)),
      attemptsPerClient: tried.length / clients,
      half: taken[Math.ceil(clients / 2) - 1],
      most: taken[Math.ceil(clients * 0.99) - 1],
      all: taken[clients - 1],
    };
  } finally {
    child.kill();
    await server.stop();
  }
}
