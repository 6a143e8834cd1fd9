/** A row of a table of attacks: what a server does, and what has to come of it. */
import type { Meeting, Report } from './client.ts';
import type { Attack } from './hostile-server.ts';

/** Code and close code of the one error. `none`: the connection lives on. */
export type Outcome = readonly [code: string, closeCode?: number] | 'none';

export interface Row {
  readonly name: string;
  readonly attack: Attack;
  /** In Chromium, and in Node where nothing else is said. */
  readonly outcome: Outcome;
  /** In Node. `skip`: the attack is not for Node. */
  readonly node?: Outcome | 'skip';
  /** What the browser says of the end, where that matters. */
  readonly reason?: string;
  readonly options?: Meeting['options'];
  /** Messages that reach the app where the connection lives on, and how much text they have. */
  readonly received?: number;
  readonly characters?: number;
  /** It takes so long that timers of the page must fire meanwhile. */
  readonly isLong?: boolean;
}

export type Runner = 'chromium' | 'node';

/** The part of a report that a row foretells. */
export type Foretold = Omit<Report, 'ticks' | 'reasons'> & { readonly asked: number };

/** An error before the socket is open. */
const isBefore = (code: string): boolean => code === 'refused' || code === 'connect-timeout';

/** How a socket ends that the library gives up. */
const GIVEN_UP = 1006;

export function foretell({ outcome, node = outcome, received = 0, characters = 0 }: Row, runner: Runner): Foretold {
  const expected = runner === 'node' ? node : outcome;
  const common = { isWell: true, wrong: [], received: 0, characters: 0 };
  if (expected === 'none' || expected === 'skip') {
    const sockets = { made: 1, live: 1, most: 1 };
    return {
      ...common,
      received,
      characters,
      phases: ['connecting', 'open'],
      errors: [],
      sockets,
      told: ['connected'],
      asked: 1,
    };
  }
  const [code, closeCode] = expected;
  const rests = code === 'final-code' ? ('failed' as const) : ('waiting' as const);
  const before = isBefore(code) ? [] : ['connected', `disconnected ${closeCode ?? GIVEN_UP}`];
  return {
    ...common,
    phases: ['connecting', ...(isBefore(code) ? [] : ['open' as const]), rests, 'connecting', 'open'],
    errors: [[code, closeCode]],
    sockets: { made: 2, live: 1, most: 1 },
    told: [...before, 'connected'],
    asked: 2,
  };
}
