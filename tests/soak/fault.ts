/** What a fault of the soak is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { PageClient } from './page-client.ts';
import type { SoakServer } from './soak-server.ts';

/** What a fault can act on, and where it writes down what it saw. */
export interface Stage {
  readonly server: SoakServer;
  readonly page: PageClient;
  readonly chance: Chance;
  /** How long after each silent cut silence was found (ms). */
  readonly silences: number[];
  /** Requirements that were broken. */
  readonly broken: string[];
}

/** Local: silence found, wake, network back. Server: the library cannot know whether the server is well. */
export type Cause = 'local' | 'server';

/** A fault. It ends by itself. */
export interface Fault {
  readonly kind: string;
  readonly cause: Cause;
  /** What it is made of, where that is not the kind. */
  readonly parts?: string;
  /** Answers with the moment (epoch, ms) from which recovery counts. `meanwhile` happens in the midst of it. */
  run(stage: Stage, meanwhile?: () => Promise<unknown>): Promise<number>;
}

/** ms. Nothing else ends a connection so soon. */
const PATIENCE = 3_000;

/** Whether the server hears that the page has ended its connections: a busy machine passes that on when it can. */
export async function isGone(server: SoakServer): Promise<boolean> {
  for (const giveUpAt = Date.now() + PATIENCE; server.live().length && Date.now() < giveUpAt; ) await sleep(25);
  return !server.live().length;
}

type Act = (stage: Stage) => unknown;

/** A fault that lasts from `least` to `most` ms. Recovery counts from its end, or from what `end` answers. */
export const lasting = (
  kind: string,
  cause: Cause,
  [least, most]: readonly [number, number],
  begin: Act,
  end: Act,
): Fault => ({
  kind,
  cause,
  async run(stage, meanwhile) {
    const ms = stage.chance.between(least, most);
    const share = stage.chance();
    await begin(stage);
    await sleep(ms * share);
    await meanwhile?.();
    await sleep(ms * (1 - share));
    const from = await end(stage);
    return typeof from === 'number' ? from : Date.now();
  },
});

/** A fault that is over as soon as it has happened. */
export const sudden = (kind: string, cause: Cause, happen: (stage: Stage) => void): Fault => ({
  kind,
  cause,
  async run(stage) {
    happen(stage);
    return Date.now();
  },
});
