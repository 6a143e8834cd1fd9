/** Random secrets of many alphabets, and the search for them in a text. */
import fc from 'fast-check';

const WORDS = ['walrus', 'quartz', 'zephyr', 'bramble', 'kumquat', 'tundra', 'gazebo', 'sphinx'];
const LATIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Not `fc.string`: that likes the names of properties, such as `constructor`, which the library's own sentences have, too. */
const textOf = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { minLength, maxLength }).map((signs) => signs.join(''));

const bytes = fc.uint8Array({ minLength: 9, maxLength: 24 }).map((list) => Buffer.from(list));
const base64url = bytes.map((list) => list.toString('base64url'));
const word = fc.constantFrom(...WORDS);

const ALPHABETS = {
  base64: bytes.map((list) => list.toString('base64')),
  hex: textOf('0123456789abcdef', 12, 40),
  token: fc.tuple(base64url, base64url, base64url).map(([head, body, sign]) => `eyJ${head}.${body}.${sign}`),
  words: fc.tuple(word, fc.nat(9_999), word, fc.nat(99)).map((parts) => parts.join('')),
  percent: textOf('€ß漢/?#@;=& zxq', 6, 12).map(encodeURIComponent),
  unicode: fc.tuple(textOf('äöüßçñ漢字ключ😀', 6, 12), textOf(LATIN, 8, 12)).map((parts) => parts.join('%')),
  marks: textOf(`${LATIN}/?#@;=&`, 12, 30),
};

/** What a word of a sentence has no use for. */
const hasMark = (text: string): boolean => /[/\\#=@%&+]|[a-z]\d|\d[a-z]/i.test(text);

/** Secrets that can be told from the words of a sentence. */
export const canaries: fc.Arbitrary<string> = fc.oneof(...Object.values(ALPHABETS)).filter(hasMark);

/**
 * Secrets, some of which are plain words. In a sentence of the app a plain word cannot be told from the words around it: no library can hold
 * it there. Everywhere else it can be held.
 */
export const anyCanaries: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: canaries },
  { weight: 1, arbitrary: fc.tuple(word, word).map((parts) => parts.join('')) },
);

/** The length from which on a part of a secret that is seen is a leak. */
const LONG = 6;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** A secret in each spelling in which it may be printed. */
const spellings = (canary: string): string[] => [
  canary,
  decoded(canary),
  encodeURIComponent(canary),
  Buffer.from(canary, 'base64').toString('latin1'),
  Buffer.from(canary, 'base64').toString(),
];

/** The parts of a secret that stand in a text. */
export function findLeaks(canary: string, text: string): string[] {
  const leaks = text.toLowerCase().includes(canary.toLowerCase()) ? [canary] : [];
  for (const spelling of new Set(spellings(canary))) {
    for (let from = 0; from + LONG <= spelling.length; from += 1) {
      const part = spelling.slice(from, from + LONG);
      if (text.includes(part)) leaks.push(part);
    }
  }
  return leaks;
}
