/** Floods and bombs that keep a real Chromium and Node busy for seconds. */
import { afterAll, beforeAll, test } from 'vitest';
import { checkAll } from '../support/hostile/check.ts';
import { heavyFloods } from '../support/hostile/heavy-floods.ts';
import { type HostileSite, startHostileSite } from '../support/hostile/site.ts';

let site: HostileSite;

beforeAll(async () => {
  site = await startHostileSite();
}, 60_000);

afterAll(() => site.end());

// One by one: together they would take what memory and time there is.
test.each(heavyFloods.map((row) => ({ row, name: row.name })))(
  '$name: the page goes on, and the connection is there when it is over',
  ({ row }) => checkAll([row], site),
);
