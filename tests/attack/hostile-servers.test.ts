/** Servers that break every rule: what comes of each, in a real Chromium and in Node. The tables say what has to. */
import { afterAll, beforeAll, test } from 'vitest';
import { badFrames, closeFrames } from '../support/hostile/bad-frames.ts';
import { checkAll } from '../support/hostile/check.ts';
import { bombs, endlessFloods, floods } from '../support/hostile/floods.ts';
import { handshakes, redirections } from '../support/hostile/handshakes.ts';
import { type HostileSite, startHostileSite } from '../support/hostile/site.ts';

let site: HostileSite;

beforeAll(async () => {
  site = await startHostileSite();
}, 60_000);

afterAll(() => site.end());

test.each([
  ['frames, handshakes and redirects', [...badFrames, ...closeFrames, ...handshakes, ...redirections]],
  ['floods', [...floods, ...endlessFloods, ...bombs]],
])(
  '%s: the error says what happened, the page goes on, and one connection is back when the server is well',
  async (_, rows) => checkAll(rows, site),
);
