/** The fuzz of `secrets.test.ts` and `secrets.slow.ts`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCanaries, canaries, findLeaks } from '../../support/secrets/canary';
import { browserErrors, thrown } from '../../support/secrets/thrown';
import { urls } from '../../support/secrets/urls';
import { BROWSER_WAYS, MESSAGE_WAYS, PROTOCOL_WAYS, THROWN_WAYS, URL_WAYS } from './ways';

const anyOf = <T>(ways: Record<string, T>) =>
  fc.constantFrom(...Object.entries(ways)).map(([name, run]) => ({ name, run }));

/** What is tried with a canary. `made` gives all that the library makes of it, or of another secret in its place. */
interface Trial {
  readonly canary: string;
  readonly words: string;
  made(canary: string): Promise<string>;
}

/** A secret that has no part in common with any word. */
const OTHER = '7%7=7%7=7%7=7%7=';

/** A secret alone, or a url that carries it. */
const quotes = fc.oneof(
  fc.constant({ name: 'the secret', make: (canary: string) => canary }),
  urls.map(({ name, make }) => ({ name: `a url (${name})`, make })),
);

const throwing = (secrets: typeof canaries, values: typeof thrown, ways: typeof THROWN_WAYS): fc.Arbitrary<Trial> =>
  fc.tuple(secrets, quotes, values, anyOf(ways)).map(([canary, quote, value, way]) => ({
    canary,
    words: `${way.name}: ${value.name}, with ${quote.name}: ${quote.make(canary)}`,
    made: (canary) => {
      const given = value.make(quote.make(canary));
      return way.run(() => {
        throw given;
      }, given);
    },
  }));

export const TRIALS: Record<string, fc.Arbitrary<Trial>> = {
  'a url': fc.tuple(anyCanaries, urls, anyOf(URL_WAYS)).map(([canary, url, { name, run }]) => ({
    canary,
    words: `${url.make(canary)} (${url.name}) ${name}`,
    made: (canary) => run(url.make(canary)),
  })),
  'a sub-protocol': fc.tuple(anyCanaries, anyOf(PROTOCOL_WAYS)).map(([canary, { name, run }]) => ({
    canary,
    words: `${canary} ${name}`,
    made: run,
  })),
  'what the app throws': throwing(canaries, thrown, { ...THROWN_WAYS, ...BROWSER_WAYS }),
  'what the browser throws': throwing(anyCanaries, browserErrors, BROWSER_WAYS),
  'a message': fc.tuple(canaries, anyOf(MESSAGE_WAYS)).map(([canary, { name, run }]) => ({
    canary,
    words: `${canary}: ${name}`,
    made: run,
  })),
};

/** How many canaries of each kind are tried. */
const RUNS: Record<string, number> = {
  'a url': 8_000,
  'a sub-protocol': 600,
  'what the app throws': 8_000,
  'what the browser throws': 1_500,
  'a message': 2_400,
};

/** Throws if a secret can be seen. What the library says of another secret as well is a word of its own. */
async function tryOne({ canary, words, made }: Trial): Promise<void> {
  const text = await made(canary);
  const leaks = findLeaks(canary, text);
  const usual = leaks.length ? await made(OTHER) : '';
  const leak = leaks.find((part) => !usual.includes(part));
  if (leak !== undefined) throw new Error(`"${leak}" of ${canary} is seen.\nTried: ${words}\nMade: ${text}`);
}

/** `times`: how many times as many canaries as in the quick test. Without a seed each run tries other ones. */
export function attackWithSecrets({ seed, times = 1 }: { readonly seed?: number; readonly times?: number }): void {
  describe('no secret is in what the library makes of', () => {
    test.each(Object.keys(TRIALS))('%s', async (kind) => {
      const numRuns = (RUNS[kind] ?? 0) * times;
      let tried = 0;
      const property = fc.asyncProperty(TRIALS[kind] as fc.Arbitrary<Trial>, async (trial) => {
        tried += 1;
        await tryOne(trial);
      });
      await fc.assert(property, { numRuns, ...(seed === undefined ? {} : { seed }) });
      expect(tried).toBeGreaterThanOrEqual(numRuns);
    });
  });
}
