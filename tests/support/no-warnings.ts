/** A warning or error on the console that no test asked for fails the test. */
import { afterEach, beforeEach, expect, vi } from 'vitest';

let heard: string[] = [];

const text = (args: unknown[]): string =>
  args.map((arg) => (arg instanceof Error ? arg.message : String(arg))).join(' ');

beforeEach(() => {
  heard = [];
  vi.spyOn(console, 'warn').mockImplementation((...args) => void heard.push(text(args)));
  vi.spyOn(console, 'error').mockImplementation((...args) => void heard.push(text(args)));
});

afterEach(() => {
  const unexpected = heard;
  vi.restoreAllMocks();
  expect(unexpected, 'warnings and errors that nobody expected').toEqual([]);
});

/** Takes the warnings so far that match, and answers how many there were. */
export function takeWarnings(pattern: RegExp): number {
  const before = heard.length;
  heard = heard.filter((line) => !pattern.test(line));
  return before - heard.length;
}
