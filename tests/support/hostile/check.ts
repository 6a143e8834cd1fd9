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

/** Lets Chromium and Node meet the servers of all rows, side by side. What Node's console gets fails the test by itself. */
export async function checkAll(rows: readonly Row[], { chromium, page }: HostileSite): Promise<void> {
  const [inChromium, inNode] = await Promise.all([meetInChromium(rows, chromium, page), meetInNode(rows)]);
  check(rows, inChromium, 'Chromium');
  check(rows, inNode, 'Node');
}
