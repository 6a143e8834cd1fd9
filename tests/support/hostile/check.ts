/** Compares what came of a table of attacks with what had to. */
import { expect } from 'vitest';
import { meetInChromium, meetInNode, type Results } from './meet-in.ts';
import type { Row } from './row.ts';
import type { HostileSite } from './site.ts';

function check(rows: readonly Row[], { came, foretold, reports, noise }: Results, runner: string): void {
  expect(Object.keys(foretold), 'each row has a name of its own').toHaveLength(Object.keys(came).length);
  expect(came, `what came of each row in ${runner}`).toEqual(foretold);
  expect(noise, `what the console of ${runner} got`).toEqual([]);
  for (const { name, reason, isLong } of rows) {
    const report = reports[name];
    if (!report) continue;
    if (reason !== undefined) expect(report.reasons[0], name).toBe(reason);
    if (isLong) expect(report.ticks, `timers during ${name}`).toBeGreaterThan(0);
  }
}

/**
 * Lets Chromium and then Node meet the servers of all rows: a busy client in Node would keep the servers, which are in the same process,
 * from answering Chromium in time. What Node's console gets fails the test by itself.
 */
export async function checkAll(rows: readonly Row[], { chromium, page }: HostileSite): Promise<void> {
  check(rows, await meetInChromium(rows, chromium, page), 'Chromium');
  check(rows, await meetInNode(rows), 'Node');
}
