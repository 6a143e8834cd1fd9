/** Runs the soak: several clients at a time, each in a tab of its own with a server of its own. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createChance } from './chance.ts';
import { shuffleFaults } from './faults.ts';
import { servePage } from './page-server.ts';
import { createReport, type Report } from './report.ts';
import { runRig } from './rig.ts';
import { openTabs } from './tabs.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed?: number | undefined;
  readonly clients?: number;
}

export async function runSoak({
  minutes,
  seed = Math.floor(Math.random() * 2 ** 31),
  clients = 4,
}: SoakOptions): Promise<Report> {
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const [server, tabs] = await Promise.all([servePage(), openTabs()]);
  try {
    const order = shuffleFaults(createChance(seed));
    const rigs = await Promise.all(
      Array.from({ length: clients }, (_, k) =>
        runRig(tabs.context, server.urlFor(k), {
          ms: minutes * 60_000,
          seed: seed + k,
          order,
          // Each begins with another kind, so that a short run meets them all.
          first: Math.floor((order.length / clients) * k),
        }),
      ),
    );
    lag.disable();
    return createReport({ seed, minutes, rigs, driverStall: lag.max / 1e6 });
  } finally {
    await tabs.close();
    server.close();
  }
}
